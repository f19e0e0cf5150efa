import { isDeepStrictEqual } from 'node:util';
import type { JsonObject, JsonValue } from '../json/json.ts';
import { type Claim, claimsOf, contend } from './claims.ts';
import { type ColumnNotes, NO_NOTES } from './column-notes.ts';
import { createColumnPlan } from './column-plan.ts';
import { withDeleteFields } from './columns/delete-columns.ts';
import { pathOf } from './columns/request-path.ts';
import { createFieldNames } from './field-names.ts';
import { keySource, madeKey } from './key-source.ts';
import { keyOf } from './keys.ts';
import type { Route, Write } from './route.ts';
import { NO_TRAITS, type TraitNames, withTraitPaths } from './trait-names.ts';
import { coerceField } from './values/field-values.ts';
import { coerceKnownTrait } from './values/trait-values.ts';
import { coerceTrait } from './values/values.ts';

/**
 * Turns a row into its write.
 *
 * @param nulled columns that are unknown rather than null (`meta.changes`): left out.
 * @throws RecordError and nothing else, for any row
 */
export type RowMapper = (data: JsonObject, nulled: ReadonlySet<string>) => Write;

/** A write that is being filled. */
interface Draft {
  readonly fields: Map<string, JsonValue>;
  readonly traits: Map<string, JsonValue>;
  readonly coerced: string[];
  readonly stripped: string[];
}

/**
 * Compiles a route's mapping once, for all of its rows. A delete needs the key alone: the other columns are not read,
 * so that a bad value among them is no hindrance, unless fields make the key.
 *
 * @param known the traits that Vitally knows of the route's object, where that has been asked
 * @param notes is told of columns that the user should hear of
 */
export function createRowMapper(
  given: Route,
  known: TraitNames = NO_TRAITS,
  notes: ColumnNotes = NO_NOTES,
): RowMapper {
  const route = withTraitPaths(given, known);
  if (route.mode === 'delete' && keySource(route) !== 'fields' && route.request === undefined) {
    return deleteMapper(route, notes);
  }
  return mapperOf(given, route, known, notes);
}

/** A delete needs its key, and what its request takes beside it. */
function deleteMapper(route: Route, notes: ColumnNotes): RowMapper {
  const reading = withDeleteFields(route);
  const map = reading && mapperOf(reading, reading, NO_TRAITS, notes);
  return (data, nulled) => {
    const key = keyOf(route, data, nulled);
    const { fields, ...read } = map?.(data, nulled) ?? { fields: new Map<string, JsonValue>() };
    const given = new Map([...fields].filter(([, value]) => value !== null));
    return { ...read, key, fields: given, traits: new Map() };
  };
}

function mapperOf(given: Route, route: Route, known: TraitNames, notes: ColumnNotes): RowMapper {
  const plan = createColumnPlan(route, known, notes);
  const constants = coercedConstants(route);
  const keyField = fieldOfKey(route);
  const contentKey = contentKeyOf(given, known);

  return (data, nulled) => {
    const key = keyOf(route, data, nulled);
    const path = route.request && pathOf(route.request.path, data, nulled);
    const draft: Draft = { fields: new Map(), traits: new Map(), coerced: [], stripped: [] };
    const { fields, traits, coerced, stripped } = draft;
    for (const claim of contend(claimsOf(plan, data, nulled), plan)) put(route, known, claim, draft);
    for (const [name, value] of constants.fields) fields.set(name, value);
    for (const [name, value] of constants.traits) traits.set(name, value);
    if (keyField !== undefined && key !== undefined && !fields.has(keyField)) fields.set(keyField, key);
    const write = {
      fields,
      traits,
      ...(path !== undefined && { path }),
      ...(coerced.length > 0 && { coerced }),
      ...(stripped.length > 0 && { stripped }),
    };
    return { key: key ?? contentKey?.(data, nulled) ?? madeKey(route, write, Object.keys(data)), ...write };
  };
}

/**
 * The derived key of a row is made of what the row says, not of what Vitally knows at the time: writing a trait makes
 * it known, and the next run must derive the same key.
 */
function contentKeyOf(
  route: Route,
  known: TraitNames,
): ((...row: Parameters<RowMapper>) => string | undefined) | undefined {
  if (known === NO_TRAITS || keySource(route) !== 'content') return undefined;
  const map = createRowMapper(route.otherColumns === 'reject' ? { ...route, otherColumns: 'traits' } : route);
  return (data, nulled) => map(data, nulled).key;
}

function put(route: Route, known: TraitNames, claim: Claim, draft: Draft): void {
  const { column, value, target, isComputed } = claim;
  const { destination } = target;
  if (destination.kind === 'spread') {
    draft.coerced.push(column);
    return;
  }
  const { name } = destination;
  const place = { column, destination: name, ...(isComputed && { isComputed }) };
  if (destination.kind === 'trait') {
    const trait = known.at(name);
    const coerced = trait === undefined ? coerceTrait(value, place) : coerceKnownTrait(trait, value, place);
    if (!isDeepStrictEqual(coerced, value)) draft.coerced.push(`traits.${name}`);
    if (coerced !== null || route.nulls === 'clear') draft.traits.set(name, coerced);
    return;
  }
  const { field } = destination;
  const { value: coerced, stripped } = coerceField(field, value, place);
  if (stripped) draft.stripped.push(name);
  // Cleaned HTML is another text nearly always: only what was taken out of it is counted.
  if ((field.type !== 'html' || coerced === null) && !isDeepStrictEqual(coerced, value))
    draft.coerced.push(name);
  if (coerced === null && (route.nulls === 'keep' || field.neverNull === true)) return;
  if (field.in === 'traits') draft.traits.set(name, coerced);
  else draft.fields.set(name, joined(draft.fields.get(name), coerced));
}

/** Lists that several columns give for one field, each id once; any other field has one column. */
function joined(before: JsonValue | undefined, value: JsonValue): JsonValue {
  return Array.isArray(before) && Array.isArray(value) ? [...new Set([...before, ...value])] : value;
}

function coercedConstants(route: Route): Pick<Write, 'fields' | 'traits'> {
  const names = createFieldNames(route.object, route.matchOn);
  const fields = new Map<string, JsonValue>();
  const traits = new Map<string, JsonValue>();
  for (const { destination: name, value } of route.constants) {
    const destination = names.named(name);
    if (destination.kind === 'trait') traits.set(destination.name, value);
    if (destination.kind !== 'field') continue;
    const coerced = coerceField(destination.field, value, { column: name, destination: name });
    (destination.field.in === 'traits' ? traits : fields).set(destination.name, coerced.value);
  }
  return { fields, traits };
}

/**
 * The field that the key is at the same time: the e-mail that users are matched on, and an event's message id where
 * a column of that name is the key.
 */
function fieldOfKey(route: Route): string | undefined {
  if (route.matchOn === 'email') return 'email';
  const [column, ...others] = route.keyColumns;
  const { fieldOfKey: field } = route.object;
  if (field === undefined || column === undefined || others.length > 0) return undefined;
  const match = createFieldNames(route.object, route.matchOn).field(column);
  return match?.name === field ? field : undefined;
}
