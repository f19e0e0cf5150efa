import { createHash } from 'node:crypto';
import type { JsonValue } from '../json/json.ts';
import type { Route, Write } from './route.ts';

/**
 * An id that is the same for the same parts in every run and, in practice, never the same for other parts.
 * Shaped as a version 8 UUID (RFC 9562: a form for ids made from any hash).
 */
export function derivedId(parts: readonly JsonValue[]): string {
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The id of a row that brings none: derived from its stream and all that it writes, in any order. */
export function contentId(
  route: Pick<Route, 'stream' | 'namespace'>,
  write: Pick<Write, 'fields' | 'traits'>,
): string {
  return derivedId([
    route.namespace ?? '',
    route.stream,
    'content',
    sorted(write.fields),
    sorted(write.traits),
  ]);
}

function sorted(values: ReadonlyMap<string, JsonValue>): JsonValue[] {
  return [...values].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
