import { expect } from 'vitest';
import type { Sandbox, Snapshot } from '../../../src/sandbox/index.ts';
import { at } from '../../sandbox/client.ts';
import { type Program, run } from '../harness.ts';
import { catalogOf, configFor, contentOf, countsOf, record, state, stream } from '../messages.ts';
import { sandboxFor } from '../sandboxes.ts';

export const MODES = ['upsert', 'update', 'append', 'delete'] as const;
export type Mode = (typeof MODES)[number];

/** A sandbox that behaves as these switches say, separated by spaces, or `by the docs`. */
export function sandboxUnder(reading: string): Promise<Sandbox> {
  return sandboxFor({ profile: reading === 'by the docs' ? [] : reading.split(' ') });
}

/** Rows of one object by mode, each mode a stream of its own. */
export interface ModesSync {
  readonly object: string;
  readonly rows: Readonly<Partial<Record<Mode, readonly object[]>>>;
  /** More of each stream's entry. */
  readonly entry?: object;
  /** The key column; `null`: none. Default: `id`. */
  readonly key?: string | null;
  /** More of the config. */
  readonly config?: object;
}

export type Counts = ReturnType<typeof countsOf>;

export interface ModesResult {
  readonly program: Program;
  readonly counts: Partial<Record<Mode, Counts>>;
  readonly content: Snapshot;
}

/** Syncs the rows of all modes in one run by REST; every STATE comes back. */
export async function syncModes(sandbox: Sandbox, sync: ModesSync): Promise<ModesResult> {
  const { object, rows, entry, key = 'id', config } = sync;
  const modes = MODES.filter((mode) => rows[mode] !== undefined);
  const program = await run(
    'write',
    {
      config: configFor(sandbox, {
        analytics_api_token: undefined,
        streams: modes.map((mode) => ({ stream: mode, object, mode, ...entry })),
        ...config,
      }),
      catalog: catalogOf(...modes.map((mode) => stream(mode, { key }))),
    },
    modes.flatMap((mode) => [...(rows[mode] ?? []).map((row) => record(mode, row)), state(mode, 1)]),
  );
  expect(program.stderr).toBe('');
  expect(program.messagesOf('STATE')).toHaveLength(modes.length);
  expect(at(program.summary, 'requests', 'retried')).toBe(0);
  const counts = Object.fromEntries(modes.map((mode) => [mode, countsOf(program.summary, mode)]));
  return { program, counts, content: await contentOf(sandbox) };
}

/** Syncs the rows, and once more: what is there stays as it is. */
export async function syncTwice(
  sandbox: Sandbox,
  sync: ModesSync,
): Promise<ModesResult & { readonly again: ModesResult['counts'] }> {
  const first = await syncModes(sandbox, sync);
  const second = await syncModes(sandbox, sync);
  for (const { program } of [first, second]) expect(program.errors).toEqual([]);
  expect(second.content).toEqual(first.content);
  return { ...first, again: second.counts };
}
