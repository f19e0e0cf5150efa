import type { JsonValue } from '../json.ts';

/** What every record of Vitally has. */
export interface Stored {
  /** Vitally's own id, a UUID. */
  readonly id: string;
  /** The caller's own, `null` where it gave none. */
  readonly externalId: string | null;
  readonly createdAtMs: number;
  updatedAtMs: number;
  /** Order of creation and of the last change: unlike times, never equal for two records. */
  readonly createdOrder: number;
  updatedOrder: number;
  readonly traits: Map<string, JsonValue>;
  /** The last ones, oldest first; none before it is first written. */
  readonly changes: Change[];
  /** What the last runs made of it, one each. */
  readonly outcomes: RunOutcome[];
}

export type Outcome = 'created' | 'updated' | 'unchanged' | 'deleted';

export interface RunOutcome {
  readonly run: number;
  outcome: Outcome;
}

/** What one write made of a record. */
export interface Change {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** The number of the request; `undefined` for a seed. */
  readonly request: number | undefined;
  /** None for its creation. */
  readonly fields: readonly FieldChange[];
}

export interface FieldChange {
  /** A trait as `traits.<name>`. */
  readonly name: string;
  readonly before: JsonValue;
  readonly after: JsonValue;
}
