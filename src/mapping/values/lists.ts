import { isJsonObject } from '../../json/guards.ts';
import type { JsonObject, JsonValue } from '../../json/json.ts';
import { isRawNumber, parseLossless } from '../../json/parse.ts';
import { readId } from '../keys.ts';
import { badValue, reject, type ValuePlace, within } from './bad-value.ts';
import { numberText } from './decimal.ts';

type Given = Exclude<JsonValue, null>;

const ID_FIX = "Give your own id or Vitally's, as text or number.";
const IDS_FIX = 'Give a list of ids, its JSON text, or one id.';
const TEXTS_FIX = 'Give a list of texts, its JSON text, or one text.';
const OBJECTS_FIX = 'Give a list of objects, or its JSON text.';

/** The value of a JSON text, `undefined` when it is none. */
export function parsed(text: string): JsonValue | undefined {
  try {
    return parseLossless(text);
  } catch {
    return undefined;
  }
}

/**
 * An id as text; null where there is none.
 *
 * @throws RecordError `bad_value`
 */
export function coerceId(value: JsonValue, place: ValuePlace): string | null {
  const id = readId(value);
  if (id.kind === 'missing') return null;
  if (id.kind === 'id') return id.text;
  throw badValue(place, `an id was wanted, but ${id.given}`, ID_FIX);
}

/** A list, its JSON text or one value as a list of ids, each once; one empty text is no value at all. */
export function coerceIds(value: Given, place: ValuePlace): JsonValue {
  const list = isListText(value) ? parsed(value) : value;
  if (list === undefined) return reject(place, 'a list of ids', value, IDS_FIX);
  const elements = Array.isArray(list) ? list : [list];
  const ids = elements.map((element) => {
    if (isJsonObject(element) || Array.isArray(element)) {
      return reject(place, 'a list of ids', element, IDS_FIX);
    }
    return coerceId(element, place);
  });
  if (!Array.isArray(list) && ids[0] === null) return null;
  return [...new Set(ids.filter((id) => id !== null))];
}

/** As {@link coerceIds}, for any texts. A text that only looks like a list (`[urgent] call`) is one text. */
export function coerceTexts(value: Given, place: ValuePlace): JsonValue {
  const list = isListText(value) ? (parsed(value) ?? value) : value;
  const elements = Array.isArray(list) ? list : [list];
  const texts = elements.map((element) => {
    if (isJsonObject(element) || Array.isArray(element)) {
      return reject(place, 'a list of texts', element, TEXTS_FIX);
    }
    if (typeof element === 'number' || isRawNumber(element)) return numberText(element);
    return typeof element === 'string' ? element : element === null ? '' : JSON.stringify(element);
  });
  const given = texts.filter((text) => text.trim() !== '');
  return given.length === 0 && !Array.isArray(list) ? null : [...new Set(given)];
}

/** A list, its JSON text or one element as a list. `undefined` for a text that should be JSON and is not. */
export function elementsOf(value: Given): readonly JsonValue[] | undefined {
  const isJson = typeof value === 'string' && /^\s*[[{]/.test(value);
  const read = isJson ? parsed(value) : value;
  return read === undefined || Array.isArray(read) ? read : [read];
}

/** A list of objects, given as it is, as JSON text, or as one object. */
export function coerceObjects(value: Given, place: ValuePlace): JsonObject[] {
  const elements = elementsOf(value) ?? reject(place, 'a list of objects', value, OBJECTS_FIX);
  return elements.map((element, index) =>
    isJsonObject(element) ? element : reject(within(place, index), 'an object', element, OBJECTS_FIX),
  );
}

function isListText(value: JsonValue): value is string {
  return typeof value === 'string' && value.trimStart().startsWith('[');
}
