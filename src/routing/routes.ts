import type { RoutingSettings } from '../config/settings.ts';
import { rowOptions, type StreamEntry, type StreamOptions } from '../config/stream-options.ts';
import { ConfigError, type Fault } from '../errors/config-error.ts';
import { addWarning, createFindings, type Findings } from '../errors/findings.ts';
import { quotedList } from '../errors/quoted.ts';
import { inMode } from '../mapping/columns/delete-columns.ts';
import type { Route } from '../mapping/route.ts';
import type { VitallyObject } from '../objects/object.ts';
import { type ConfiguredStream, parseCatalog } from '../protocol/configured-catalog.ts';
import { faultConstantKeys } from './checks/constant-keys.ts';
import { reportMissingNeeds } from './checks/creation-needs.ts';
import { warnOfSlips } from './checks/destination-slips.ts';
import { withoutExcluded } from './checks/excluded.ts';
import { faultForeignIds } from './checks/foreign-ids.ts';
import { resolveNewTraits } from './checks/new-traits.ts';
import { warnOfSharedKeys } from './checks/shared-keys.ts';
import { reportUnused } from './checks/unused-entries.ts';
import { entryFor, WILDCARD } from './entries.ts';
import { resolveMode } from './modes.ts';
import { resolveDeletedRows, resolveDeleteLimit } from './resolve-deleted-rows.ts';
import { resolveKey } from './resolve-key.ts';
import { resolveMappings, warnOfColumns } from './resolve-mappings.ts';
import { resolveObject } from './resolve-object.ts';
import { resolveRequest } from './resolve-request.ts';
import { resolveTransport } from './transport.ts';
import { unwritableRoute } from './unwritable-route.ts';

export interface ResolvedRoutes {
  /** One for each stream of the catalog, in its order. */
  readonly routes: readonly Route[];
  /** What is legal but probably not meant; each to be said once, before the first record. */
  readonly warnings: readonly string[];
  /** The id of the sync, by the first stream of the catalog that has it. */
  readonly syncId: string | undefined;
}

/**
 * Makes a route of every stream of a configured catalog. Contract 3, Contract 4 and Contract 5.
 *
 * @param catalog the catalog as `JSON.parse` gives it
 * @throws ConfigError with everything that is wrong
 */
export function resolveRoutes(settings: RoutingSettings, catalog: unknown): ResolvedRoutes {
  const { faults, ...resolved } = resolveRoutesOrFaults(settings, catalog);
  if (faults.length > 0) throw ConfigError.of(faults);
  return resolved;
}

/**
 * As {@link resolveRoutes}, with the faults as values, for a caller who has more of them to report.
 *
 * @param scope `some`: the catalog has the streams of this run alone, so that entries for others are nothing to tell
 */
export function resolveRoutesOrFaults(
  settings: RoutingSettings,
  catalog: unknown,
  scope: 'all' | 'some' = 'all',
): ResolvedRoutes & { readonly faults: readonly Fault[] } {
  const { streams, faults } = parseCatalog(catalog);
  const findings = createFindings(faults);
  const overwritten: ConfiguredStream[] = [];
  const resolvable = streams.filter(
    ({ name }) => !settings.unsound?.has(name) && !settings.unsound?.has(WILDCARD),
  );
  const decided = resolvable.map((stream) => ({ stream, entry: entryFor(stream, settings.streams) }));
  const used = new Set(decided.flatMap(({ entry }) => (entry === undefined ? [] : [entry])));
  const withoutEntry = decided.filter(({ entry }) => entry === undefined).map(({ stream }) => stream);
  // A stream that is wrong in itself may be the one that an entry is for.
  const missed =
    faults.length > 0 ? undefined : reportUnused(settings.streams, used, withoutEntry, findings, scope);
  const resolved = decided.flatMap(({ stream, entry }) => {
    const route = missed?.has(stream)
      ? undefined
      : resolveRoute(stream, entry, settings, findings, overwritten);
    return route === undefined ? [] : [{ route, entry }];
  });
  warnOfSharedKeys(resolved, findings);
  if (overwritten.length > 0) {
    const names = quotedList(overwritten.map((stream) => stream.name));
    const message = `Vitally cannot be overwritten: the rows of ${names} are created or updated by key, and nothing is deleted`;
    addWarning(findings, message);
  }
  const routes = resolved.map(({ route }) => route);
  const syncId = streams.find((stream) => stream.syncId !== undefined)?.syncId;
  return { routes, warnings: findings.warnings, syncId, faults: findings.faults };
}

