import type { JsonObject, JsonValue } from '../../json/json.ts';
import type { NamedLists } from '../../vitally/records/named-lists.ts';
import type { RecordCache } from '../../vitally/records/record-cache.ts';

/** Where the ids behind a row's spelling are found; `undefined` without a REST token. */
export interface Sources {
  readonly recordCache: RecordCache | undefined;
  readonly named: NamedLists | undefined;
}

/** How records are told apart that fields of theirs make one. */
export interface FieldsName {
  /** One text for one record, however these fields spell it. */
  readonly of: (sources: Sources, fields: ReadonlyMap<string, JsonValue>) => Promise<string>;
  /** These fields of a record as Vitally shows it. */
  readonly heldBy: (record: JsonObject) => ReadonlyMap<string, JsonValue>;
}
