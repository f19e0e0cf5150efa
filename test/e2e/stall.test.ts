import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { catalogOf, configFor, record, state } from '../support/messages.ts';
import { contentOf, countsOf } from '../support/output.ts';
import { type Program, start } from '../support/program.ts';
import { openSandbox } from '../support/sandboxes.ts';

/** Rows read and not settled, and what the pipe and the streams hold beside them. */
const MAX_TAKEN_CHARACTERS = 12 * 1024 * 1024;
/** A container of this size is the smallest that is promised to do; the launcher gives three quarters to the heap. */
const MEMORY_LIMIT_MEGABYTES = 256;
/** A collection of garbage may still be due when the input stands still. */
const MAX_GROWTH_MEGABYTES = 10;
const SMALL_HEAP = { NODE_OPTIONS: `--max-old-space-size=${(MEMORY_LIMIT_MEGABYTES * 3) / 4}` };
/** Longer than the program ever pauses between two reads while it still takes any. */
const QUIET_MS = 1_000;
const SAMPLE_EVERY_MS = 20;

/** Memory that no file backs: what a limit on a container's memory counts and can't take back. */
function anonymousMegabytes(program: Program): number {
  const status = readFileSync(`/proc/${program.pid}/status`, 'utf8');
  return Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}

/** The most memory that a program holds from here to its end. */
async function peakMegabytes(program: Program): Promise<number> {
  let peak = 0;
  for (; !program.hasEnded; await sleep(SAMPLE_EVERY_MS)) {
    try {
      peak = Math.max(peak, anonymousMegabytes(program) || 0);
    } catch {
      // It has ended in this moment.
      break;
    }
  }
  return peak;
}

/** Feeds rows until the program takes no more of them. */
class Feed {
  characters = 0;
  rows = 0;
  #open = true;
  readonly done: Promise<void>;

  constructor(program: Program, filling: string) {
    this.done = (async () => {
      while (this.#open && !program.hasEnded) {
        const id = this.rows + 1;
        const line = `${record('accounts', { id, name: `Account ${id}`, filling })}\n`;
        await program.write(line);
        this.rows = id;
        this.characters += line.length;
      }
    })();
  }

  async quiet(): Promise<void> {
    for (
      let before = -1;
      before !== this.characters && this.characters < MAX_TAKEN_CHARACTERS;
      await sleep(QUIET_MS)
    )
      before = this.characters;
  }

  stop(): void {
    this.#open = false;
  }
}

test.each([
  { via: 'rest', rows: 'small', filling: 'x'.repeat(20) },
  { via: 'rest', rows: 'large', filling: 'x'.repeat(50_000) },
  { via: 'rest', rows: 'large Chinese', filling: '漢'.repeat(50_000) },
  { via: 'analytics', rows: 'small', filling: 'x'.repeat(20) },
  { via: 'analytics', rows: 'large', filling: 'x'.repeat(50_000) },
  { via: 'analytics', rows: 'large Chinese', filling: '漢'.repeat(50_000) },
])(
  'a server that answers nothing holds the input up, and memory stays within a small limit: $rows rows by $via',
  async ({ via, filling }) => {
    const sandbox = await openSandbox();
    const config = configFor(sandbox, { write_via: via });
    const program = await start('write', { config, catalog: catalogOf('accounts'), env: SMALL_HEAP });
    const peak = peakMegabytes(program);
    await program.feed([record('accounts', { id: 0, name: 'First', filling }), state('accounts', 0)]);
    await program.until((one) => one.messagesOf('STATE').length === 1);
    sandbox.stall();
    const feed = new Feed(program, filling);
    await feed.quiet();
    expect(feed.characters).toBeLessThan(MAX_TAKEN_CHARACTERS);
    const taken = feed.characters;
    const held = anonymousMegabytes(program);
    await sleep(QUIET_MS);
    expect(feed.characters).toBe(taken);
    expect(anonymousMegabytes(program)).toBeLessThan(held + MAX_GROWTH_MEGABYTES);

    feed.stop();
    sandbox.release();
    await feed.done;
    await program.feed([state('accounts', feed.rows)]);
    program.closeInput();
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(await peak).toBeLessThan(MEMORY_LIMIT_MEGABYTES);
    expect(program.messagesOf('STATE')).toHaveLength(2);
    expect(countsOf(program.summary, 'accounts').received).toBe(feed.rows + 1);
    expect(Object.keys((await contentOf(sandbox)).accounts)).toHaveLength(feed.rows + 1);
  },
);
