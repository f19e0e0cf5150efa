import type { JsonValue } from '../../../json/json.ts';

/** How a value of a row stands to what a list showed of its record. */
export type Comparison = 'same' | 'different' | 'empty';

/**
 * What is kept of a record that a list showed. Compare before the next step that waits: of a record that was written since,
 * every value counts as different.
 */
export interface ListedRecord {
  readonly id: string;
  readonly externalId: string | undefined;
  /** Milliseconds since the epoch; `undefined` where the record does not say. */
  readonly updatedAt: number | undefined;
  /** @param name of a field, or `traits.` and that of a trait */
  compare(name: string, value: JsonValue): Comparison;
  /** Whether the record's list in a field has each of these; false also where that isn't kept. */
  holdsEach(name: string, values: readonly JsonValue[]): boolean;
}
