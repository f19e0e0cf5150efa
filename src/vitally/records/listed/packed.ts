import type { JsonObject } from '../../../json/json.ts';

/** A field's name (`traits.x` for a trait) and its value as canonical text: two values are the same where these are. */
export type CanonicalValue = readonly [name: string, text: string];

/** The values of a record that are not empty. A name may come twice: then the record holds either value. */
export type CanonicalValues = (record: JsonObject) => Iterable<CanonicalValue>;

export type ListedName = 'id' | 'externalId' | 'email';

/** A record as a list showed it. */
export interface PackedFinding {
  readonly id: string;
  readonly externalId: string | undefined;
  /** Milliseconds since 1970, with the digits below as a fraction. */
  readonly updatedAt: number | undefined;
  readonly archived: boolean;
  /** False where it has more values than are kept. */
  readonly hasValues: boolean;
  /**
   * Whether it holds a value (`undefined`: an empty one). `undefined` where its values are not kept: then read the record.
   * Call it before the next step that waits: what the run writes meanwhile would not be seen.
   */
  holds(name: string, text: string | undefined): boolean | undefined;
}

/**
 * What is known by a name. `unsure`: a list showed a record of this name, but this run has written it since, or several
 * records share the name; then ask Vitally. `undefined`: no list showed it.
 */
export type PackedAnswer = PackedFinding | 'unsure' | undefined;
