import { unreachable } from '../errors/unreachable.ts';
import { isJsonObject } from '../json/guards.ts';
import type { JsonValue } from '../json/json.ts';
import type { KnownTrait, TraitOption } from '../vitally/known-traits.ts';
import { badValue, refuse, type ValuePlace, within } from './bad-value.ts';
import { parsed } from './lists.ts';
import { coerce, coerceTrait } from './values.ts';

type Given = Exclude<JsonValue, null>;

const OPTIONS_FIX =
  "Give the label or the value of one of the trait's options, or add the option in Vitally.";
const JSON_FIX = 'Give a list or an object, or its JSON text.';

/**
 * A row's value as a trait that Vitally knows takes it, by the table in `docs/objects.md`. Nothing is guessed: what
 * would lose something is refused. Null stays null, and of a type that is unknown the value stays as it is.
 *
 * @throws RecordError `bad_value`
 */
export function coerceKnownTrait(trait: KnownTrait, value: JsonValue, place: ValuePlace): JsonValue {
  if (value === null) return null;
  switch (trait.type) {
    case 'text':
    case 'number':
    case 'boolean':
    case 'date':
    case 'datetime':
      return coerce(trait.type, value, place);
    case 'select':
      return trait.options.length === 0 ? coerceTrait(value, place) : chosen(trait.options, value, place);
    case 'multiselect':
      return coerceTrait(coerceChoices(trait.options, value, place), place);
    case 'json':
      return coerceTrait(coerceJson(value, place), place);
    case 'unknown':
      return coerceTrait(value, place);
    default:
      return unreachable(trait.type);
  }
}

/** A list, its JSON text or one value, each brought to an option's value, once. Without options: as they are. */
function coerceChoices(options: readonly TraitOption[], value: Given, place: ValuePlace): JsonValue[] {
  const one = optionOf(options, value);
  if (one !== undefined) return [one.value];
  const read = typeof value === 'string' && value.trimStart().startsWith('[') ? parsed(value) : value;
  if (!Array.isArray(read)) return [options.length === 0 ? value : chosen(options, value, place)];
  if (options.length === 0) return read;
  return [...new Set(read.map((element, index) => chosen(options, element, within(place, index))))];
}

function coerceJson(value: Given, place: ValuePlace): JsonValue {
  if (typeof value !== 'string') return value;
  return parsed(value) ?? refuse(place, 'JSON', value, JSON_FIX);
}

function chosen(options: readonly TraitOption[], value: JsonValue, place: ValuePlace): JsonValue {
  const option = optionOf(options, value);
  if (option !== undefined) return option.value;
  const count = options.length === 1 ? 'the one option' : `one of the ${options.length} options`;
  throw badValue(place, `${count} of the trait was wanted, but it is none of them`, OPTIONS_FIX);
}

/** The option of this value or label, whatever their case; spelt exactly so before any other. */
function optionOf(options: readonly TraitOption[], value: JsonValue): TraitOption | undefined {
  if (value === null || Array.isArray(value) || isJsonObject(value)) return undefined;
  const given = textOf(value).trim();
  const exact =
    options.find((option) => textOf(option.value) === given) ?? options.find(({ label }) => label === given);
  if (exact !== undefined) return exact;
  const wanted = given.toLowerCase();
  const alike = options.filter(({ label, value: its }) =>
    [label, textOf(its)].some((name) => name.trim().toLowerCase() === wanted),
  );
  return new Set(alike.map((option) => textOf(option.value))).size === 1 ? alike[0] : undefined;
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
