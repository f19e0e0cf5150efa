import { ConfigError, type Fault } from '../errors/config-error.ts';
import { folded, objectNamed, objectOfStream } from '../objects/index.ts';
import type { VitallyObject } from '../objects/object.ts';
import type { RoutingSettings } from '../settings/settings.ts';
import { type ConfiguredStream, parseCatalog, titleOf } from './catalog.ts';
import { type Entry, entryFor, exampleEntry, NO_ENTRY, objectNames, warnOfUnused } from './entries.ts';
import { addFault, addWarning, createFindings, type Findings } from './findings.ts';
import { settleMappings, warnOfColumns } from './mappings.ts';
import { settleMode } from './modes.ts';
import { quotedList } from './quoted.ts';
import type { Route } from './route.ts';
import { settleKey } from './settle-key.ts';
import { settleVia } from './transport.ts';

export interface SettledRoutes {
  /** One for each stream of the catalog, in its order. */
  readonly routes: readonly Route[];
  /** What is legal but probably not meant; each to be said once, before the first record. */
  readonly warnings: readonly string[];
}

/** Objects of Vitally's that later versions will take. */
const LATER_OBJECTS = [
  'note',
  'task',
  'conversation',
  'message',
  'nps_response',
  'project',
  'meeting',
  'meeting_transcript',
  'custom_object',
  'user_account',
];

/**
 * Settles every stream of a configured catalog. Contract sections 3 to 5.
 *
 * @param catalog the catalog as `JSON.parse` gives it
 * @throws ConfigError with everything that is wrong
 */
export function settleRoutes(settings: RoutingSettings, catalog: unknown): SettledRoutes {
  const { faults, ...settled } = settleRoutesOrFaults(settings, catalog);
  if (faults.length > 0) throw ConfigError.of(faults);
  return settled;
}

/** As {@link settleRoutes}, with the faults as values, for a caller who has more of them to report. */
export function settleRoutesOrFaults(
  settings: RoutingSettings,
  catalog: unknown,
): SettledRoutes & { readonly faults: readonly Fault[] } {
  const { streams, faults } = parseCatalog(catalog);
  const findings = createFindings(faults);
  const overwritten: ConfiguredStream[] = [];
  const used = new Set<string>();
  const routes: Route[] = [];
  for (const stream of streams) {
    if (settings.unsound?.has(stream.name) || settings.unsound?.has('*')) continue;
    const entry = entryFor(stream, settings.streams);
    if (entry !== undefined) used.add(entry.path);
    const route = settleRoute(stream, entry, settings, findings, overwritten);
    if (route !== undefined) routes.push(route);
  }
  if (faults.length === 0) warnOfUnused(settings.streams, used, findings);
  if (overwritten.length > 0) {
    const names = quotedList(overwritten.map((stream) => stream.name));
    const message = `Vitally cannot be overwritten: the rows of ${names} are created or updated by key, and nothing is deleted`;
    addWarning(findings, message);
  }
  return { routes, warnings: findings.warnings, faults: findings.faults };
}

function settleRoute(
  stream: ConfiguredStream,
  entry: Entry | undefined,
  settings: RoutingSettings,
  findings: Findings,
  overwritten: ConfiguredStream[],
): Route | undefined {
  const object = settleObject(stream, entry, findings);
  if (object === undefined) return undefined;
  const faultsBefore = findings.faults.length;
  const mode = settleMode(stream, object, entry, findings, overwritten);
  const key = settleKey(stream, object, entry, findings);
  if (mode === undefined || key === undefined) return undefined;

  const options = entry?.settings ?? NO_ENTRY;
  const mapped = stream.destinationObject !== undefined;
  const keyed = { object, mapped, ...key };
  const ifEmpty = entry === undefined ? [] : settleMappings(stream, keyed, entry, findings);
  warnOfColumns(stream, keyed, entry, findings);
  const unsent = {
    stream: stream.name,
    namespace: stream.namespace,
    mode,
    ...keyed,
    fields: options.fields,
    constants: options.constants,
    // The columns that the catalog lists have been checked; rows may bring others.
    otherColumns: options.preventNewTraits ? 'drop' : options.otherColumns,
    nulls: options.nulls,
    unknownKey: options.unknownKey ?? (mapped ? 'reject' : 'skip'),
    relations: options.relations,
    unknownAccounts: options.unknownAccounts,
    ifEmpty,
    deleteLimit: options.deleteLimit,
  } as const;
  const via = settleVia(stream, unsent, settings, findings);
  return via === undefined || findings.faults.length > faultsBefore ? undefined : { ...unsent, via };
}

/** The object of a stream. Contract section 3, rules 1 to 4. */
function settleObject(
  stream: ConfiguredStream,
  entry: Entry | undefined,
  findings: Findings,
): VitallyObject | undefined {
  const title = titleOf(stream);
  const entryPath = `${entry?.path ?? ''}/object`;
  const asked = entry?.settings.object;
  if (stream.destinationObject !== undefined) {
    const path = `${stream.path}/destination_object_name`;
    const object = knownObject(stream.destinationObject, path, title, findings);
    if (object !== undefined && asked !== undefined && objectNamed(asked) !== object) {
      const message = `${title} is mapped to ${object.name} in the connection; write "${object.name}" here or change the connection`;
      addFault(findings, entryPath, message);
      return undefined;
    }
    return object;
  }
  if (asked !== undefined) return knownObject(asked, entryPath, title, findings);
  const object = objectOfStream(stream.name);
  if (object === undefined) {
    const message = `${title} is mapped to no object of Vitally. Add to "streams", with its object (${objectNames()}): ${exampleEntry(stream, 'account')}`;
    addFault(findings, '/streams', message);
  }
  return object;
}

function knownObject(
  name: string,
  path: string,
  title: string,
  findings: Findings,
): VitallyObject | undefined {
  const object = objectNamed(name);
  if (object !== undefined) return object;
  const [base = ''] = name.split(':');
  const wanted = folded(base);
  const later = LATER_OBJECTS.find((candidate) => [candidate, `${candidate}s`].map(folded).includes(wanted));
  const problem =
    later === undefined ? 'this is no object of Vitally' : `${later} is not supported by this version`;
  addFault(findings, path, `${title}: ${problem}; the objects are ${objectNames()}`);
  return undefined;
}
