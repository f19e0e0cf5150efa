import { quoted, quotedList } from '../../errors/quoted.ts';
import type { Route } from '../../mapping/route.ts';
import { createTraitNames, type TraitNames } from '../../mapping/trait-names.ts';
import { nameOf } from '../../report/summary.ts';
import type { Send } from '../../vitally/http/answer.ts';
import type { NamedLists } from '../../vitally/records/named-lists.ts';
import { KnownTraits } from '../../vitally/traits/known-traits.ts';
import { customObjectId } from '../../write/rest/find.ts';

/** The traits that Vitally knows of a route's object. */
export type ReadTraits = (route: Route) => Promise<TraitNames>;

/** @param warn is told of a column whose name several traits share */
export function traitReader(
  send: Send,
  named: NamedLists,
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
