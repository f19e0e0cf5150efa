import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Sandbox, Snapshot } from '../../../src/sandbox/index.ts';
import { type ModelRow, modelRows } from '../../support/objects/customer-rows.ts';
import {
  type Apis,
  inWorstOrder,
  modelContent,
  modelSync,
  seedSettings,
  streamsOf,
} from '../../support/objects/whole-model.ts';
import { contentOf, cursorOf, imbalance } from '../../support/output.ts';
import { run, start } from '../../support/program.ts';
import { seededRandom } from '../../support/random.ts';
import { at } from '../../support/sandbox/client.ts';
import { openSandbox } from '../../support/sandboxes.ts';

const CUSTOMERS = 12;
const MAX_KILLS = 4;
/** A run is killed when the sandbox has been asked fewer times than this since it began. */
const MAX_REQUESTS_BEFORE_KILL = 250;
const LOOK_EVERY_MS = 2;

/** How many rows of each stream are acknowledged. */
type Acknowledged = Map<string, number>;

/** The lines that a source sends again: those that no STATE covers. */
function openLines(lines: readonly string[], acknowledged: Acknowledged): string[] {
  const sent = new Map<string, number>();
  return lines.filter((line) => {
    const message = JSON.parse(line);
    const { stream = message.record?.stream, cursor } = cursorOf(message);
    const rows = (sent.get(stream) ?? 0) + (message.type === 'RECORD' ? 1 : 0);
    sent.set(stream, rows);
    return Number(cursor ?? rows) > (acknowledged.get(stream) ?? 0);
  });
}

/** Rows that a STATE covers and that Vitally lacks. */
function lost(rows: readonly ModelRow[], acknowledged: Acknowledged, snapshot: Snapshot): string[] {
  const content = modelContent(snapshot);
  return [...acknowledged].flatMap(([name, count]) =>
    rows
      .filter(({ stream }) => stream === name)
      .slice(0, count)
      .map(({ lands: [kind, key] }) => [kind, key] as const)
      .filter(([kind, key]) => at(content, kind, key) === undefined)
      .map((place) => place.join(' ')),
  );
}

async function contentOfCleanRun(lines: readonly string[], apis: Apis): Promise<Snapshot> {
  const sandbox = await openSandbox();
  seedSettings(sandbox);
  const program = await run('write', modelSync(sandbox, apis), lines);
  expect({ code: program.code, errors: program.errors }).toEqual({ code: 0, errors: [] });
  return await contentOf(sandbox);
}

/** Resolves when the sandbox has been asked so many times more, or the program has ended. */
async function asked(sandbox: Sandbox, more: number, program: { readonly hasEnded: boolean }): Promise<void> {
  const until = sandbox.requests().length + more;
  while (!program.hasEnded && sandbox.requests().length < until) await sleep(LOOK_EVERY_MS);
}

test.each([
  { apis: 'both', seed: 1 },
  { apis: 'rest', seed: 2 },
] as const)(
  'the whole model in the worst order, killed and resumed, is as after one clean run: $apis, seed $seed',
  async ({ apis, seed }) => {
    const names = streamsOf(apis);
    const rows = modelRows(CUSTOMERS).filter(({ stream }) => names.includes(stream));
    const lines = inWorstOrder(rows, apis);
    const random = seededRandom(seed);
    const sandbox = await openSandbox({ latencyMs: 2 });
    seedSettings(sandbox);
    const acknowledged: Acknowledged = new Map();
    let exitCode: number | null = null;
    for (let kills = 0; exitCode === null; kills++) {
      const program = await start('write', modelSync(sandbox, apis));
      const fed = program.feed(openLines(lines, acknowledged)).then(() => program.closeInput());
      if (kills < MAX_KILLS) {
        await asked(sandbox, 1 + Math.floor(random() * MAX_REQUESTS_BEFORE_KILL), program);
        program.kill('SIGKILL');
      }
      exitCode = (await program.ended).code;
      await fed;
      for (const message of program.messagesOf('STATE')) {
        const { stream, cursor } = cursorOf(message);
        acknowledged.set(String(stream), Number(cursor));
      }
      expect(program.stderr).toBe('');
      expect(lost(rows, acknowledged, await contentOf(sandbox))).toEqual([]);
      if (exitCode === null) continue;
      expect(program.errors).toEqual([]);
      for (const name of names) expect(imbalance(program.summary, name)).toBe(0);
    }
    expect(exitCode).toBe(0);
    expect(openLines(lines, acknowledged)).toEqual([]);
    expect(await contentOf(sandbox)).toEqual(await contentOfCleanRun(lines, apis));
  },
);
