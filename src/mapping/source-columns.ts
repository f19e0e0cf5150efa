import { own } from '../json/guards.ts';
import type { JsonObject, JsonValue } from '../json/json.ts';

/**
 * Columns that Airbyte and its sources add for themselves: they change with every sync, and would become traits that
 * make every row a changed one. Airbyte's sources, "CDC": `_ab_cdc_lsn`, `_ab_cdc_updated_at`, `_ab_cdc_deleted_at`, …;
 * its file sources: `_ab_source_file_url`, `_ab_source_file_last_modified`, `_ab_additional_properties`.
 */
const SOURCE_COLUMN = /^_(?:airbyte_|ab_cdc_|ab_source_file_|ab_additional_properties$)/i;

/** As many columns as an object has traits that are read. Each takes more than a kilobyte of memory on its way. */
export const MAX_COLUMNS = 10_000;

const DELETED_AT = '_ab_cdc_deleted_at';

/** A column of Airbyte's own, in the case of any warehouse: it never becomes a field or trait by its name. */
export function isSourceColumn(name: string): boolean {
  return SOURCE_COLUMN.test(name);
}

/** A name of blanks alone names nothing. */
export function isNameless(name: string): boolean {
  return name.trim() === '';
}

/** The column in which change data capture says that a row was deleted. */
export function isDeletedMark(column: string): boolean {
  return column.length === DELETED_AT.length && column.toLowerCase() === DELETED_AT;
}

/** Whether change data capture marks the row as deleted in the source. */
export function isDeletedInSource(data: JsonObject): boolean {
  return Object.keys(data).some((column) => {
    return isDeletedMark(column) && !isNothing(own(data, column) ?? null);
  });
}

/** Null, or a text of blanks alone. */
export function isNothing(value: JsonValue): boolean {
  return value === null || (typeof value === 'string' && value.trim() === '');
}
