import { nearestName } from '../config/schema/nearest-name.ts';
import { ConfigError, type Fault } from '../errors/config-error.ts';
import { quoted, quotedList } from '../errors/quoted.ts';
import { own } from '../json/guards.ts';
import type { Route } from '../mapping/route.ts';
import { nameOf } from '../report/summary.ts';
import type { NamedLists } from '../vitally/records/named-lists.ts';
import { CUSTOM_OBJECTS } from '../write/rest/find.ts';

/** What a definition may be called by in the config, beside its id. */
const NAMES = ['name', 'label'];

/**
 * Looks for the custom objects that routes name: one read, and none where no route names one. Contract 2.
 *
 * @throws ConfigError with a fault for each route whose custom object isn't there, or is there several times
 */
export async function proveCustomObjects(routes: readonly Route[], named: NamedLists): Promise<void> {
  const faults = new Map<string, Fault>();
  for (const route of routes) {
    const { customObject, customObjectPlace = '' } = route;
    if (customObject === undefined || route.unwritable !== undefined) continue;
    const finding = await named.find(CUSTOM_OBJECTS, customObject, NAMES);
    if (finding.kind === 'found') continue;
    const problem =
      finding.kind === 'absent'
        ? `Vitally has no custom object ${quoted(customObject)}; ${await remedy(customObject, named)}`
        : `${finding.ids.length} custom objects of Vitally have this name or label; write the id of one: ${finding.ids.join(', ')}`;
    const fault = { path: customObjectPlace, message: `stream ${nameOf(route)}: ${problem}` };
    faults.set(`${fault.path} ${fault.message}`, fault);
  }
  if (faults.size > 0) throw ConfigError.of([...faults.values()]);
}

async function remedy(given: string, named: NamedLists): Promise<string> {
  const known = (await named.all(CUSTOM_OBJECTS)).map((definition) =>
    NAMES.map((name) => own(definition, name)).filter((name) => typeof name === 'string' && name !== ''),
  );
  const nearest = nearestName(given, known.flat().map(String));
  if (nearest !== undefined) return `did you mean ${quoted(nearest)}?`;
  const names = known.flatMap(([name]) => (name === undefined ? [] : String(name))).sort();
  return names.length === 0 ? 'it shows none at all' : `it has ${quotedList(names)}`;
}
