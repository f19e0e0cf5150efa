import { OBJECTS } from '../objects/index.ts';
import type { StreamSettings } from '../settings/settings.ts';
import { type ConfiguredStream, titleOf } from './catalog.ts';
import { addWarning, type Findings } from './findings.ts';

/** An entry of the config's `streams`, and its path: `/streams/0`. */
export interface Entry {
  readonly settings: StreamSettings;
  readonly path: string;
}

const WILDCARD = '*';

/** What holds for a stream without an entry. Contract section 2, the defaults of `streams[]`. */
export const NO_ENTRY: Omit<StreamSettings, 'stream' | 'namespace' | 'object'> = {
  customObject: undefined,
  mode: undefined,
  syncKey: undefined,
  matchOn: undefined,
  fields: [],
  constants: [],
  otherColumns: 'traits',
  nulls: 'clear',
  unknownKey: undefined,
  relations: 'add',
  unknownAccounts: 'reject',
  ifEmpty: [],
  preventNewTraits: false,
  deleteLimit: { count: 1_000 },
  deletedRows: 'skip',
};

/**
 * The entry that decides a stream: the one of its name and namespace, else the one of its name in any namespace, else
 * `*`. A mapped stream is decided by the catalog: `*` says nothing about it.
 */
export function entryFor(
  stream: ConfiguredStream,
  entries: readonly (StreamSettings | undefined)[],
): Entry | undefined {
  const names = stream.destinationObject === undefined ? [stream.name, WILDCARD] : [stream.name];
  for (const name of names) {
    for (const namespace of new Set([stream.namespace, undefined])) {
      const index = entries.findIndex((entry) => entry?.stream === name && entry.namespace === namespace);
      const settings = entries[index];
      if (settings !== undefined) return { settings, path: `/streams/${index}` };
    }
  }
  return undefined;
}

/** Warns of entries that decide no stream: likely a misspelt name. */
export function warnOfUnused(
  entries: readonly (StreamSettings | undefined)[],
  used: ReadonlySet<string>,
  findings: Findings,
): void {
  for (const [index, entry] of entries.entries()) {
    const path = `/streams/${index}`;
    if (entry === undefined || entry.stream === WILDCARD || used.has(path)) continue;
    const title = titleOf({ name: entry.stream, namespace: entry.namespace });
    addWarning(findings, `${path}: the catalog has no ${title} for this entry, so it is not used`);
  }
}

/** The entry that a reader can paste into `streams`. */
export function exampleEntry(stream: ConfiguredStream, object: string): string {
  const namespace = stream.namespace === undefined ? {} : { namespace: stream.namespace };
  const key = stream.primaryKey.length > 0 ? {} : { sync_key: keyHint(stream) };
  const custom = object === 'custom_object' ? { custom_object: '…' } : {};
  return JSON.stringify({ stream: stream.name, ...namespace, object, ...custom, ...key });
}

export function objectNames(): string {
  return OBJECTS.map((object) => object.name).join(', ');
}

function keyHint(stream: ConfiguredStream): readonly string[] {
  if (stream.sourceKey.length > 0) return stream.sourceKey;
  const [first = 'id'] = stream.columns ?? [];
  return [stream.columns?.has('id') === true ? 'id' : first];
}
