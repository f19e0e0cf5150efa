import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type Program, start } from './harness.ts';
import { catalogOf, configFor, contentOf, countsOf, record, state } from './messages.ts';
import { sandboxFor } from './sandboxes.ts';

const MEGABYTE = 1024 * 1024;
/** Rows read and not settled may hold 24 MiB; beside them stand the pipe's and the streams' buffers. */
const MAX_TAKEN_BYTES = 28 * MEGABYTE;
/** Node itself, this program, and the rows above as text and as values. */
const MAX_RESIDENT_MEGABYTES = 320;
/** Longer than the program ever pauses between two reads while it still takes any. */
const QUIET_MS = 1_500;

function residentMegabytes(program: Program, field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${program.pid}/status`, 'utf8');
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
}

/** Feeds rows until the program takes no more of them. */
class Feed {
  bytes = 0;
  rows = 0;
  #open = true;
  readonly done: Promise<void>;

  constructor(program: Program, columnCharacters: number) {
    const filling = 'x'.repeat(columnCharacters);
    this.done = (async () => {
      while (this.#open && !program.hasEnded) {
        const id = this.rows + 1;
        const line = `${record('accounts', { id, name: `Account ${id}`, filling })}\n`;
        await program.write(line);
        this.rows = id;
        this.bytes += line.length;
      }
    })();
  }

  async quiet(): Promise<void> {
    for (let before = -1; before !== this.bytes && this.bytes < MAX_TAKEN_BYTES; await sleep(QUIET_MS))
      before = this.bytes;
  }

  stop(): void {
    this.#open = false;
  }
}

test.each([
  { via: 'rest', columnCharacters: 20 },
  { via: 'rest', columnCharacters: 50_000 },
  { via: 'analytics', columnCharacters: 20 },
  { via: 'analytics', columnCharacters: 50_000 },
])(
  'a server that answers nothing holds the input up: by $via, $columnCharacters characters a row',
  async ({ via, columnCharacters }) => {
    const sandbox = await sandboxFor();
    sandbox.stall();
    const config = configFor(sandbox, { write_via: via });
    const program = await start('write', { config, catalog: catalogOf('accounts') });
    const feed = new Feed(program, columnCharacters);
    await expect.poll(() => sandbox.requests().length, { timeout: 20_000 }).toBeGreaterThan(0);
    await feed.quiet();
    expect(feed.bytes).toBeLessThan(MAX_TAKEN_BYTES);
    const taken = feed.bytes;
    const resident = residentMegabytes(program, 'VmRSS');
    expect(resident).toBeLessThan(MAX_RESIDENT_MEGABYTES);
    await sleep(QUIET_MS);
    expect(feed.bytes).toBe(taken);
    expect(residentMegabytes(program, 'VmRSS')).toBeLessThan(resident + 30);

    feed.stop();
    sandbox.release();
    await feed.done;
    await program.feed([state('accounts', feed.rows)]);
    program.end();
    await program.until((one) => one.messagesOf('STATE').length === 1);
    expect(residentMegabytes(program, 'VmHWM')).toBeLessThan(MAX_RESIDENT_MEGABYTES);
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(countsOf(program.summary, 'accounts').received).toBe(feed.rows);
    expect(Object.keys((await contentOf(sandbox)).accounts)).toHaveLength(feed.rows);
  },
);
