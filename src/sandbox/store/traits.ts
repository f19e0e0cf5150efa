import type { Switches } from '../faults/switches.ts';
import type { JsonObject, JsonValue } from '../json.ts';

/** Attributes of accounts and organizations that can be written only as traits (vitally-api.md, "Traits"). */
const STANDARD_TRAITS = ['mrr', 'nextRenewalDate', 'churnedAt', 'trialEndDate'] as const;

/** A shallow merge: given keys replace, `null` removes, others stay. */
export function mergeTraits(traits: Map<string, JsonValue>, changes: JsonObject | undefined): void {
  for (const [key, value] of Object.entries(changes ?? {})) {
    if (value === null) traits.delete(key);
    else traits.set(key, value);
  }
}

export function standardTraits(traits: ReadonlyMap<string, JsonValue>): JsonObject {
  return Object.fromEntries(STANDARD_TRAITS.map((name) => [name, traits.get(name) ?? null]));
}

/** Traits of an account or organization as REST shows them. */
export function shownTraits(traits: ReadonlyMap<string, JsonValue>, switches: Switches): JsonObject {
  if (!switches.has('standard-traits-hidden')) return Object.fromEntries(traits);
  const hidden: ReadonlySet<string> = new Set(STANDARD_TRAITS);
  return Object.fromEntries([...traits].filter(([name]) => !hidden.has(name)));
}
