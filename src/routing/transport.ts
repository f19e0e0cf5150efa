import type { RoutingSettings } from '../config/settings.ts';
import type { StreamEntry } from '../config/stream-options.ts';
import { addFault, addWarning, type Findings } from '../errors/findings.ts';
import { quoted } from '../errors/quoted.ts';
import { createFieldNames, type Destination, type FieldNames } from '../mapping/field-names.ts';
import type { Route, Transport } from '../mapping/route.ts';
import { isAppendOnly, madeByMessages } from '../objects/index.ts';
import { type ConfiguredStream, titleOf } from '../protocol/configured-catalog.ts';
import { isUuid } from '../vitally/records/paths.ts';

/** A route before its transport is resolved. */
export type UnsentRoute = Omit<Route, 'transport'>;

const TOKEN_OF = { rest: 'rest_api_token', analytics: 'analytics_api_token' } as const;

/** The API that writes a route's rows. Contract 5. */
export function resolveTransport(
  stream: ConfiguredStream,
  route: UnsentRoute,
  entry: StreamEntry | undefined,
  settings: RoutingSettings,
  findings: Findings,
): Transport | undefined {
  const title = titleOf(stream);
  const wanted = entry?.writeVia ?? settings.writeVia;
  const canRest = hasToken('rest', settings);
  const { able, reason } = transportsOf(route, stream.columns ?? [], canRest);
  const asked =
    wanted === undefined || wanted === 'auto' ? able : able.filter((transport) => transport === wanted);
  const transport = asked.find((candidate) => hasToken(candidate, settings)) ?? asked.at(-1);
  const because = reason === undefined ? '' : `: ${reason}`;
  if (transport === undefined) {
    const only = nameOf(able[0] ?? 'rest');
    const isEntrys = entry?.writeVia !== undefined;
    const remedy = isEntrys ? '' : ', here or in an entry for this stream in "streams"';
    const message = `${title}${because}, which only the ${only} API can do; set "write_via" to "auto"${remedy}`;
    addFault(findings, isEntrys ? `${entry.path}/write_via` : '/write_via', message);
    return undefined;
  }
  if (!hasToken(transport, settings)) {
    const message = `${title} is written through the ${nameOf(transport)} API and needs "${TOKEN_OF[transport]}"${because}`;
    addFault(findings, `/${TOKEN_OF[transport]}`, message);
    return undefined;
  }
  if (transport === 'analytics') {
    warnOfRestOnly(stream, route, settings, findings);
    warnOfUnaskedAccounts(title, route, settings, findings);
    requireKnownCustomObject(title, route, entry, settings, findings);
  }
  return transport;
}

/** With the Analytics token alone no account can be looked up. Events are never checked. */
function warnOfUnaskedAccounts(
  title: string,
  { object, mode, unknownAccounts }: UnsentRoute,
  settings: RoutingSettings,
  findings: Findings,
): void {
  if (settings.restAuthorization !== undefined || unknownAccounts === 'create') return;
  if (isAppendOnly(object) || mode === 'delete') return;
  const parents = object.requiredToCreate.flat().map((name) => object.fields[name]);
  if (!parents.some((field) => field !== undefined && madeByMessages(field) !== undefined)) return;
  const message = `${title}: "unknown_accounts": "reject" cannot be kept without a "rest_api_token": no account can be looked up, and Vitally creates those that rows name and it does not know; add the token, or set "unknown_accounts" to "create"`;
  addWarning(findings, message);
}

/** Messages name a custom object by Vitally's id alone. Another name would be taken in, and its rows lost later. */
function requireKnownCustomObject(
  title: string,
  { customObject }: UnsentRoute,
  entry: StreamEntry | undefined,
  settings: RoutingSettings,
  findings: Findings,
): void {
  if (customObject === undefined || isUuid(customObject)) return;
  if (settings.restAuthorization !== undefined) return;
  const path = entry === undefined ? '/rest_api_token' : `${entry.path}/custom_object`;
  const message = `${title}: the Analytics API knows custom objects by Vitally's id alone; give the id of ${quoted(customObject)}, or add a "rest_api_token" to have it looked up`;
  addFault(findings, path, message);
}

