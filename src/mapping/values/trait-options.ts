import { isJsonObject } from '../../json/guards.ts';
import type { JsonValue } from '../../json/json.ts';
import type { TraitOption } from '../../vitally/traits/known-traits.ts';

/** The options of a select trait, found by value or label. */
export interface Options {
  readonly count: number;
  /** The option of this value or label, whatever their case; spelt exactly so before any other. */
  of(value: JsonValue): TraitOption | undefined;
}

const INDEXES = new WeakMap<readonly TraitOption[], Options>();

/** A list may have as many elements as a row has room for: each is looked up, not searched for. */
export function optionsOf(options: readonly TraitOption[]): Options {
  const known = INDEXES.get(options);
  if (known !== undefined) return known;
  const index = indexOf(options);
  INDEXES.set(options, index);
  return index;
}

function indexOf(options: readonly TraitOption[]): Options {
  const byValue = new Map<string, TraitOption>();
  const byLabel = new Map<string, TraitOption>();
  const alike = new Map<string, Map<string, TraitOption>>();
  for (const option of options) {
    const value = textOf(option.value);
    if (!byValue.has(value)) byValue.set(value, option);
    if (!byLabel.has(option.label)) byLabel.set(option.label, option);
    for (const name of [value, option.label].map((text) => text.trim().toLowerCase())) {
      const values = alike.get(name) ?? new Map<string, TraitOption>();
      if (!values.has(value)) values.set(value, option);
      alike.set(name, values);
    }
  }
  return {
    count: options.length,
    of(value) {
      if (value === null || Array.isArray(value) || isJsonObject(value)) return undefined;
      const given = textOf(value).trim();
      const exact = byValue.get(given) ?? byLabel.get(given);
      if (exact !== undefined) return exact;
      const values = alike.get(given.toLowerCase());
      return values?.size === 1 ? [...values.values()][0] : undefined;
    },
  };
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
