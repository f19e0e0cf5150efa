import type { RecordError } from '../../errors/record-error.ts';
import { isJsonObject } from '../../json/guards.ts';
import type { JsonObject, JsonValue } from '../../json/json.ts';
import { isValueNestedWithin } from '../../json/nesting.ts';
import { isRawNumber, parseLossless } from '../../json/parse.ts';
import type { FieldType } from '../../objects/object.ts';
import { badValue, reject, type ValuePlace } from './bad-value.ts';
import { readDatetime } from './datetime.ts';
import { MAX_NUMBER_CHARACTERS, numberText, parseDecimal, plainText } from './decimal.ts';
import { coerceId, coerceIds, coerceTexts, parsed } from './lists.ts';

/** Deeper values are rejected: writing them out again is recursive, and values nested that deep are a mistake. */
const MAX_NESTED_LEVELS = 100;

/** A day of the calendar, without a time. */
const DATE = /^\d{4}-\d\d-\d\d$/;

const TRUE = new Set(['true', 't', 'yes', 'y', '1']);
const FALSE = new Set(['false', 'f', 'no', 'n', '0']);

/** Types that alone say what a value may be; the others depend on more of the field. */
export type PlainType = Exclude<FieldType, 'html' | 'json'>;

/**
 * A row's value as the field's type wants it. Nothing is guessed: what would lose something is rejected.
 *
 * @returns null where there is nothing: for null and, where the type has no empty text, for blank text.
 * @throws RecordError `bad_value`
 */
export function coerce(type: PlainType, value: JsonValue, place: ValuePlace): JsonValue {
  if (value === null || (type !== 'text' && isBlank(value))) return null;
  switch (type) {
    case 'text':
      return coerceText(value, place);
    case 'email':
      return coerceText(value, place).trim();
    case 'number':
      return coerceNumber(value, place);
    case 'boolean':
      return coerceBoolean(value) ?? reject(place, 'true or false', value, BOOLEAN_FIX);
    case 'datetime':
      return coerceDatetime(value, 'a date-time', place);
    case 'date':
      return coerceDate(value, place);
    case 'id':
      return coerceId(value, place);
    case 'ids':
      return coerceIds(value, place);
    case 'texts':
      return coerceTexts(value, place);
  }
}

/** Text of blanks alone. */
export function isBlank(value: JsonValue): boolean {
  return typeof value === 'string' && value.trim() === '';
}

/**
 * A value for a trait or property: as it is, lists and objects too.
 *
 * @throws RecordError `bad_value` for nesting beyond {@link MAX_NESTED_LEVELS}, and for numbers that no double holds
 */
export function coerceTrait(value: JsonValue, place: ValuePlace): JsonValue {
  if (!isValueNestedWithin(value, MAX_NESTED_LEVELS))
    return reject(place, 'a plain value', value, NESTING_FIX);
  if (holdsInfinite(value)) throw tooLargeNumber(place);
  return value;
}

/**
 * The object that a `traits` or `properties` column holds, as an object or as its JSON text; null for blank text.
 *
 * @throws RecordError `bad_value`
 */
export function coerceObject(value: JsonValue, place: ValuePlace): JsonObject | null {
  if (isBlank(value)) return null;
  const object = typeof value === 'string' ? parsed(value) : value;
  if (isJsonObject(object)) return object;
  return reject(place, 'an object', value, 'Give an object or the JSON text of one.');
}

const NUMBER_FIX = 'Give a number, or its text with a point for decimals and no separators.';
const BOOLEAN_FIX = 'Give a boolean, 1 or 0, or a text such as true or no.';
const DATETIME_FIX =
  'Give ISO 8601 such as 2026-01-31T09:30:00Z, a date, an SQL timestamp, or epoch seconds or milliseconds.';
const NESTING_FIX = `Nest lists and objects no deeper than ${MAX_NESTED_LEVELS} levels.`;

function coerceText(value: Exclude<JsonValue, null>, place: ValuePlace): string {
  if (typeof value === 'string') return value;
  if (!isValueNestedWithin(value, MAX_NESTED_LEVELS)) return reject(place, 'a text', value, NESTING_FIX);
  return typeof value === 'number' || isRawNumber(value) ? numberText(value) : JSON.stringify(value);
}

function coerceNumber(value: Exclude<JsonValue, null>, place: ValuePlace): JsonValue {
  if (typeof value === 'number') return value;
  const text = isRawNumber(value) ? value.rawJSON : typeof value === 'string' ? value.trim() : undefined;
  const decimal = text === undefined ? undefined : parseDecimal(text);
  if (text === undefined || decimal === undefined) return reject(place, 'a number', value, NUMBER_FIX);
  if (!Number.isFinite(Number(text))) throw tooLargeNumber(place);
  if (isRawNumber(value)) return value;
  const sign = decimal.negative ? '-' : '';
  return parseLossless(
    plainText(decimal, MAX_NUMBER_CHARACTERS) ?? `${sign}${decimal.digits}e${decimal.exponent}`,
  );
}

function tooLargeNumber(place: ValuePlace): RecordError {
  return badValue(
    place,
    'the number is too large for any system to hold',
    'Give a smaller number, or a text.',
  );
}

function holdsInfinite(value: JsonValue): boolean {
  if (isRawNumber(value)) return !Number.isFinite(Number(value.rawJSON));
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsInfinite);
}

function coerceBoolean(value: Exclude<JsonValue, null>): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const text = String(value).trim().toLowerCase();
  if (TRUE.has(text)) return true;
  return FALSE.has(text) ? false : undefined;
}

function coerceDatetime(value: Exclude<JsonValue, null>, wanted: string, place: ValuePlace): string {
  const isNumber = typeof value === 'number' || isRawNumber(value);
  if (typeof value !== 'string' && !isNumber) return reject(place, wanted, value, DATETIME_FIX);
  const reading = readDatetime(typeof value === 'string' ? value : JSON.stringify(value));
  switch (reading.kind) {
    case 'moment':
      return reading.text;
    case 'none':
      return reject(place, wanted, value, DATETIME_FIX);
    case 'rejected':
      throw badValue(place, `${wanted} was wanted, but ${reading.why}`, reading.fix);
  }
}

/** A bare date stays one: as a date-time it could fall on another day. */
function coerceDate(value: Exclude<JsonValue, null>, place: ValuePlace): string {
  const datetime = coerceDatetime(value, 'a date', place);
  return typeof value === 'string' && DATE.test(value.trim()) ? value.trim() : datetime;
}
