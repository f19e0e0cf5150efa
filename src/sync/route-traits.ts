import { quoted, quotedList } from '../routing/quoted.ts';
import type { Route } from '../routing/route.ts';
import { createTraitNames, type TraitNames } from '../routing/trait-names.ts';
import { KnownTraits } from '../vitally/known-traits.ts';
import type { Send } from '../vitally/listing.ts';
import type { NamedThings } from '../vitally/named.ts';
import { customObjectId } from './rest-existence.ts';
import { nameOf } from './summary.ts';

/** The traits that Vitally knows of a route's object. */
export type ReadTraits = (route: Route) => Promise<TraitNames>;

/** @param warn is told of a column whose name several traits share */
export function traitReader(
  send: Send,
  named: NamedThings,
  warn: (message: string) => Promise<void>,
): ReadTraits {
  const known = new KnownTraits(send);
  return async (route) => {
    const { object, customObject } = route;
    const id = customObject === undefined ? undefined : await customObjectId(route, customObject, named);
    const traits = object.traitModel === undefined ? [] : await known.of(object.traitModel, id);
    return createTraitNames(traits, (column, paths) => {
      const message =
        `stream ${nameOf(route)}: column ${quoted(column)} could mean several traits of Vitally (${quotedList(paths)}) ` +
        'and is taken for none of them; map it in fields to traits.<path>';
      // An output that is gone ends the run at its next STATE.
      warn(message).catch(() => {});
    });
  };
}
