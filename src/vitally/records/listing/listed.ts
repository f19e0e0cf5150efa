import type { JsonValue } from '../../../json/json.ts';
import type { Collection } from '../collection.ts';
import type { LookupBy } from '../record-names.ts';

/** How a value of a row stands to what a list showed of its record. */
export type Comparison = 'same' | 'different' | 'empty';

/** What is kept of a record that a list showed. */
export interface ListedRecord {
  readonly id: string;
  readonly externalId: string | undefined;
  /** Milliseconds since the epoch; `undefined` where the record does not say. */
  readonly updatedAt: number | undefined;
  /** @param name of a field, or `traits.` and that of a trait */
  compare(name: string, value: JsonValue): Comparison;
}

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
  /** A record was written: what a list showed of it no longer counts. */
  drop(collection: Collection, id: string): void;
}
