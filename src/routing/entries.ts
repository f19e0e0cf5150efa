import { nearestName } from '../config/schema/nearest-name.ts';
import type { StreamEntry } from '../config/stream-options.ts';
import { OBJECTS, objectByName } from '../objects/index.ts';
import type { ObjectName } from '../objects/object.ts';
import type { ConfiguredStream } from '../protocol/configured-catalog.ts';

/** The name of the entry for all streams that no other entry names. */
export const WILDCARD = '*';

/**
 * The entry that decides a stream: the one of its name and namespace, else the one of its name in any namespace, else
 * `*`. A mapped stream is decided by the catalog: `*` says nothing about it.
 */
export function entryFor(stream: ConfiguredStream, entries: readonly StreamEntry[]): StreamEntry | undefined {
  const names = stream.destinationObject === undefined ? [stream.name, WILDCARD] : [stream.name];
  for (const name of names) {
    for (const namespace of new Set([stream.namespace, undefined])) {
      const found = entries.find((entry) => entry.stream === name && entry.namespace === namespace);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** The entry that a reader can paste into `streams`. */
export function exampleEntry(stream: ConfiguredStream, object: ObjectName): string {
  const namespace = stream.namespace === undefined ? {} : { namespace: stream.namespace };
  if (objectByName(object).byPath === true)
    return JSON.stringify({
      stream: stream.name,
      ...namespace,
      object,
      mode: 'append',
      path: '/resources/…',
    });
  const key = stream.primaryKey.length > 0 ? {} : { sync_key: keyHint(stream) };
  const custom = objectByName(object).definedByWorkspace === true ? { custom_object: '…' } : {};
  return JSON.stringify({ stream: stream.name, ...namespace, object, ...custom, ...key });
}

export function objectNames(): string {
  return OBJECTS.map((object) => object.name).join(', ');
}

/** The object that a name of none was probably meant to be. */
export function nearestObject(name: string): string | undefined {
  return nearestName(
    name,
    OBJECTS.map((object) => object.name),
  );
}

/** The column that most probably identifies a row. */
export function keyHint(stream: ConfiguredStream): readonly string[] {
  if (stream.sourceKey.length > 0) return stream.sourceKey;
  const [first = 'id'] = stream.columns ?? [];
  return [stream.columns?.has('id') === true ? 'id' : first];
}
