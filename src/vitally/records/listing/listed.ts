import type { JsonValue } from '../../../json/json.ts';
import type { Collection } from '../collection.ts';
import type { LookupBy, RecordNames } from '../record-names.ts';
import type { ListedRecord } from './listed-record.ts';

/** What lists showed, kept in bounded memory. Every method is one synchronous step. */
export interface ListedRecords {
  /** False where there is no room: what is kept stays. */
  keep(collection: Collection, body: JsonValue): boolean;
  get(collection: Collection, by: LookupBy, value: string): ListedRecord | undefined;
  /**
   * A list showed this name, but what is kept doesn't tell which record has it or what that holds: several share it, this
   * run has written it since, or it holds too much. Never take such a name for absent.
   */
  isUnsure(collection: Collection, by: LookupBy, value: string): boolean;
  /** A record of one of these names was written: what a list showed of it no longer counts. */
  drop(collection: Collection, names: RecordNames): void;
}
