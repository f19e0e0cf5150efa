import { columnsOf } from '../config/stream-options.ts';
import type { Template } from '../config/template/template.ts';
import { quoted } from '../errors/quoted.ts';
import { RecordError } from '../errors/record-error.ts';
import { folded } from '../objects/index.ts';
import { type ColumnNotes, NO_NOTES } from './column-notes.ts';
import { createFieldNames, type Destination, type FieldNames, OTHER_NAME, slotOf } from './field-names.ts';
import { type ForeignPlaces, foreignId, foreignPlacesOf } from './foreign-places.ts';
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
  /** A value that is not null goes where it would without the field: config did not say that it is meant for it. */
  readonly nullAlone?: true;
}

/** A value that a template computes, and its place. */
export interface Computed {
  readonly template: Template;
  readonly target: Target;
}

export interface ColumnPlan {
  /** What the route's templates compute. The columns that they read have targets of their own. */
  readonly computed: readonly Computed[];
  /** Targets of a column, by its name alone. Throws RecordError `unknown_column` where the route rejects new ones. */
  targetsOf(column: string): readonly Target[];
  /** The target of a member of a `traits` object; `undefined` when config or a constant holds that trait. */
  traitTarget(name: string): Target | undefined;
  /** Why a row can't be written while this column holds something; `undefined` for most columns. */
  rejectionOf(column: string): RecordError | undefined;
  /** Where a column goes that lost its field to a better name; `undefined` when it is dropped. */
  otherTarget(column: string): Target | undefined;
  /** The trait that Vitally knows by the column's name, where it knows one. */
  knownTrait(column: string): Target | undefined;
}

/** Rows may bring endless names: this many are remembered, the others are worked out each time. */
const MAX_CACHED_COLUMNS = 2_000;

/** Longer names are not remembered either. */
const MAX_CACHED_NAME_CHARACTERS = 200;

const NO_TARGETS: readonly Target[] = [];

/** What each column of a route's rows means. Contract 3, "Columns". */
export function createColumnPlan(
  route: Omit<Route, 'transport'>,
  traits: TraitNames = NO_TRAITS,
  notes: ColumnNotes = NO_NOTES,
): ColumnPlan {
  return new RoutePlan(route, traits, notes);
}

class RoutePlan implements ColumnPlan {
  readonly computed: readonly Computed[];
  readonly #route: Omit<Route, 'transport'>;
  readonly #traits: TraitNames;
  readonly #notes: ColumnNotes;
  readonly #names: FieldNames;
  readonly #places: ForeignPlaces;
  /** Columns that config or catalog says the use of. */
  readonly #named: ReadonlySet<string>;
  readonly #keyColumns: ReadonlySet<string>;
  readonly #hints: ReadonlyMap<string, string>;
  readonly #mapped = new Map<string, Target[]>();
  /** Places that config fills: a column that would land there by name is left out. */
  readonly #claimed = new Set<string>();
  readonly #cache = new Map<string, readonly Target[]>();

  constructor(route: Omit<Route, 'transport'>, traits: TraitNames, notes: ColumnNotes) {
    this.#route = route;
    this.#traits = traits;
    this.#notes = notes;
    this.#names = createFieldNames(route.object, route.matchOn);
    this.#places = foreignPlacesOf(route);
    this.#keyColumns = new Set([...route.keyColumns, ...(route.request?.path.columns ?? [])]);
    const hints = Object.entries(route.object.hints ?? {});
    this.#hints = new Map(hints.map(([name, advice]) => [folded(name), advice]));
    this.#named = new Set([...route.keyColumns, ...route.fields.flatMap(columnsOf)]);
    const computed: Computed[] = [];
    for (const mapping of route.fields) {
      const destination = this.#names.named(mapping.destination);
      if (destination.kind === 'key') continue;
      const target = { destination, slot: slotOf(destination), rank: 0 };
      this.#claimed.add(target.slot);
      if ('template' in mapping) computed.push({ template: mapping.template, target });
      else this.#mapped.set(mapping.source, [...(this.#mapped.get(mapping.source) ?? []), target]);
    }
    this.computed = computed;
    for (const { destination } of route.constants) {
      this.#claimed.add(slotOf(this.#names.named(destination)));
    }
  }

