import { expect, test } from 'vitest';
import type { Snapshot } from '../../src/sandbox/index.ts';
import { contentOfCleanRun, linesOf, mixedSync } from '../support/clean-run.ts';
import { killSometime } from '../support/kill.ts';
import { contentOf, imbalance } from '../support/output.ts';
import { start } from '../support/program.ts';
import { seededRandom } from '../support/random.ts';
import { at } from '../support/sandbox/client.ts';
import { openSandbox } from '../support/sandboxes.ts';
import {
  type Acknowledged,
  acknowledgedBy,
  type Item,
  isCovered,
  mixedInput,
  STREAMS_OF,
} from '../support/sync-input.ts';

const MAX_KILLS = 4;

/** Records that a STATE covers and that Vitally lacks. */
function lost(items: readonly Item[], acknowledged: Acknowledged, content: Snapshot): string[] {
  const covered = items.filter((item, index) => isCovered(item, index, acknowledged));
  return covered.flatMap(({ stream, key }) => {
    if (stream === undefined || key === undefined) return [];
    const there = stream === 'events' ? eventKeys(content) : Object.keys(content[stream]);
    return there.includes(key) ? [] : [`${stream} ${key}`];
  });
}

/** An event's id is a hash of stream and key: the key itself is told by its properties alone. */
function eventKeys(content: Snapshot): string[] {
  return Object.values(content.events).map(
    (event) => `events-${Number(at(event, 'properties', 'step')) - 1}`,
  );
}

test.each([
  { via: 'rest', states: 'stream', seed: 1 },
  { via: 'rest', states: 'stream', seed: 2 },
  { via: 'rest', states: 'global', seed: 3 },
  { via: 'analytics', states: 'stream', seed: 4 },
  { via: 'analytics', states: 'stream', seed: 5 },
  { via: 'analytics', states: 'global', seed: 6 },
] as const)(
  'killed and resumed leaves what one clean run leaves: $via, $states states, seed $seed',
  async ({ via, states, seed }) => {
    const items = mixedInput(seed, via, states);
    const open = (acknowledged: Acknowledged): Item[] =>
      items.filter((item, index) => !isCovered(item, index, acknowledged));
    const random = seededRandom(seed);
    const sandbox = await openSandbox({ latencyMs: 4 });
    let acknowledged: Acknowledged = new Map();
    let exitCode: number | null = null;
    for (let kills = 0; exitCode === null; kills++) {
      const program = await start('write', mixedSync(sandbox, via));
      const fed = program.feed(linesOf(open(acknowledged))).then(() => program.closeInput());
      if (kills < MAX_KILLS) await killSometime(program, random);
      exitCode = (await program.ended).code;
      await fed;
      acknowledged = acknowledgedBy(program, acknowledged);
      expect(program.stderr).toBe('');
      expect(lost(items, acknowledged, sandbox.snapshot())).toEqual([]);
      if (exitCode === null) continue;
      expect(exitCode).toBe(0);
      for (const name of STREAMS_OF[via]) expect(imbalance(program.summary, name)).toBe(0);
    }
    expect(open(acknowledged)).toEqual([]);
    expect(await contentOf(sandbox)).toEqual(await contentOfCleanRun(items, via));
    expect(sandbox.maxConcurrentPerKey).toBe(1);
  },
);
