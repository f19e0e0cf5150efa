import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Sandbox, Snapshot } from '../../../src/sandbox/index.ts';
import { catalogOf, configFor, configured, state } from '../messages.ts';
import { contentOf, countsOf, imbalance } from '../output.ts';
import { type Result, runInProcess } from '../run-command.ts';
import { at } from '../sandbox/client.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

/** An entry of `streams`; `keyless`: the catalog names no primary key. */
export interface Entry {
  readonly stream: string;
  readonly object: string;
  readonly mode?: string;
  readonly keyless?: boolean;
  readonly [option: string]: unknown;
}

/** A sync's streams and rows; `more` goes into the config. */
export interface Sync {
  readonly streams: readonly Entry[];
  readonly rows: readonly string[];
  readonly more?: object;
  readonly flags?: readonly string[];
}

export type Run = Result;
export type Counts = Readonly<Record<string, ReturnType<typeof countsOf>>>;

/** One run; every stream ends with a STATE. */
export async function sync(sandbox: Sandbox, { streams, rows, more, flags = [] }: Sync): Promise<Run> {
  const entries = streams.map(({ keyless: _keyless, ...entry }) => entry);
  const catalog = catalogOf(
    ...streams.map(({ stream: name, keyless }) => configured(name, keyless === true ? { key: null } : {})),
  );
  const states = streams.map(({ stream: name }) => state(name, 'end'));
  const config = configFor(sandbox, { streams: entries, ...more });
  return await runInProcess('write', { config, catalog, flags }, [...rows, ...states]);
}

/** The counts of every stream of a run. */
export function countsIn(program: Run, { streams }: Sync): Counts {
  return Object.fromEntries(streams.map(({ stream: name }) => [name, countsOf(program.summary, name)]));
}

/** A run that succeeded: all acknowledged, nothing left over, nothing erased by the collection. */
export function expectWhole(program: Run, sandbox: Sandbox, { streams }: Sync): void {
  expect({ errors: program.errors, stderr: program.stderr, code: program.code }).toEqual({
    errors: [],
    stderr: '',
    code: 0,
  });
  expect(program.messagesOf('STATE')).toHaveLength(streams.length);
  for (const { stream: name } of streams) expect(imbalance(program.summary, name)).toBe(0);
  expect(sandbox.collectionDeletes).toBe(0);
}

/** What a sync and its repetition counted, and what Vitally holds: the same after both. */
export interface Twice {
  readonly counts: readonly [Counts, Counts];
  readonly content: Snapshot;
}

/** Runs a sync twice: the second run leaves Vitally as the first did. */
export async function syncTwice(sandbox: Sandbox, wanted: Sync): Promise<Twice> {
  const first = await sync(sandbox, wanted);
  expectWhole(first, sandbox, wanted);
  const content = await contentOf(sandbox);
  const second = await sync(sandbox, wanted);
  expectWhole(second, sandbox, wanted);
  expect(await contentOf(sandbox)).toEqual(content);
  return { counts: [countsIn(first, wanted), countsIn(second, wanted)], content };
}

/** What the store says of a refused row. */
export interface Refused {
  readonly code: unknown;
  readonly field: unknown;
  readonly message: string;
}

/** What a refusal must look like: its message names what was sought. */
export function refusal(code: string, field: string, sought: string): object {
  return { code, field, message: expect.stringContaining(sought) };
}

/** Runs a sync some of whose rows are refused, and gives what is kept of them by the row's key. */
export async function refusedBy(
  sandbox: Sandbox,
  wanted: Sync,
): Promise<{ readonly program: Run; readonly refused: ReadonlyMap<unknown, Refused> }> {
  const directory = temporaryDirectory();
  const program = await sync(sandbox, {
    ...wanted,
    more: {
      rejected_records: { policy: 'continue' },
      object_storage_config: { storage_type: 'Local', directory },
      ...wanted.more,
    },
  });
  expectWhole(program, sandbox, wanted);
  const refused = new Map<unknown, Refused>();
  for (const file of await readdir(directory, { recursive: true })) {
    if (!file.endsWith('.jsonl')) continue;
    const lines = (await readFile(join(directory, file), 'utf8')).split('\n').filter(Boolean);
    for (const line of lines) {
      const rejection: unknown = at(JSON.parse(line), 'rejection');
      refused.set(at(rejection, 'key'), {
        code: at(rejection, 'code'),
        field: at(rejection, 'field'),
        message: String(at(rejection, 'message')),
      });
    }
  }
  return { program, refused };
}
