import { type Decimal, parseDecimal, plainText } from './decimal.ts';

/** Below this an epoch is read as seconds (till the year 5138), from here on as milliseconds (since March 1973). */
const MIN_EPOCH_MS = 1e11;

/** From here on an epoch would be microseconds or smaller units: refused, since nobody can tell which. */
const MAX_EPOCH_MS = 1e14;

/** More digits than any clock has; a longer number is no time. */
const MAX_EPOCH_CHARACTERS = 40;

/** Years in which a number such as 20260102 reads as a date. */
const DATE_LIKE_YEARS = { first: 1900, last: 2100 };

const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)(?:(?:[Tt]| {1,2})(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?: ?(Z|z|UTC|utc|GMT)| ?([+-]\d\d)(?::?(\d\d))?(?::00)?)?)?$/;

/** Compact dates: year, year and month, date, date and time. */
const COMPACT_DATE = /^(\d{4})(?:\d{2}|\d{4}|\d{10})?$/;

/**
 * A date-time as ISO 8601 with a zone: ISO text and SQL timestamps (without a zone they are UTC), dates (their first
 * millisecond in UTC), epoch seconds and milliseconds. Every digit of a second's fraction is kept. `undefined` for
 * anything else: impossible dates, and numbers that read as a date (`20260102`, `2026`), which as an epoch would
 * silently land in 1970.
 */
export function datetimeText(text: string): string | undefined {
  const trimmed = text.trim();
  const decimal = parseDecimal(trimmed);
  return decimal === undefined ? fromCalendar(trimmed) : fromEpoch(decimal);
}

function fromCalendar(text: string): string | undefined {
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  const [, year = '', month = '', day = '', hour, minute = '00', second = '00', fraction] = match;
  if (!isDate(Number(year), Number(month), Number(day))) return undefined;
  const date = `${year}-${month}-${day}`;
  if (hour === undefined) return `${date}T00:00:00.000Z`;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const [, , , , , , , , , offsetHour, offsetMinute = '00'] = match;
  if (Math.abs(Number(offsetHour ?? 0)) > 23 || Number(offsetMinute) > 59) return undefined;
  const zone = offsetHour === undefined ? 'Z' : `${offsetHour}:${offsetMinute}`;
  const time = `${hour}:${minute}:${second}${fraction === undefined ? '' : `.${fraction}`}`;
  return `${date}T${time}${zone}`;
}

function fromEpoch(decimal: Decimal): string | undefined {
  const text = plainText(decimal, MAX_EPOCH_CHARACTERS);
  if (text === undefined || readsAsDate(text)) return undefined;
  const size = Math.abs(Number(text));
  if (size >= MAX_EPOCH_MS) return undefined;
  const exponent = size < MIN_EPOCH_MS ? decimal.exponent : decimal.exponent - 3;

  // In units of the last digit, with at least three digits after the second.
  const scale = Math.max(3, -exponent);
  const unitsPerSecond = 10n ** BigInt(scale);
  const magnitude = BigInt(decimal.digits || '0') * 10n ** BigInt(exponent + scale);
  const units = decimal.negative ? -magnitude : magnitude;
  const fraction = ((units % unitsPerSecond) + unitsPerSecond) % unitsPerSecond;
  const seconds = Number((units - fraction) / unitsPerSecond);

  const date = new Date(seconds * 1000);
  if (date.getUTCFullYear() < 1) return undefined;
  return `${date.toISOString().slice(0, -'.000Z'.length)}.${fraction.toString().padStart(scale, '0')}Z`;
}

/** A date that cannot be (`20260230`) reads as one all the same. */
function readsAsDate(text: string): boolean {
  const year = Number(COMPACT_DATE.exec(text)?.[1] ?? Number.NaN);
  return year >= DATE_LIKE_YEARS.first && year <= DATE_LIKE_YEARS.last;
}

function isDate(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1;
}
