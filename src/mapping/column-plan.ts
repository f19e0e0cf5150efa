import { quoted } from '../errors/quoted.ts';
import { RecordError } from '../errors/record-error.ts';
import { folded } from '../objects/index.ts';
import { type ColumnNotes, NO_NOTES } from './column-notes.ts';
import { createFieldNames, type Destination, OTHER_NAME, slotOf } from './field-names.ts';
import { foreignId, foreignPlacesOf } from './foreign-places.ts';
import type { Route } from './route.ts';
import { isNameless, isSourceColumn } from './source-columns.ts';
import { NO_TRAITS, type TraitNames } from './trait-names.ts';

/** What a column's value becomes; a column may have several targets, or none. */
export interface Target {
  readonly destination: Exclude<Destination, { kind: 'key' }>;
  /** Two values with one slot contend for the same place. */
  readonly slot: string;
  /** The better name wins the slot (0 is best); equals are ambiguous. */
  readonly rank: number;
}

export interface ColumnPlan {
  /** Targets of a column, by its name alone. Throws RecordError `unknown_column` where the route rejects new ones. */
  targetsOf(column: string): readonly Target[];
  /** The target of a member of a `traits` object; `undefined` when config or a constant holds that trait. */
  traitTarget(name: string): Target | undefined;
  /** Why a row can't be written while this column holds something; `undefined` for most columns. */
  rejectionOf(column: string): RecordError | undefined;
  /** Where a column goes that lost its field to a better name; `undefined` when it is dropped. */
  otherTarget(column: string): Target | undefined;
}

/** Rows may bring endless names: this many are remembered, the others are worked out each time. */
const MAX_CACHED_COLUMNS = 2_000;

/** Longer names are not remembered either. */
const MAX_CACHED_NAME_CHARACTERS = 200;

const NO_TARGETS: readonly Target[] = [];

/** What each column of a route's rows means. Contract 3, "Columns". */
export function createColumnPlan(
  route: Route,
  traits: TraitNames = NO_TRAITS,
  notes: ColumnNotes = NO_NOTES,
): ColumnPlan {
  const names = createFieldNames(route.object, route.matchOn);
  const places = foreignPlacesOf(route);
  const hints = new Map(
    Object.entries(route.object.hints ?? {}).map(([name, advice]) => [folded(name), advice]),
  );
  const keyColumns = new Set(route.keyColumns);
  const mapped = new Map<string, Target[]>();
  // Places that config fills: a column that would land there by name is left out.
  const claimed = new Set<string>();

  for (const { source, destination: name } of route.fields) {
    const destination = names.named(name);
    if (destination.kind === 'key') continue;
    const target = { destination, slot: slotOf(destination), rank: 0 };
    claimed.add(target.slot);
    mapped.set(source, [...(mapped.get(source) ?? []), target]);
  }
  for (const { destination } of route.constants) claimed.add(slotOf(names.named(destination)));

  const byName = (destination: Destination): Target | undefined => {
    if (destination.kind === 'key' || claimed.has(slotOf(destination))) return undefined;
    if (destination.kind !== 'field') return { destination, slot: slotOf(destination), rank: 0 };
    const { field, alias, rank } = destination;
    // `accountId` and `accountIds` of one row are joined rather than contending for the field.
    const slot = field.type === 'ids' ? `${slotOf(destination)} ${alias ?? ''}` : slotOf(destination);
    return { destination, slot, rank };
  };

  const otherTarget = (column: string): Target | undefined => {
    if (route.otherColumns === 'drop') return undefined;
    const known = traits.named(column);
    const place = known && names.trait(known.path);
    // What lost its field must not come back to it by another name.
    const isLost = place?.kind === 'field' && names.field(column) !== undefined;
    if (place !== undefined && !isLost) return byName(place);
    if (route.otherColumns === 'reject') throw unknownColumn(column);
    const advice = hints.get(folded(column));
    if (advice !== undefined) notes.hint(column, advice);
    return byName({ kind: 'trait', name: column });
  };

  const nameless = (): undefined => {
    notes.nameless();
    return undefined;
  };

  const mappedTarget = (column: string, path: string): Target | undefined => {
    if (isNameless(path)) return nameless();
    const destination = names.trait(path);
    const isNew = destination.kind === 'trait' && traits.at(path) === undefined;
    if (isNew && route.otherColumns === 'reject') throw unknownColumn(column);
    return byName(destination);
  };

  const targetOf = (column: string): Target | undefined => {
    if (keyColumns.has(column) || isSourceColumn(column)) return undefined;
    if (isNameless(column)) return nameless();
    const path = route.mapped ? names.traitPath(column) : undefined;
    if (path !== undefined) return mappedTarget(column, path);
    // The key comes from another column: this one is a column like any other.
    if (names.isKey(column)) return otherTarget(column);
    const field = names.field(column);
    // A name that gives way means something of its own where config fills the field.
    const givesWay = field?.rank === OTHER_NAME && claimed.has(slotOf(field));
    if (field !== undefined && !givesWay) return byName(field);
    if (places.isForeign(column)) {
      if (places.fate === 'leave out') notes.leftOut(column, places.reason);
      return undefined;
    }
    const spreads = names.isSpread(column) && route.otherColumns !== 'reject';
    return spreads ? byName({ kind: 'spread' }) : otherTarget(column);
  };

  const cache = new Map<string, readonly Target[]>();
  const targetsOf = (column: string): readonly Target[] => {
    const known = cache.get(column) ?? mapped.get(column);
    if (known !== undefined) return known;
    const target = targetOf(column);
    const targets = target === undefined ? NO_TARGETS : [target];
    if (cache.size < MAX_CACHED_COLUMNS && column.length <= MAX_CACHED_NAME_CHARACTERS) {
      cache.set(column, targets);
    }
    return targets;
  };

  const rejectionOf = (column: string): RecordError | undefined => {
    const isMapped = mapped.has(column) || keyColumns.has(column);
    return places.fate === 'reject' && !isMapped && places.isForeign(column)
      ? foreignId(route.object, column)
      : undefined;
  };

  return {
    targetsOf,
    rejectionOf,
    traitTarget: (name) => (isNameless(name) ? nameless() : byName(names.trait(name))),
    otherTarget,
  };
}

function unknownColumn(column: string): RecordError {
  return new RecordError({
    code: 'unknown_column',
    message: `column ${quoted(column)} goes to no field and would be a new trait, which "prevent_new_traits" rules out`,
    fix: 'Map the column in "fields" (to traits.<name> where you want the trait), or leave it out of the stream.',
    field: column,
  });
}
