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
}