function hasToken(transport: Transport, settings: RoutingSettings): boolean {
  const token = transport === 'rest' ? settings.restAuthorization : settings.analyticsAuthorization;
  return token !== undefined;
}

interface Transports {
  /** The APIs that can do what the route wants, the preferred one first. */
  readonly able: readonly Transport[];
  /** Why it is one alone. */
  readonly reason: string | undefined;
}

function transportsOf(route: UnsentRoute, columns: Iterable<string>, canRest: boolean): Transports {
  const { object, mode } = route;
  const declared = object.transports?.[mode];
  if (declared !== undefined) {
    return { able: declared, reason: declared.length > 1 ? undefined : `its mode is ${mode}` };
  }
  if (object.rest === undefined) return { able: ['analytics'], reason: `${object.plural} are sent` };
  const reason = restOnlyReason(route, columns, canRest);
  return reason === undefined ? { able: ['analytics', 'rest'], reason } : { able: ['rest'], reason };
}

function restOnlyReason(route: UnsentRoute, columns: Iterable<string>, canRest: boolean): string | undefined {
  const { object, mode, matchOn } = route;
  if (object.analytics === undefined) return `${object.plural} are written`;
  if (mode !== 'upsert') return `its mode is ${mode}`;
  if (matchOn !== 'externalId') return `it is matched on ${matchOn}`;
  if (route.ifEmpty.length > 0) return '"if_empty" needs the present values';
  const hasLists = Object.values(object.fields).some((field) => field.type === 'ids');
  if (hasLists && route.relations === 'replace') return '"relations": "replace" needs the present relations';
  const names = createFieldNames(object, matchOn);
  // On a mapped stream every column was sent to its field on purpose.
  const onPurpose = [...route.fields, ...route.constants].map(({ destination }) => names.named(destination));
  // With both tokens a row whose null REST alone takes goes there by itself, where Vitally holds a value.
  const needsRest = (destination: Destination): boolean =>
    isRestOnly(destination) && !(canRest && isOnlyNull(destination));
  const field = [...onPurpose, ...(route.mapped ? byName(names, columns) : [])].find(needsRest);
  return field?.kind === 'field' ? `it writes ${field.name}` : undefined;
}

function isOnlyNull(destination: Destination): boolean {
  return destination.kind === 'field' && destination.field.onlyNull === true;
}

function byName(names: FieldNames, columns: Iterable<string>): Destination[] {
  return [...columns].map((column) => names.field(column)).filter((match) => match !== undefined);
}

function isRestOnly(destination: Destination): boolean {
  if (destination.kind !== 'field') return false;
  const { field } = destination;
  return field.in !== 'traits' && field.analyticsTrait === undefined && field.analyticsField === undefined;
}

/** Warns of columns that may have the name of a field by chance, one that the chosen API doesn't know. */
function warnOfRestOnly(
  stream: ConfiguredStream,
  route: UnsentRoute,
  settings: RoutingSettings,
  findings: Findings,
): void {
  const names = createFieldNames(route.object, route.matchOn);
  for (const match of byName(names, stream.columns ?? [])) {
    if (match.kind !== 'field' || !isRestOnly(match) || isOnlyNull(match)) continue;
    const consequence =
      settings.restAuthorization === undefined
        ? `rows that hold it are rejected; add a "rest_api_token" to have them written, or leave the column out`
        : 'rows that hold it are written one at a time through REST; leave the column out to have them written in batches';
    addWarning(findings, `${titleOf(stream)}: only the REST API takes ${match.name}: ${consequence}`);
  }
}

function nameOf(transport: Transport): string {
  return transport === 'rest' ? 'REST' : 'Analytics';
}
