import type { StreamEntry } from '../../config/stream-options.ts';
import { addWarning, type Findings } from '../../errors/findings.ts';
import { quotedList } from '../../errors/quoted.ts';
import type { Route } from '../../mapping/route.ts';
import { isAppendOnly } from '../../objects/index.ts';
import { WILDCARD } from '../entries.ts';

/** A route that `*` decided, or another entry, or none. */
export interface Decided {
  readonly route: Route;
  readonly entry: StreamEntry | undefined;
}

/**
 * Warns once where `*` sends several streams to one object under equal key columns: rows of one key of two of the
 * streams are one record. Events don't mind: the stream is part of an event's id.
 */
export function warnOfSharedKeys(decided: readonly Decided[], findings: Findings): void {
  const groups = new Map<string, Route[]>();
  for (const { route, entry } of decided) {
    const { object, customObject, keyColumns, matchOn } = route;
    if (entry?.stream !== WILDCARD || keyColumns.length === 0 || isAppendOnly(object)) continue;
    const place = JSON.stringify([object.name, customObject, matchOn, keyColumns]);
    groups.set(place, [...(groups.get(place) ?? []), route]);
  }
  const shared = [...groups.values()].filter((routes) => routes.length > 1);
  const sentences = shared.map((routes) => {
    const [first] = routes;
    const titles = routes.map(({ stream, namespace }) =>
      namespace === undefined ? stream : `${namespace}.${stream}`,
    );
    return `${quotedList(titles)} to ${first?.object.plural} by ${quotedList(first?.keyColumns ?? [])}`;
  });
  if (sentences.length === 0) return;
  addWarning(
    findings,
    `"*" sends several streams to one object with the same key columns, so that their rows of one key are one record: ${sentences.join('; ')}. Give each stream an entry of its own if they are not`,
  );
}
