import { ConfigError, type Fault } from '../errors/config-error.ts';
import { faultForeignIds } from '../mapping/foreign-places.ts';
import type { VitallyObject } from '../objects/object.ts';
import type { RoutingSettings } from '../settings/settings.ts';
import { type ConfiguredStream, parseCatalog } from './catalog.ts';
import { warnOfSlips } from './destination-slips.ts';
import { type Entry, entryFor, NO_ENTRY, WILDCARD } from './entries.ts';
import { reportUnsendableEvents } from './event-needs.ts';
import { addWarning, createFindings, type Findings } from './findings.ts';
import { settleMappings, warnOfColumns } from './mappings.ts';
import { settleMode } from './modes.ts';
import { settleNewTraits } from './new-traits.ts';
import { quotedList } from './quoted.ts';
import { refusedRoute } from './refused-route.ts';
import type { Route } from './route.ts';
import { settleDeletedRows, settleDeleteLimit } from './settle-deleted-rows.ts';
import { settleKey } from './settle-key.ts';
import { settleObject } from './settle-object.ts';
import { warnOfSharedKeys } from './shared-keys.ts';
import { settleVia } from './transport.ts';
import { reportUnused } from './unused-entries.ts';

export interface SettledRoutes {
  /** One for each stream of the catalog, in its order. */
  readonly routes: readonly Route[];
  /** What is legal but probably not meant; each to be said once, before the first record. */
  readonly warnings: readonly string[];
}

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
  const settleable = streams.filter(
    ({ name }) => !settings.unsound?.has(name) && !settings.unsound?.has(WILDCARD),
  );
  const decided = settleable.map((stream) => ({ stream, entry: entryFor(stream, settings.streams) }));
  const used = new Set(decided.flatMap(({ entry }) => (entry === undefined ? [] : [entry.path])));
  const withoutEntry = decided.filter(({ entry }) => entry === undefined).map(({ stream }) => stream);
  // A stream that is wrong in itself may be the one that an entry is for.
  const missed = faults.length > 0 ? undefined : reportUnused(settings.streams, used, withoutEntry, findings);
  const settled = decided.flatMap(({ stream, entry }) => {
    const route = missed?.has(stream)
      ? undefined
      : settleRoute(stream, entry, settings, findings, overwritten);
    return route === undefined ? [] : [{ route, entry }];
  });
  warnOfSharedKeys(settled, findings);
  if (overwritten.length > 0) {
    const names = quotedList(overwritten.map((stream) => stream.name));
    const message = `Vitally cannot be overwritten: the rows of ${names} are created or updated by key, and nothing is deleted`;
    addWarning(findings, message);
  }
  const routes = settled.map(({ route }) => route);
  return { routes, warnings: findings.warnings, faults: findings.faults };
}

function settleRoute(
  stream: ConfiguredStream,
  entry: Entry | undefined,
  settings: RoutingSettings,
  findings: Findings,
  overwritten: ConfiguredStream[],
): Route | undefined {
  const settled = settleObject(stream, entry, findings);
  if (settled === undefined) return undefined;
  const mapped = stream.destinationObject !== undefined;
  if (mapped && stream.syncMode === 'overwrite') return refusedRoute(stream, settled, settings, findings);
  const { object } = settled;
  const faultsBefore = findings.faults.length;
  const mode = settleMode(stream, object, entry, findings, overwritten);
  const key = settleKey(stream, object, mode, entry, findings);
  if (mode === undefined || key === undefined) return undefined;

  const options = entry?.settings ?? NO_ENTRY;
  const keyed = { ...settled, mapped, ...key };
  const ifEmpty = entry === undefined ? [] : settleMappings(stream, keyed, entry, findings);
  const canAsk = settings.restAuthorization !== undefined;
  const newTraits = entry && settleNewTraits(stream, keyed, entry, canAsk, findings);
  warnOfColumns(stream, keyed, entry, findings);
  if (entry !== undefined) warnOfSlips(keyed, entry, findings);
  reportUnsendableEvents(stream, keyed, entry, findings);
  faultForeignIds(stream, { ...keyed, mode }, entry, findings);
  const unsent = {
    stream: stream.name,
    namespace: stream.namespace,
    mode,
    ...keyed,
    fields: options.fields,
    constants: options.constants,
    otherColumns: otherColumnsOf(object, options),
    nulls: options.nulls,
    unknownKey: options.unknownKey ?? (mapped ? 'reject' : 'skip'),
    relations: options.relations,
    unknownAccounts: options.unknownAccounts,
    ifEmpty,
    deleteLimit: options.deleteLimit,
    deletedRows: settleDeletedRows(stream, { ...keyed, mode }, entry, settings, findings),
    ...(options.otherColumns === 'drop' && { foreignIds: 'drop' as const }),
    ...(stream.columns !== undefined && { listedColumns: stream.columns }),
    ...(newTraits !== undefined && { newTraits }),
  } as const;
  settleDeleteLimit(stream, unsent, entry, findings);
  const via = settleVia(stream, unsent, entry, settings, findings);
  return via === undefined || findings.faults.length > faultsBefore ? undefined : { ...unsent, via };
}

function otherColumnsOf(
  object: VitallyObject,
  { preventNewTraits, otherColumns }: typeof NO_ENTRY,
): Route['otherColumns'] {
  // The columns that the catalog lists have been checked; rows may bring others.
  if (preventNewTraits && otherColumns === 'traits') return 'refuse';
  return object.others === 'nowhere' ? 'drop' : otherColumns;
}
