import { isDeepStrictEqual } from 'node:util';
import { quoted } from '../errors/quoted.ts';
import { RecordError } from '../errors/record-error.ts';
import { own } from '../json/guards.ts';
import type { JsonObject, JsonValue } from '../json/json.ts';
import { type ColumnNotes, NO_NOTES } from './column-notes.ts';
import { type ColumnPlan, createColumnPlan, type Target } from './column-plan.ts';
import { createFieldNames, OTHER_NAME } from './field-names.ts';
import { keySource, madeKey } from './key-source.ts';
import { keyOf } from './keys.ts';
import type { Route, Write } from './route.ts';
import { isNothing } from './source-columns.ts';
import { NO_TRAITS, type TraitNames, withTraitPaths } from './trait-names.ts';
import { coerceField } from './values/field-values.ts';
import { coerceKnownTrait } from './values/trait-values.ts';
import { coerceObject, coerceTrait } from './values/values.ts';

/**
 * Turns a row into its write.
 *
 * @param nulled columns that are unknown rather than null (`meta.changes`): left out.
 * @throws RecordError and nothing else, for any row
 */
export type RowMapper = (data: JsonObject, nulled: ReadonlySet<string>) => Write;

/** A value on its way to its place, and the column that it comes from. */
interface Claim {
  readonly column: string;
  readonly value: JsonValue;
  readonly target: Target;
}

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
  if (route.mode === 'delete' && keySource(route) !== 'fields') {
    return (data, nulled) => ({ key: keyOf(route, data, nulled), fields: new Map(), traits: new Map() });
  }
  const plan = createColumnPlan(route, known, notes);
  const constants = coercedConstants(route);
  const keyField = fieldOfKey(route);
  const contentKey = contentKeyOf(given, known);

  return (data, nulled) => {
    const key = keyOf(route, data, nulled);
    const draft: Draft = { fields: new Map(), traits: new Map(), coerced: [], stripped: [] };
    const { fields, traits, coerced, stripped } = draft;
    for (const claim of contend(claimsOf(plan, data, nulled), plan)) put(route, known, claim, draft);
    for (const [name, value] of constants.fields) fields.set(name, value);
    for (const [name, value] of constants.traits) traits.set(name, value);
    if (keyField !== undefined && key !== undefined && !fields.has(keyField)) fields.set(keyField, key);
    const write = {
      fields,
      traits,
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

function claimsOf(plan: ColumnPlan, data: JsonObject, nulled: ReadonlySet<string>): Claim[] {
  const claims: Claim[] = [];
  for (const column of Object.keys(data)) {
    const value = own(data, column);
    if (value === undefined || nulled.has(column)) continue;
    const rejection = isNothing(value) ? undefined : plan.rejectionOf(column);
    if (rejection !== undefined) throw rejection;
    for (const target of plan.targetsOf(column)) {
      if (target.destination.kind !== 'spread') claims.push({ column, value, target });
      else for (const claim of spread(plan, { column, value, target }, nulled)) claims.push(claim);
    }
  }
  return claims;
}

/** The members of a `traits` column, each a claim of its own. A null column brings none, a blank one is only counted. */
function spread(plan: ColumnPlan, claim: Claim, nulled: ReadonlySet<string>): Claim[] {
  const { column, value, target } = claim;
  if (value === null) return [];
  const object = coerceObject(value, { column, destination: column });
  if (object === null) return [{ ...claim, target: { ...target, slot: `${target.slot} ${column}` } }];
  return Object.entries(object).flatMap(([name, inner]) => {
    const target = nulled.has(`${column}.${name}`) ? undefined : plan.traitTarget(name);
    return target === undefined ? [] : [{ column, value: inner, target }];
  });
}

/** Which claim fills each slot: the one by the best name; equally good ones are ambiguous. Losers become traits of their own. */
function contend(claims: readonly Claim[], plan: ColumnPlan): Iterable<Claim> {
  const best = new Map<string, Claim>();
  const losers = claims.filter((claim) => givesWay(claim, claims));
  const behind = new Set(losers);
  const ties = new Map<string, Claim>();
  for (const claim of claims) {
    if (behind.has(claim)) continue;
    const { slot, rank } = claim.target;
    const holder = best.get(slot);
    if (holder === undefined || rank < holder.target.rank) {
      best.set(slot, claim);
      ties.delete(slot);
      if (holder !== undefined) losers.push(holder);
    } else {
      if (rank === holder.target.rank) ties.set(slot, claim);
      losers.push(claim);
    }
  }
  for (const [slot, claim] of ties) throw ambiguous(best.get(slot) ?? claim, claim);
  for (const loser of losers) {
    const target = plan.otherTarget(loser.column);
    if (target === undefined) continue;
    const holder = best.get(target.slot);
    if (holder !== undefined) throw ambiguous(holder, loser);
    best.set(target.slot, { ...loser, target });
  }
  return best.values();
}

/** A list takes the ids of several columns, but those of a name that gives way only where no other gives it. */
function givesWay({ target }: Claim, claims: readonly Claim[]): boolean {
  const { destination, rank } = target;
  if (rank !== OTHER_NAME || destination.kind !== 'field' || destination.field.type !== 'ids') return false;
  return claims.some(
    ({ target: other }) =>
      other.rank < rank && other.destination.kind === 'field' && other.destination.name === destination.name,
  );
}

function put(route: Route, known: TraitNames, { column, value, target }: Claim, draft: Draft): void {
  const { destination } = target;
  if (destination.kind === 'spread') {
    draft.coerced.push(column);
    return;
  }
  const { name } = destination;
  const place = { column, destination: name };
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

function ambiguous(first: Claim, second: Claim): RecordError {
  const { destination } = first.target;
  const name = destination.kind === 'spread' ? destination.kind : destination.name;
  return new RecordError({
    code: 'ambiguous_column',
    message: `columns ${quoted(first.column)} and ${quoted(second.column)} both mean ${quoted(name)}`,
    fix: 'Leave one of them out, or say in "fields" which one goes there.',
    field: second.column,
  });
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
