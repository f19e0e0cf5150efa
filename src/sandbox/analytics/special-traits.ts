import type { Switches } from '../faults/switches.ts';
import { field, isObject, type JsonObject, type JsonValue } from '../json.ts';

/** Traits of a message: those that are standard fields (vitally-api.md, "Analytics messages") apart from the rest. */
export interface SplitTraits {
  readonly special: ReadonlyMap<string, string | null>;
  readonly traits: JsonObject;
}

export function splitTraits(
  message: JsonObject,
  specialNames: readonly string[],
  switches: Switches,
): SplitTraits {
  const given = field(message, 'traits');
  const entries = isObject(given) ? Object.entries(given) : [];
  const written = entries.filter(([, value]) => value !== null || !switches.has('analytics-null-kept'));
  const isSpecial = ([name, value]: readonly [string, JsonValue]) =>
    specialNames.includes(name) && (value === null || typeof value === 'string');
  return {
    special: new Map(
      written.filter(isSpecial).map(([name, value]) => [name, value === null ? null : String(value)]),
    ),
    traits: Object.fromEntries(written.filter((entry) => !isSpecial(entry))),
  };
}
