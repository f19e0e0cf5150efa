import type { RecordError } from '../../errors/record-error.ts';
import { unreachable } from '../../errors/unreachable.ts';
import type { JsonValue } from '../../json/json.ts';
import type { KnownTrait, TraitOption } from '../../vitally/traits/known-traits.ts';
import { badValue, reject, type ValuePlace, within } from './bad-value.ts';
import { parsed } from './lists.ts';
import { listedIn } from './text-lists.ts';
import { optionsOf } from './trait-options.ts';
import { coerce, coerceTrait, isBlank } from './values.ts';

type Given = Exclude<JsonValue, null>;

const OPTIONS_FIX =
  "Give the label or the value of one of the trait's options, or add the option in Vitally.";
const CHOICES_FIX = `${OPTIONS_FIX} Give several as a list or its JSON text.`;
const JSON_FIX = 'Give a list or an object, or its JSON text.';

/** Types that have an empty text. */
const EMPTY_TEXTS: ReadonlySet<KnownTrait['type']> = new Set(['text', 'unknown']);

/**
 * A row's value as a trait that Vitally knows takes it, by the table in `docs/objects.md`. Nothing is guessed: what
 * would lose something is rejected. Null stays null, blank text is null where the type has none, and for an unknown
 * type the value stays as it is.
 *
 * @throws RecordError `bad_value`
 */
export function coerceKnownTrait(trait: KnownTrait, value: JsonValue, place: ValuePlace): JsonValue {
  if (value === null || (!EMPTY_TEXTS.has(trait.type) && isBlank(value))) return null;
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

/**
 * A list, its JSON text, a text that lists options, or one value, each brought to an option's value, once; empty
 * elements don't count. Without options: as they are, since what is one option is not known.
 */
function coerceChoices(options: readonly TraitOption[], value: Given, place: ValuePlace): JsonValue[] {
  const one = optionsOf(options).of(value);
  if (one !== undefined) return [one.value];
  const read = typeof value === 'string' && value.trimStart().startsWith('[') ? parsed(value) : value;
  if (Array.isArray(read)) {
    if (options.length === 0) return read;
    const chosenOnes = read.flatMap((element, index) =>
      element === null || isBlank(element) ? [] : [chosen(options, element, within(place, index))],
    );
    return [...new Set(chosenOnes)];
  }
  if (options.length === 0) return [value];
  const pieces = typeof value === 'string' ? listedIn(value) : undefined;
  const listed = pieces?.map((piece) => optionsOf(options).of(piece)) ?? [undefined];
  const known = listed.filter((option) => option !== undefined);
  if (known.length < listed.length) throw noOption(options, place, CHOICES_FIX);
  return [...new Set(known.map((option) => option.value))];
}

function coerceJson(value: Given, place: ValuePlace): JsonValue {
  if (typeof value !== 'string') return value;
  return parsed(value) ?? reject(place, 'JSON', value, JSON_FIX);
}

function chosen(options: readonly TraitOption[], value: JsonValue, place: ValuePlace): JsonValue {
  const option = optionsOf(options).of(value);
  if (option === undefined) throw noOption(options, place, OPTIONS_FIX);
  return option.value;
}

function noOption(options: readonly TraitOption[], place: ValuePlace, fix: string): RecordError {
  const count = options.length === 1 ? 'the one option' : `one of the ${options.length} options`;
  return badValue(place, `${count} of the trait was wanted, but it is none of them`, fix);
}
