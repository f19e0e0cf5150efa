import { RecordError } from '../errors/record-error.ts';
import { isJsonObject, own } from '../json/guards.ts';
import type { JsonObject, JsonValue } from '../json/json.ts';
import type { Route, Write } from '../routing/route.ts';
import type { KnownRecord } from '../vitally/known-record.ts';

/** A row in the terms of Vitally's REST API: its own ids in every association. */
export interface RestBody {
  readonly fields: ReadonlyMap<string, JsonValue>;
  readonly traits: ReadonlyMap<string, JsonValue>;
}

/** JSON text of a POST. What is empty anyway is left out of a record that is known to be new. */
export function postText(key: string, body: RestBody, isNew: boolean): string {
  const given = ([, value]: [string, JsonValue]): boolean => !isNew || value !== null;
  const traits = [...body.traits].filter(given);
  return JSON.stringify({
    externalId: key,
    ...Object.fromEntries([...body.fields].filter(given)),
    ...(traits.length > 0 && { traits: Object.fromEntries(traits) }),
  });
}

/** JSON text of a PUT. It never bears an externalId: Vitally doesn't let it be changed. */
export function putText(body: RestBody): string {
  const { externalId: _externalId, ...fields } = Object.fromEntries(body.fields);
  return JSON.stringify({
    ...fields,
    ...(body.traits.size > 0 && { traits: Object.fromEntries(body.traits) }),
  });
}

/**
 * A body for an existing record. Relations hold what the record has already beside what the row brings, so that
 * nothing is lost whether Vitally adds or replaces them; and they are always there, since some workspaces refuse
 * a user without (vendor observations disagree: Quill sends the union, Hightouch demands one of them).
 */
export function forExisting(route: Route, body: RestBody, record: KnownRecord): RestBody {
  const fields = new Map(body.fields);
  const traits = new Map(body.traits);
  const seen = record.fields;
  if (seen === undefined) return { fields, traits };
  for (const [name, field] of Object.entries(route.object.fields)) {
    if (field.type !== 'ids') continue;
    const has = idsOf(own(seen, name));
    const given = fields.get(name);
    if (given !== undefined && route.relations === 'replace') continue;
    const all = [...new Set([...has, ...idsOf(given)])];
    if (all.length > 0) fields.set(name, all);
  }
  const held = own(seen, 'traits');
  for (const destination of route.ifEmpty) {
    const trait = destination.startsWith('traits.') ? destination.slice('traits.'.length) : undefined;
    const value =
      trait === undefined ? own(seen, destination) : isJsonObject(held) ? own(held, trait) : undefined;
    if (value === undefined || value === null || value === '') continue;
    if (trait === undefined) fields.delete(destination);
    else traits.delete(trait);
  }
  return { fields, traits };
}

/** Refuses a row that would make a record without what Vitally needs to make one. Contract section 4. */
export function requireForCreate(route: Route, fields: ReadonlyMap<string, JsonValue>): void {
  for (const group of route.object.requiredToCreate) {
    const names = typeof group === 'string' ? [group] : group;
    if (names.some((name) => isGiven(fields.get(name)))) continue;
    const wanted = names.join(' or ');
    throw new RecordError({
      code: 'missing_field',
      field: names[0] ?? '',
      message: `the ${route.object.name} does not exist yet, and ${wanted} is missing to create it`,
      fix: `give the row ${wanted}, or use mode update if only existing records are meant`,
    });
  }
}

/** True where the fields suffice to create a record, so that nobody has to ask first whether it exists. */
export function sufficesToCreate(route: Route, write: Write): boolean {
  return route.object.requiredToCreate.every((group) =>
    (typeof group === 'string' ? [group] : group).some((name) => isGiven(write.fields.get(name))),
  );
}

function isGiven(value: JsonValue | undefined): boolean {
  return (
    value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)
  );
}

function idsOf(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** A record's member, `undefined` where the record wasn't seen. */
export function seenText(fields: JsonObject | undefined, name: string): string | undefined {
  const value = fields === undefined ? undefined : own(fields, name);
  return typeof value === 'string' ? value : undefined;
}
