import { ConfigError, type Fault } from '../errors/config-error.ts';
import { own } from '../json/guards.ts';
import { quoted, quotedList } from '../routing/quoted.ts';
import type { Route } from '../routing/route.ts';
import { nearestName } from '../settings/nearest-name.ts';
import { CUSTOM_OBJECTS } from '../sync/rest-existence.ts';
import { nameOf } from '../sync/summary.ts';
import type { NamedThings } from '../vitally/named.ts';

/** What a definition may be called by in the config, beside its id. */
const NAMES = ['name', 'label'];

/**
 * Looks for the custom objects that routes name: one read, and none where no route names one. Contract section 2.
 *
 * @throws ConfigError with a fault for each route whose custom object isn't there, or is there several times
 */
export async function proveCustomObjects(routes: readonly Route[], named: NamedThings): Promise<void> {
  const faults = new Map<string, Fault>();
  for (const route of routes) {
    const { customObject, customObjectPlace = '' } = route;
    if (customObject === undefined || route.refusal !== undefined) continue;
    const finding = await named.find(CUSTOM_OBJECTS, customObject, NAMES);
    if (finding.kind === 'found') continue;
    const problem =
      finding.kind === 'absent'
        ? `Vitally has no custom object ${quoted(customObject)}; ${await remedy(customObject, named)}`
        : `${finding.ids.length} custom objects of Vitally bear this name or label; write the id of one: ${finding.ids.join(', ')}`;
    const fault = { path: customObjectPlace, message: `stream ${nameOf(route)}: ${problem}` };
    faults.set(`${fault.path} ${fault.message}`, fault);
  }
  if (faults.size > 0) throw ConfigError.of([...faults.values()]);
}

async function remedy(given: string, named: NamedThings): Promise<string> {
  const known = (await named.all(CUSTOM_OBJECTS)).map((definition) =>
    NAMES.map((name) => own(definition, name)).filter((name) => typeof name === 'string' && name !== ''),
  );
  const nearest = nearestName(given, known.flat().map(String));
  if (nearest !== undefined) return `did you mean ${quoted(nearest)}?`;
  const names = known.flatMap(([name]) => (name === undefined ? [] : String(name))).sort();
  return names.length === 0 ? 'it shows none at all' : `it has ${quotedList(names)}`;
}
