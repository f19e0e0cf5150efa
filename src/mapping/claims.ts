import { quoted } from '../errors/quoted.ts';
import { RecordError } from '../errors/record-error.ts';
import { own } from '../json/guards.ts';
import type { JsonObject, JsonValue } from '../json/json.ts';
import type { ColumnPlan, Computed, Target } from './column-plan.ts';
import { OTHER_NAME } from './field-names.ts';
import { isNothing } from './source-columns.ts';
import { badValue } from './values/bad-value.ts';
import { coerceObject } from './values/values.ts';

/** A value on its way to its place, and the column that it comes from: of a computed one the place itself. */
export interface Claim {
  readonly column: string;
  readonly value: JsonValue;
  readonly target: Target;
  readonly isComputed?: true;
}

/**
 * What a row's columns, and the templates that read them, bring to which places.
 *
 * @throws RecordError
 */
export function claimsOf(plan: ColumnPlan, data: JsonObject, nulled: ReadonlySet<string>): Claim[] {
  const claims = plan.computed.flatMap((computed) => computedClaims(plan, computed, data, nulled));
  for (const column of Object.keys(data)) {
    const value = own(data, column);
    if (value === undefined || nulled.has(column)) continue;
    const rejection = isNothing(value) ? undefined : plan.rejectionOf(column);
    if (rejection !== undefined) throw rejection;
    for (const target of plan.targetsOf(column)) {
      if (target.nullAlone === true) claims.push(...claimsOfNull(plan, { column, value, target }));
      else if (target.destination.kind !== 'spread') claims.push({ column, value, target });
      else for (const claim of spread(plan, { column, value, target }, nulled)) claims.push(claim);
    }
  }
  return claims;
}

/** Null empties the field, and the trait that earlier values of the column made; anything else goes to that trait alone. */
function claimsOfNull(plan: ColumnPlan, claim: Claim): Claim[] {
  const { column, value } = claim;
  const trait = isNothing(value) ? plan.knownTrait(column) : plan.otherTarget(column);
  const asTrait = trait === undefined ? [] : [{ column, value, target: trait }];
  return isNothing(value) ? [claim, ...asTrait] : asTrait;
}

/** What a template makes of a row: nothing where the row has none of its columns, as a column that isn't there says nothing. */
function computedClaims(
  plan: ColumnPlan,
  { template, target }: Computed,
  data: JsonObject,
  nulled: ReadonlySet<string>,
): Claim[] {
  const { columns } = template;
  const isThere = (column: string): boolean => Object.hasOwn(data, column) && !nulled.has(column);
  if (columns.length > 0 && !columns.some(isThere)) return [];
  const row =
    nulled.size === 0 ? data : Object.fromEntries(Object.entries(data).filter(([name]) => !nulled.has(name)));
  const { destination } = target;
  const name = destination.kind === 'spread' ? destination.kind : destination.name;
  const rendered = template.render(row);
  if (rendered.kind === 'failed') {
    throw badValue({ column: name, destination: name, isComputed: true }, rendered.problem, rendered.fix);
  }
  const claim: Claim = { column: name, value: rendered.text, target, isComputed: true };
  return destination.kind === 'spread' ? spread(plan, claim, nulled) : [claim];
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
export function contend(claims: readonly Claim[], plan: ColumnPlan): Iterable<Claim> {
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
