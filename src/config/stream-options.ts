import type { JsonValue } from '../json/json.ts';
import type { Template } from './template/template.ts';

/** What to do with a row. Contract 1. */
export type Mode = 'upsert' | 'update' | 'append' | 'delete';
export type MatchOn = 'externalId' | 'id' | 'email';
export type WriteVia = 'auto' | 'rest' | 'analytics';

/** An item of the config's `fields`: a column, or a value that is computed of columns, and where it goes. */
export type FieldMapping = ColumnMapping | TemplateMapping;

export interface ColumnMapping {
  readonly source: string;
  /** A field of the object, or `traits.x` for the trait `x`, or any other name for the trait of that name. */
  readonly destination: string;
}

export interface TemplateMapping {
  readonly template: Template;
  readonly destination: string;
}

/** The columns that a mapping reads. */
export function columnsOf(mapping: FieldMapping): readonly string[] {
  return 'source' in mapping ? [mapping.source] : mapping.template.columns;
}

/** The column that goes to the mapping's destination as it is; `undefined` for a computed value, which columns only feed. */
export function sourceOf(mapping: FieldMapping): string | undefined {
  return 'source' in mapping ? mapping.source : undefined;
}

export interface Constant {
  readonly destination: string;
  readonly value: JsonValue;
}

/** Options that hold for each row: a route takes them over. */
export interface RowOptions {
  readonly fields: readonly FieldMapping[];
  readonly constants: readonly Constant[];
  /** Columns, or `traits.x` inside a `traits` column, that never leave. */
  readonly exclude: readonly string[];
  readonly nulls: 'clear' | 'keep';
  readonly relations: 'add' | 'replace';
  readonly unknownAccounts: 'reject' | 'create';
  /** What becomes of a field that names a team member whom Vitally doesn't know. */
  readonly unknownPeople: 'reject' | 'leave_out';
  /** Fields and traits that are written only where Vitally's value is empty. */
  readonly ifEmpty: readonly string[];
  readonly deleteLimit: { readonly count: number } | { readonly percent: number };
  /** Rows that change data capture marks as deleted (`_ab_cdc_deleted_at`). In mode delete the mark changes nothing. */
  readonly deletedRows: 'skip' | 'delete';
}

export type RequestMethod = 'POST' | 'PUT' | 'DELETE';

/**
 * The options of a stream, as `spec.json` has them: `syncKey` is its `sync_key`; `requestPath` is its `path`, since an
 * entry's `path` here is its own place in the config. An option without a default there
 * may be absent here, and is resolved from the catalog.
 */
export interface StreamOptions extends RowOptions {
  readonly customObject?: string;
  readonly mode?: Mode;
  readonly syncKey?: readonly string[];
  readonly matchOn?: MatchOn;
  readonly otherColumns: 'traits' | 'drop';
  readonly unknownKey?: 'skip' | 'reject';
  readonly preventNewTraits: boolean;
  /** Absent: by the mode. */
  readonly method?: RequestMethod;
  readonly requestPath?: string;
  /** Absent: as the connection says. */
  readonly writeVia?: WriteVia;
}

/** An item of the config's `streams`: a stream, its object and its options. */
export interface StreamEntry extends StreamOptions {
  readonly stream: string;
  readonly namespace?: string;
  readonly object: string;
  /** Where the config has it, for faults: `/streams/0`. */
  readonly path: string;
}

/** An entry under the names that `spec.json` and the config have for its options. */
export type WrittenEntry = Written<Omit<StreamEntry, 'path' | 'requestPath' | 'fields'>> & {
  readonly path?: string;
  readonly fields: readonly WrittenMapping[];
};

/** A mapping as it is written: exactly one of `source` and `template` is meant. */
export interface WrittenMapping {
  readonly source?: string;
  readonly template?: string;
  readonly destination: string;
}

type Written<Options> = { readonly [Name in keyof Options as SnakeCase<Name & string>]: Options[Name] };

type SnakeCase<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : Name;

/**
 * An entry under the names of the code; the values stay as they are.
 *
 * @param fields its mappings, ready to be used
 */
export function streamEntry(
  written: WrittenEntry,
  path: string,
  fields: readonly FieldMapping[],
): StreamEntry;
export function streamEntry(written: object, path: string, fields: readonly FieldMapping[]): object {
  const options = Object.entries(written).map(([name, value]) => [
    name === 'path' ? 'requestPath' : camelCase(name),
    value,
  ]);
  return { ...Object.fromEntries(options), path, fields };
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Those of a stream's options that hold for each row. */
export function rowOptions(options: StreamOptions): RowOptions {
  const { fields, constants, exclude, nulls, relations, unknownAccounts, unknownPeople } = options;
  const { ifEmpty, deleteLimit, deletedRows } = options;
  return {
    fields,
    constants,
    exclude,
    nulls,
    relations,
    unknownAccounts,
    unknownPeople,
    ifEmpty,
    deleteLimit,
    deletedRows,
  };
}
