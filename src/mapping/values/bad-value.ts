import { quoted } from '../../errors/quoted.ts';
import { RecordError } from '../../errors/record-error.ts';
import type { JsonValue } from '../../json/json.ts';
import { isRawNumber } from '../../json/parse.ts';

/** Where a value is in the row, for the message of a rejection. */
export interface ValuePlace {
  readonly column: string;
  /** The destination field or trait. */
  readonly destination: string;
}

/** The place of an element in a list, or of a member in an element: `to[1]`, `messages[0].from`. */
export function within(place: ValuePlace, part: number | string): ValuePlace {
  const destination = place.destination + (typeof part === 'number' ? `[${part}]` : `.${part}`);
  return { column: place.column, destination };
}

/** Throws `bad_value`: says what was wanted and of what type the value is, never the value. */
export function reject(place: ValuePlace, wanted: string, value: JsonValue, fix: string): never {
  throw badValue(place, `${wanted} was wanted, but it is ${typeOf(value)}`, fix);
}

export function badValue(place: ValuePlace, problem: string, fix: string): RecordError {
  const destination = place.destination === place.column ? '' : ` (for ${quoted(place.destination)})`;
  const message = `column ${quoted(place.column)}${destination}: ${problem}`;
  return new RecordError({ code: 'bad_value', message, fix, field: place.column });
}

function typeOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number' || isRawNumber(value)) return 'a number';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'boolean') return 'a boolean';
  return value.trim() === '' ? 'an empty text' : 'a text of another form';
}
