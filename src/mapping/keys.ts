import { quoted, quotedList } from '../errors/quoted.ts';
import { RecordError } from '../errors/record-error.ts';
import { own } from '../json/guards.ts';
import type { JsonObject, JsonValue, RawNumber } from '../json/json.ts';
import { isRawNumber } from '../json/parse.ts';
import type { Route } from './route.ts';
import { parseDecimal, plainText } from './values/decimal.ts';

/** An id goes into a URL's path; longer than this it is not an id but a mistake. */
export const MAX_KEY_CHARACTERS = 1_000;

/** Whether a value can be an id: yours or Vitally's. */
export type IdReading =
  | { readonly kind: 'id'; readonly text: string }
  /** null, "" and blank text: there is no id. */
  | { readonly kind: 'missing' }
  /** `given` says what it is instead, without the value: `it is a list`. */
  | { readonly kind: 'bad'; readonly given: string };

/**
 * An id as text. Numbers are written out with every digit and without an exponent, so that `1`, `1.0` and `"1"` are
 * the same; text is taken without the blanks around it.
 */
export function readId(value: JsonValue): IdReading {
  if (value === null) return { kind: 'missing' };
  if (typeof value === 'boolean') return { kind: 'bad', given: 'it is a boolean' };
  if (Array.isArray(value)) return { kind: 'bad', given: 'it is a list' };
  if (typeof value === 'number' || isRawNumber(value)) return readNumber(value);
  if (typeof value === 'object') return { kind: 'bad', given: 'it is an object' };
  const text = value.trim();
  return text === '' ? { kind: 'missing' } : checked(text);
}

/**
 * The key of a row: its key columns joined with `:`, which none of several may hold. `undefined` on routes without a
 * key (events).
 *
 * @param nulled columns that are unknown rather than empty (`meta.changes`): the same as missing here.
 * @throws RecordError `missing_key` or `bad_key`
 */
export function keyOf(
  route: Pick<Route, 'keyColumns' | 'keyConstant'>,
  data: JsonObject,
  nulled: ReadonlySet<string>,
): string | undefined {
  if (route.keyColumns.length === 0) return route.keyConstant;
  const parts = route.keyColumns.map((column) => {
    const id = readId(nulled.has(column) ? null : (own(data, column) ?? null));
    if (id.kind === 'id') {
      // `a:b` and `c` would be the key of `a` and `b:c`, too.
      if (route.keyColumns.length > 1 && id.text.includes(':')) throw badKey(column, HOLDS_COLON, COLON_FIX);
      return id.text;
    }
    if (id.kind === 'bad') throw badKey(column, id.given);
    throw missingKey(route.keyColumns, data, nulled);
  });
  const key = parts.join(':');
  if (key.length > MAX_KEY_CHARACTERS) throw badKey(route.keyColumns.join(', '), TOO_LONG);
  return key;
}

const KEY_FIX = 'A key is a text or a number that identifies the record.';

const HOLDS_COLON = 'it is one of several parts and holds ":", which parts them';

const COLON_FIX = 'Take columns without colons, or one column that identifies the record alone.';

const TOO_LONG = `it is longer than ${MAX_KEY_CHARACTERS.toLocaleString('en')} characters`;

function readNumber(value: number | RawNumber): IdReading {
  // As most ids are; `-0` is `0`.
  if (Number.isSafeInteger(value)) return { kind: 'id', text: String(value) };
  const decimal = parseDecimal(JSON.stringify(value));
  const text = decimal === undefined ? undefined : plainText(decimal, MAX_KEY_CHARACTERS);
  return text === undefined ? { kind: 'bad', given: TOO_LONG } : { kind: 'id', text };
}

function checked(text: string): IdReading {
  if (text.length > MAX_KEY_CHARACTERS) return { kind: 'bad', given: TOO_LONG };
  // A URL's path can't end in these: they mean "here" and "one up", encoded or not (URL standard, dot segments).
  if (text === '.' || text === '..') return { kind: 'bad', given: 'it consists of dots only' };
  if (!text.isWellFormed()) return { kind: 'bad', given: 'it holds half of a surrogate pair' };
  return { kind: 'id', text };
}

/** All that is missing is named at once, and what the row has, so that a column which is spelt otherwise shows. */
function missingKey(
  keyColumns: readonly string[],
  data: JsonObject,
  nulled: ReadonlySet<string>,
): RecordError {
  const missing = keyColumns.filter((column) => {
    return nulled.has(column) || readId(own(data, column) ?? null).kind === 'missing';
  });
  const which =
    missing.length === 1 ? `column ${quotedList(missing)} is` : `columns ${quotedList(missing)} are`;
  const isThere = missing.every((column) => Object.hasOwn(data, column));
  const problem = isThere ? 'missing, null or empty' : `missing; ${columnsThere(Object.keys(data))}`;
  return new RecordError({
    code: 'missing_key',
    message: `the key ${which} ${problem}`,
    fix: 'Give every row a key, or choose another sync key.',
    field: missing[0] ?? '',
  });
}

/** For a message: the columns that a row has. */
export function columnsThere(columns: readonly string[]): string {
  return columns.length === 0 ? 'the row has no columns' : `the row has the columns ${quotedList(columns)}`;
}

function badKey(column: string, given: string, fix = KEY_FIX): RecordError {
  return new RecordError({
    code: 'bad_key',
    message: `the key column ${quoted(column)} cannot be a key: ${given}`,
    fix,
    field: column,
  });
}