function resolveRoute(
  stream: ConfiguredStream,
  entry: StreamEntry | undefined,
  settings: RoutingSettings,
  findings: Findings,
  overwritten: ConfiguredStream[],
): Route | undefined {
  const resolved = resolveObject(stream, entry, findings);
  if (resolved === undefined) return undefined;
  const mapped = stream.destinationObject !== undefined;
  if (mapped && stream.syncMode === 'overwrite') return unwritableRoute(stream, resolved, settings, findings);
  const { object } = resolved;
  const faultsBefore = findings.faults.length;
  const mode = resolveMode(stream, object, entry, findings, overwritten);
  const key = resolveKey(stream, object, mode, entry, findings);
  const request = resolveRequest(stream, object, mode, entry, findings);
  if (mode === undefined || key === undefined || (object.byPath === true && request === undefined))
    return undefined;

  const options = entry ?? settings.streamDefaults;
  const visible = withoutExcluded(stream, key, entry, findings);
  const keyed = { ...resolved, object: inMode(object, mode), mapped, ...key };
  const ifEmpty = entry === undefined ? options.ifEmpty : resolveMappings(visible, keyed, entry, findings);
  const canAsk = settings.restAuthorization !== undefined;
  const newTraits = entry && resolveNewTraits(visible, keyed, entry, canAsk, findings);
  checkColumns(visible, { ...keyed, mode }, entry, findings);
  const unsent = {
    stream: stream.name,
    namespace: stream.namespace,
    mode,
    ...keyed,
    ...(request !== undefined && { request }),
    ...rowOptions(options),
    otherColumns: otherColumnsOf(object, options),
    unknownKey: options.unknownKey ?? (mapped ? 'reject' : 'skip'),
    ifEmpty,
    deletedRows: resolveDeletedRows(
      stream,
      { ...keyed, mode, deletedRows: options.deletedRows },
      entry,
      settings,
      findings,
    ),
    ...(options.otherColumns === 'drop' && { foreignIds: 'drop' as const }),
    ...(stream.columns !== undefined && { listedColumns: stream.columns }),
    ...(newTraits !== undefined && { newTraits }),
  } as const;
  reportMissingNeeds(visible, unsent, entry, findings);
  resolveDeleteLimit(stream, unsent, entry, findings);
  const transport = resolveTransport(visible, unsent, entry, settings, findings);
  return transport === undefined || findings.faults.length > faultsBefore
    ? undefined
    : { ...unsent, transport };
}

/** What the catalog's columns and the entry's destinations promise and can't hold. */
function checkColumns(
  stream: ConfiguredStream,
  route: Pick<Route, 'object' | 'mode' | 'matchOn' | 'keyColumns' | 'keyConstant' | 'mapped'>,
  entry: StreamEntry | undefined,
  findings: Findings,
): void {
  warnOfColumns(stream, route, entry, findings);
  if (entry !== undefined) {
    warnOfSlips(route, entry, findings);
    faultConstantKeys(stream, route, entry, findings);
  }
  faultForeignIds(stream, route, entry, findings);
}

function otherColumnsOf(
  object: VitallyObject,
  { preventNewTraits, otherColumns }: StreamOptions,
): Route['otherColumns'] {
  // The columns that the catalog lists have been checked; rows may bring others.
  if (preventNewTraits && otherColumns === 'traits') return 'reject';
  return object.others === 'nowhere' ? 'drop' : otherColumns;
}
