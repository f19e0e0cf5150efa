import { quoted } from '../../errors/quoted.ts';
import { RecordError } from '../../errors/record-error.ts';
import type { JsonValue } from '../../json/json.ts';
import { isRawNumber } from '../../json/parse.ts';

/** Where a value is in the row, for the message of a rejection. */
export interface ValuePlace {
  /** For a computed value its destination: no one column is at fault. */
  readonly column: string;
  /** The destination field or trait. */
  readonly destination: string;
  /** A template computes the value. */
  readonly isComputed?: true;
}

/** The place of an element in a list, or of a member in an element: `to[1]`, `messages[0].from`. */
export function within(place: ValuePlace, part: number | string): ValuePlace {
  const destination = place.destination + (typeof part === 'number' ? `[${part}]` : `.${part}`);
  return { ...place, destination };
}

/** For a message: `column "x" (for "y")`, or `the template for "y"`. */
export function placeName({ column, destination, isComputed }: ValuePlace): string {
  if (isComputed === true) return `the template for ${quoted(destination)}`;
  return `column ${quoted(column)}${destination === column ? '' : ` (for ${quoted(destination)})`}`;
}

/** Throws `bad_value`: says what was wanted and of what type the value is, never the value. */
export function reject(place: ValuePlace, wanted: string, value: JsonValue, fix: string): never {
  throw badValue(place, `${wanted} was wanted, but it is ${typeOf(value)}`, fix);
}

export function badValue(place: ValuePlace, problem: string, fix: string): RecordError {
  const message = `${placeName(place)}: ${problem}`;
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
