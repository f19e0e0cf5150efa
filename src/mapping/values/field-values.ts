import { RecordError } from '../../errors/record-error.ts';
import { own } from '../../json/guards.ts';
import type { JsonObject, JsonValue } from '../../json/json.ts';
import { isRawNumber } from '../../json/parse.ts';
import { message } from '../../objects/message.ts';
import type { Field } from '../../objects/object.ts';
import { badValue, placeName, type ValuePlace, within } from './bad-value.ts';
import { cleanHtml, MAX_HTML_CHARACTERS } from './html.ts';
import { coerceItems } from './items.ts';
import { coerceId, coerceObjects } from './lists.ts';
import { coerce, isBlank } from './values.ts';

/** A value as a field takes it. */
export interface Coerced {
  /** null where there is nothing. */
  readonly value: JsonValue;
  /** HTML that Vitally doesn't keep was taken out of it. */
  readonly stripped: boolean;
}

/** A message within its conversation says by its place which one that is, and is matched by its externalId. */
const { conversationId: _conversation, ...MESSAGE_FIELDS } = message.fields;

/**
 * A row's value as a field declares it: its type, its range, the form of its elements. Blank text is none where the
 * field can't be empty: a record has a name.
 *
 * @throws RecordError `bad_value`
 */
export function coerceField(field: Field, value: JsonValue, place: ValuePlace): Coerced {
  if (value === null || (field.neverNull === true && isBlank(value))) return plain(null);
  switch (field.type) {
    case 'html':
      return coerceHtml(String(coerce('text', value, place)), place);
    case 'json':
      return coerceList(field, value, place);
    default: {
      const coerced = coerce(field.type, value, place);
      if (field.onlyNull === true && coerced !== null) throw onlyEmptied(place);
      if (field.range !== undefined && coerced !== null) checkRange(field.range, coerced, place);
      return plain(coerced);
    }
  }
}

function onlyEmptied(place: ValuePlace): RecordError {
  return badValue(
    place,
    'Vitally takes null alone here',
    "Leave it empty to empty the field; it is filled in Vitally's app alone. To keep the value as a trait, map it to traits.<name>.",
  );
}

function coerceHtml(text: string, place: ValuePlace): Coerced {
  if (text.length > MAX_HTML_CHARACTERS) throw tooLong(place);
  const { html, stripped } = cleanHtml(text);
  return { value: html, stripped };
}

function tooLong(place: ValuePlace): RecordError {
  const most = MAX_HTML_CHARACTERS.toLocaleString('en');
  return new RecordError({
    code: 'too_large',
    message: `${placeName(place)}: its HTML is longer than ${most} characters`,
    fix: 'Shorten it, or give the address of a picture instead of the picture.',
    field: place.column,
  });
}

function coerceList(field: Field, value: Exclude<JsonValue, null>, place: ValuePlace): Coerced {
  if (isBlank(value)) return plain(null);
  if (field.items === 'message') return coerceMessages(value, place);
  const list =
    field.items === undefined ? coerceObjects(value, place) : coerceItems(field.items, value, place);
  if (field.single !== true) return plain(list);
  if (list.length > 1) throw badValue(place, 'one was wanted, but there are several', 'Give one.');
  return plain(list[0] ?? null);
}

function coerceMessages(value: Exclude<JsonValue, null>, place: ValuePlace): Coerced {
  const items = coerceObjects(value, place);
  const lengths = items.map((item) => String(own(item, 'message') ?? '').length);
  if (lengths.reduce((sum, length) => sum + length, 0) > MAX_HTML_CHARACTERS) throw tooLong(place);
  const messages = items.map((item, index) => coerceMessage(item, within(place, index)));
  return {
    value: messages.map((coerced) => coerced.value),
    stripped: messages.some((coerced) => coerced.stripped),
  };
}

function coerceMessage(item: JsonObject, place: ValuePlace): Coerced {
  const externalId = coerceId(own(item, 'externalId') ?? null, within(place, 'externalId'));
  const members = Object.entries(MESSAGE_FIELDS).map(
    ([name, field]) => [name, coerceField(field, own(item, name) ?? null, within(place, name))] as const,
  );
  const given = members.filter(([, coerced]) => isGiven(coerced.value));
  const names = new Set(['conversationId', ...given.map(([name]) => name)]);
  const missing = message.requiredToCreate.flat().find((name) => !names.has(name));
  if (externalId === null || missing !== undefined) {
    const problem = `its ${externalId === null ? 'externalId' : missing} is missing`;
    throw badValue(place, problem, 'Give each message its externalId, message, from and to.');
  }
  return {
    value: Object.fromEntries([
      ['externalId', externalId],
      ...given.map(([name, coerced]): [string, JsonValue] => [name, coerced.value]),
    ]),
    stripped: given.some(([, coerced]) => coerced.stripped),
  };
}

function checkRange({ min, max }: NonNullable<Field['range']>, value: JsonValue, place: ValuePlace): void {
  const number = isRawNumber(value) ? Number.NaN : Number(value);
  if (Number.isInteger(number) && number >= min && number <= max) return;
  const wanted = `a whole number from ${min} to ${max}`;
  throw badValue(place, `${wanted} was wanted, but it is another number`, `Give ${wanted}.`);
}

function isGiven(value: JsonValue): boolean {
  return value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}

function plain(value: JsonValue): Coerced {
  return { value, stripped: false };
}