  targetsOf(column: string): readonly Target[] {
    const known = this.#cache.get(column) ?? this.#mapped.get(column);
    if (known !== undefined) return known;
    const target = this.#targetOf(column);
    const targets = target === undefined ? NO_TARGETS : [target];
    if (this.#cache.size < MAX_CACHED_COLUMNS && column.length <= MAX_CACHED_NAME_CHARACTERS) {
      this.#cache.set(column, targets);
    }
    return targets;
  }

  traitTarget(name: string): Target | undefined {
    return isNameless(name) ? this.#nameless() : this.#byName(this.#names.trait(name));
  }

  rejectionOf(column: string): RecordError | undefined {
    return this.#places.fate === 'reject' && !this.#named.has(column) && this.#places.isForeign(column)
      ? foreignId(this.#route.object, column)
      : undefined;
  }

  otherTarget(column: string): Target | undefined {
    if (this.#route.otherColumns === 'drop') return undefined;
    const known = this.#traits.named(column);
    const place = known && this.#names.trait(known.path);
    // What lost its field must not come back to it by another name.
    const isLost = place?.kind === 'field' && this.#names.field(column) !== undefined;
    if (place !== undefined && !isLost) return this.#byName(place);
    if (this.#route.otherColumns === 'reject') throw unknownColumn(column);
    const advice = this.#hints.get(folded(column));
    if (advice !== undefined) this.#notes.hint(column, advice);
    return this.#byName({ kind: 'trait', name: column });
  }

  knownTrait(column: string): Target | undefined {
    const isKnown = this.#route.otherColumns !== 'drop' && this.#traits.named(column) !== undefined;
    return isKnown ? this.otherTarget(column) : undefined;
  }

  #targetOf(column: string): Target | undefined {
    if (this.#keyColumns.has(column) || isSourceColumn(column)) return undefined;
    if (isNameless(column)) return this.#nameless();
    const path = this.#route.mapped ? this.#names.traitPath(column) : undefined;
    if (path !== undefined) return this.#mappedTarget(column, path);
    // The key comes from another column: this one is a column like any other.
    if (this.#names.isKey(column)) return this.otherTarget(column);
    const field = this.#names.field(column);
    // A name that gives way means something of its own where config fills the field.
    const givesWay = field?.rank === OTHER_NAME && this.#claimed.has(slotOf(field));
    if (field !== undefined && !givesWay) return this.#byName(field);
    if (this.#places.isForeign(column)) {
      if (this.#places.fate === 'leave out') this.#notes.leftOut(column, this.#places.reason);
      return undefined;
    }
    const spreads = this.#names.isSpread(column) && this.#route.otherColumns !== 'reject';
    return spreads ? this.#byName({ kind: 'spread' }) : this.otherTarget(column);
  }

  #mappedTarget(column: string, path: string): Target | undefined {
    if (isNameless(path)) return this.#nameless();
    const destination = this.#names.trait(path);
    const isNew = destination.kind === 'trait' && this.#traits.at(path) === undefined;
    if (isNew && this.#route.otherColumns === 'reject') throw unknownColumn(column);
    return this.#byName(destination);
  }

  #byName(destination: Destination): Target | undefined {
    if (destination.kind === 'key' || this.#claimed.has(slotOf(destination))) return undefined;
    if (destination.kind !== 'field') return { destination, slot: slotOf(destination), rank: 0 };
    const { field, alias, rank } = destination;
    // `accountId` and `accountIds` of one row are joined rather than contending for the field.
    const slot = field.type === 'ids' ? `${slotOf(destination)} ${alias ?? ''}` : slotOf(destination);
    const nullAlone = field.onlyNull === true && !this.#route.mapped;
    return { destination, slot, rank, ...(nullAlone && { nullAlone }) };
  }

  #nameless(): undefined {
    this.#notes.nameless();
  }
}

function unknownColumn(column: string): RecordError {
  return new RecordError({
    code: 'unknown_column',
    message: `column ${quoted(column)} goes to no field and would be a new trait, which "prevent_new_traits" rules out`,
    fix: 'Map the column in "fields" (to traits.<name> where you want the trait), or leave it out of the stream.',
    field: column,
  });
}
