import { columnsOf } from '../config/stream-options.ts';
import { quoted, quotedList, shortened } from '../errors/quoted.ts';
import { triedNow } from '../errors/tried.ts';
import { type ColumnPlan, createColumnPlan } from '../mapping/column-plan.ts';
import { withDeleteFields } from '../mapping/columns/delete-columns.ts';
import { ExcludedColumns } from '../mapping/columns/excluded-columns.ts';
import { createFieldNames, type Destination } from '../mapping/field-names.ts';
import type { Route } from '../mapping/route.ts';
import { NO_TRAITS, type TraitNames, withTraitPaths } from '../mapping/trait-names.ts';
import { nameOf } from './summary.ts';

/** Columns that the line shows, and the characters that they may take; the rest are counted. */
const MAX_SHOWN_COLUMNS = 300;
const MAX_SHOWN_CHARACTERS = 30_000;

/**
 * Where each column of a stream goes, for the log before the first row: the names are what the user typed or the catalog
 * lists.
 *
 * @param traits those that Vitally knows, where it has been asked
 */
export function columnMap(given: Route, traits?: TraitNames): string {
  const route = withTraitPaths(given, traits ?? NO_TRAITS);
  const overview = new Overview(route, traits);
  const listed = route.listedColumns ?? new Set<string>();
  const inPath = route.request?.path.columns ?? [];
  const mapped = route.fields.flatMap(columnsOf);
  const columns = [...new Set([...route.keyColumns, ...inPath, ...mapped, ...listed])];
  const all = [
    ...overview.computed(),
    ...columns.map((column) => overview.of(column)),
    ...overview.constants(),
  ];
  const shown = firstOf(all);
  if (all.length > shown.length) shown.push(`${all.length - shown.length} more`);
  const others = listed.size > 0 ? '' : othersOf(route);
  const list = shown.length === 0 ? 'no column is listed' : shown.join(', ');
  return `columns of stream ${nameOf(route)} (${route.object.name}, ${modeOf(route)}): ${list}${others}`;
}

function firstOf(all: readonly string[]): string[] {
  let characters = 0;
  const end = all.findIndex((one, index) => {
    characters += one.length;
    return index >= MAX_SHOWN_COLUMNS || characters > MAX_SHOWN_CHARACTERS;
  });
  return end === -1 ? [...all] : all.slice(0, end);
}

/** Whether what Vitally knows of traits would make a stream's overview say more. */
export function dependsOnTraits(route: Route): boolean {
  if (route.unwritable !== undefined || route.mode === 'delete' || route.object.traitModel === undefined) {
    return false;
  }
  if (route.otherColumns === 'reject') return true;
  const plan = createColumnPlan(route);
  const names = createFieldNames(route.object, route.matchOn);
  const listed = [...(route.listedColumns ?? [])].flatMap((column) => plan.targetsOf(column));
  const given = [...route.fields, ...route.constants].map(({ destination }) => names.named(destination));
  return [...listed.map(({ destination }) => destination), ...given].some(({ kind }) => kind === 'trait');
}

/** Of a stream that brought rows: mapped columns that none of them had. Probably a slip in a name. */
export function absentColumns(route: Route, columns: readonly string[], received: number): string[] {
  if (received === 0 || columns.length === 0) return [];
  const which = columns.length === 1 ? 'the mapped column' : 'the mapped columns';
  return [
    `stream ${nameOf(route)}: no row had ${which} ${quotedList(columns)}; check the spelling in the config.`,
  ];
}

/** The mode; of requests, what is sent too. */
function modeOf({ mode, request }: Route): string {
  return request === undefined ? mode : `${mode}: ${request.method} ${request.path.text}`;
}

class Overview {
  readonly #route: Route;
  readonly #traits: TraitNames | undefined;
  readonly #plan: ColumnPlan;
  /** Of what a DELETE takes beside the key. */
  readonly #deletes: ColumnPlan | undefined;
  readonly #excluded: ExcludedColumns;

  constructor(route: Route, traits: TraitNames | undefined) {
    this.#route = route;
    this.#traits = traits;
    this.#plan = createColumnPlan(route, traits);
    const deletes = withDeleteFields(route);
    this.#deletes = deletes && createColumnPlan(deletes);
    this.#excluded = new ExcludedColumns(route.exclude);
  }

  of(column: string): string {
    return `${quoted(column)} → ${this.#placesOf(column).join(' and ')}`;
  }

  computed(): string[] {
    return this.#plan.computed.map(({ template, target }) => {
      const columns = template.columns.length === 0 ? 'no column' : quotedList(template.columns);
      return `a template of ${columns} → ${this.#placeOf(target.destination)}`;
    });
  }

  constants(): string[] {
    const names = createFieldNames(this.#route.object, this.#route.matchOn);
    return this.#route.constants.map(({ destination }) => {
      return `a constant → ${this.#placeOf(names.named(destination))}`;
    });
  }

  #placesOf(column: string): readonly string[] {
    const { keyColumns, matchOn, mode, request } = this.#route;
    if (this.#excluded.has(column)) return ['excluded'];
    const asKey = request === undefined ? `key (${matchOn})` : 'key';
    const key = [
      ...(keyColumns.includes(column) ? [asKey] : []),
      ...(request?.path.columns.includes(column) ? ['path'] : []),
    ];
    if (mode === 'delete' && request === undefined) {
      const read =
        this.#deletes?.targetsOf(column).map(({ destination }) => this.#placeOf(destination)) ?? [];
      return key.length + read.length > 0 ? [...key, ...read] : ['not needed'];
    }
    const { value: targets } = triedNow(() => this.#plan.targetsOf(column));
    if (targets === undefined)
      return [this.#traits === undefined ? 'rejected unless Vitally knows a trait of this name' : 'rejected'];
    const places = targets.map(({ destination, nullAlone }) => {
      return `${this.#placeOf(destination)}${nullAlone === true ? ' (null alone, else a trait)' : ''}`;
    });
    const all = [...key, ...places];
    return all.length > 0 ? all : ['dropped'];
  }

  #placeOf(destination: Destination): string {
    switch (destination.kind) {
      case 'key':
        return `key (${this.#route.matchOn})`;
      case 'spread':
        return this.#route.object.others === 'properties' ? 'properties, one by one' : 'traits, one by one';
      case 'field':
        return destination.name;
      case 'trait':
        return this.#traitPlace(destination.name);
    }
  }

  /** A trait is new where Vitally was asked and doesn't know it. */
  #traitPlace(trait: string): string {
    const name = shortened(trait);
    if (this.#route.object.others === 'properties') return `property ${name}`;
    if (this.#route.request !== undefined) return `body.${name}`;
    if (this.#traits === undefined) return `trait ${name}`;
    const known = this.#traits.at(trait);
    if (known === undefined) return `new trait ${name}`;
    return `trait ${name} (${known.type === 'unknown' ? 'known' : `known, ${known.type}`})`;
  }
}

function othersOf({ object, otherColumns, mode, request }: Route): string {
  if (request !== undefined)
    return `; other columns ${otherColumns === 'drop' ? 'are dropped' : 'go to the body'}`;
  if (mode === 'delete') {
    const read = Object.keys(object.deleteFields ?? {});
    return read.length === 0
      ? '; other columns are not needed'
      : `; of other columns only ${read.join(', ')} is read`;
  }
  switch (otherColumns) {
    case 'traits':
      return '; other columns go to fields and traits by their names';
    case 'drop':
      return '; other columns go to fields by their names, or are dropped';
    case 'reject':
      return '; other columns go to fields and known traits by their names';
  }
}
