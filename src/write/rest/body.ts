import { RecordError } from '../../errors/record-error.ts';
import type { JsonObject, JsonValue } from '../../json/json.ts';
import { creationNeeds, listOfNeeds } from '../../mapping/creation-needs.ts';
import { combinationOf, isEmpty, isGivenField } from '../../mapping/merge-writes.ts';
import type { Route, Write } from '../../mapping/route.ts';
import type { VitallyObject } from '../../objects/object.ts';
import type { KnownRecord } from '../../vitally/records/known-record.ts';
import { isOneOfSeveral, shown, shownTrait } from './shown-value.ts';

/** A row in the terms of Vitally's REST API: its own ids in every association. */
export interface RestBody {
  readonly fields: ReadonlyMap<string, JsonValue>;
  readonly traits: ReadonlyMap<string, JsonValue>;
}

/** JSON text of a POST. A record that is known to be new needs no nulls: they are left out. */
export function postText(
  object: VitallyObject,
  externalId: string | undefined,
  body: RestBody,
  isNew: boolean,
): string {
  const given = ([, value]: [string, JsonValue]): boolean => !isNew || value !== null;
  const fields = [...body.fields].filter(given).filter(([name]) => object.fields[name]?.onlyNull !== true);
  const traits = [...body.traits].filter(given);
  return JSON.stringify({
    ...(externalId !== undefined && { externalId }),
    ...restFields(object, fields),
    ...(traits.length > 0 && { traits: Object.fromEntries(traits) }),
  });
}

/**
 * JSON text of a PUT: without an externalId, which can't be changed, and without what Vitally takes at creation alone.
 */
export function putText(object: VitallyObject, body: RestBody): string {
  const fields = [...body.fields].filter(([name]) => isInPut(object, name));
  return JSON.stringify({
    ...restFields(object, fields),
    ...(body.traits.size > 0 && { traits: Object.fromEntries(body.traits) }),
  });
}

/** Whether a row says anything that a PUT can change. */
export function saysAnything(object: VitallyObject, { fields, traits }: RestBody): boolean {
  return traits.size > 0 || [...fields.keys()].some((name) => isInPut(object, name));
}

/** Whether a PUT can change a field. */
export function isInPut(object: VitallyObject, name: string): boolean {
  if (name === 'externalId') return false;
  return object.fields[name]?.createOnly !== true;
}

function restFields(
  object: VitallyObject,
  fields: readonly [string, JsonValue][],
): Record<string, JsonValue> {
  return Object.fromEntries(
    fields.map(([name, value]) => {
      const field = object.fields[name];
      // A list is emptied by an empty list.
      return [field?.restName ?? name, value === null && field?.type === 'texts' ? [] : value];
    }),
  );
}

/**
 * A body for an existing record. A list of associations holds what the record has beside what the row brings: so nothing
 * is lost, whether Vitally adds to the record's list or replaces it. The list is always there, since some workspaces refuse
 * a user without one (sources disagree: vitally-api.md, "Users"). So are the fields that a PUT must repeat.
 */
export function forExisting(route: Route, body: RestBody, record: KnownRecord): RestBody {
  const fields = new Map([...body.fields].filter(([name]) => isInPut(route.object, name)));
  const traits = new Map(body.traits);
  const seen = record.fields;
  if (seen === undefined) return { fields, traits };
  for (const [name, value] of fields)
    if (isOneOfSeveral(route.object, seen, name, value)) fields.delete(name);
  for (const [name, field] of Object.entries(route.object.fields)) {
    if (field.type === 'ids' || (field.type === 'texts' && field.keptOnPut === true)) {
      const given = fields.get(name);
      if (given !== undefined && (given === null || !adds(route, name))) continue;
      const all = [...new Set([...listOf(shown(route.object, seen, name)), ...listOf(given)])];
      if (all.length > 0) fields.set(name, all);
    } else if (field.keptOnPut === true && !fields.has(name)) {
      const held = shown(route.object, seen, name);
      if (held !== undefined && held !== null) fields.set(name, held);
    }
  }
  for (const destination of route.ifEmpty) leaveIfHeld(route, seen, destination, fields, traits);
  return { fields, traits };
}

/** Whether a row's list adds to what the record holds, rather than replacing it. */
export function adds(route: Route, name: string): boolean {
  return combinationOf({ ...route, ifEmpty: [] }, name) === 'set';
}

/** For `if_empty`: where the record holds a value, the body leaves it out, or repeats it where a PUT must. */
function leaveIfHeld(
  route: Route,
  seen: JsonObject,
  destination: string,
  fields: Map<string, JsonValue>,
  traits: Map<string, JsonValue>,
): void {
  const trait = destination.startsWith('traits.') ? destination.slice('traits.'.length) : undefined;
  const held =
    trait === undefined ? shown(route.object, seen, destination) : shownTrait(route.object, seen, trait);
  if (held === undefined || isEmpty(held)) return;
  const field = route.object.fields[destination];
  if (trait !== undefined) traits.delete(trait);
  else if (field?.keptOnPut === true || field?.type === 'ids') fields.set(destination, held);
  else fields.delete(destination);
}

/** Throws {@link RecordError} for a row that lacks what Vitally needs to create a record. Contract 4. */
export function requireForCreate(route: Route, fields: ReadonlyMap<string, JsonValue>): void {
  requireGroups(route, creationNeeds(route), fields);
}

/** Throws {@link RecordError} for a row that lacks every field of a group, with all that is missing. */
export function requireGroups(
  { object }: Pick<Route, 'object'>,
  groups: readonly (readonly string[])[],
  fields: ReadonlyMap<string, JsonValue>,
): void {
  const missing = groups.filter((names) => !names.some((name) => isGivenField(fields.get(name))));
  if (missing.length === 0) return;
  const wanted = listOfNeeds(missing);
  const are = missing.length === 1 ? 'is' : 'are';
  const isEvent = object.rest === undefined;
  throw new RecordError({
    code: 'missing_field',
    field: missing[0]?.[0] ?? '',
    message: isEvent
      ? `the ${object.name} has no ${wanted}`
      : `the ${object.name} does not exist yet, and ${wanted} ${are} missing to create it`,
    fix: isEvent
      ? `Give the row ${wanted}.`
      : `Give the row ${wanted}, or use mode update if only existing records are meant.`,
  });
}

/** A list's elements; none where the value is not a list. */
export function listOf(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** Whether the body of a PUT depends on what the record holds now. */
export function keepsOrMerges(route: Route, body: RestBody): boolean {
  if (route.ifEmpty.length > 0) return true;
  return Object.entries(route.object.fields).some(
    ([name, field]) =>
      field.keptOnPut === true ||
      (field.type === 'ids' && (body.fields.has(name) || route.relations === 'add')),
  );
}

/** The external id that a row's record is created with. Throws {@link RecordError} where the row has none. */
export function externalIdOf(route: Route, write: Write, key: string): string {
  if (route.matchOn === 'externalId') return key;
  const given = write.fields.get('externalId');
  if (typeof given === 'string' && given !== '') return given;
  throw new RecordError({
    code: 'missing_field',
    field: 'externalId',
    message: `no ${route.object.name} matches by ${route.matchOn}, and externalId is missing to create one`,
    fix: 'Map a column to externalId, or use mode update if only existing records are meant.',
  });
}
