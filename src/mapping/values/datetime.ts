import { type Decimal, parseDecimal, plainText } from './decimal.ts';

/** Below this a number is a spreadsheet's or a warehouse's day number more often than epoch seconds (March 1973). */
const MIN_EPOCH_SECONDS = 1e8;

/** Below this an epoch is read as seconds (till the year 5138), from here on as milliseconds (since March 1973). */
const MIN_EPOCH_MS = 1e11;

/** From here on an epoch would be microseconds or smaller units: rejected, since the number doesn't tell which. */
const MAX_EPOCH_MS = 1e14;

/** More digits than any clock has; a longer number is no time. */
const MAX_EPOCH_CHARACTERS = 40;

/** Years in which a number such as 20260102 reads as a date. */
const DATE_LIKE_YEARS = { first: 1900, last: 2100 };

/** Nanoseconds; Contract 10. */
const MAX_FRACTION_DIGITS = 9;

const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)(?:(?:[Tt]| {1,2})(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?: ?(Z|z|UTC|utc|GMT)| ?([+-]\d\d)(?::?(\d\d))?(?::00)?)?)?$/;

/** A second with more digits than {@link DATE_TIME} takes. */
const LONG_FRACTION = /^\d{4}-\d\d-\d\d[Tt ] ?\d\d:\d\d:\d\d[.,]\d{10}/;

/** Compact dates: year, year and month, date, date and time. They are dates even where there is no such day. */
const COMPACT_DATE = /^(\d{4})(?:\d{2}|\d{4}|\d{10})?$/;

/** Compact dates with the hour, or hour and minute, alone: epochs of 2030 to 2036 and of 1976 have as many digits. */
const COMPACT_HOUR = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)?$/;

export type DatetimeReading =
  | { readonly kind: 'moment'; readonly text: string }
  | { readonly kind: 'none' }
  /** Why it is none although it may look like one, and what to do about it. */
  | { readonly kind: 'rejected'; readonly why: string; readonly fix: string };

const NONE: DatetimeReading = { kind: 'none' };
const READS_AS_DATE: DatetimeReading = {
  kind: 'rejected',
  why: 'the number reads as a date, which as an epoch would be another day',
  fix: 'Write the date as 2026-01-31.',
};
const DAY_NUMBER: DatetimeReading = {
  kind: 'rejected',
  why: `a number below ${MIN_EPOCH_SECONDS.toLocaleString('en')} is no epoch seconds, but more likely a day number`,
  fix: 'Turn day numbers, as spreadsheets have them, into dates such as 2026-01-31.',
};
const SMALL_UNIT: DatetimeReading = {
  kind: 'rejected',
  why: 'the number is too large for epoch milliseconds',
  fix: 'Give microseconds and nanoseconds as milliseconds, or as ISO 8601.',
};
const TOO_FINE: DatetimeReading = {
  kind: 'rejected',
  why: `a second has more than ${MAX_FRACTION_DIGITS} digits behind its point`,
  fix: `Round the second to ${MAX_FRACTION_DIGITS} digits.`,
};

const IMPOSSIBLE: DatetimeReading = {
  kind: 'rejected',
  why: 'no calendar has this day, or no clock this time',
  fix: 'Correct the day or the time: a month has 28 to 31 days, a day ends at 23:59:59.',
};

/**
 * A date-time as ISO 8601 with a zone: ISO text and SQL timestamps (without a zone they are UTC), dates (their first
 * millisecond in UTC), epoch seconds and milliseconds. Every digit of a second's fraction is kept. Impossible dates are
 * none, nor are numbers that would silently land on another day: those that read as a date (`20260102`, `2026`), and
 * day numbers.
 */
export function readDatetime(text: string): DatetimeReading {
  const trimmed = text.trim();
  const decimal = parseDecimal(trimmed);
  if (decimal !== undefined) return fromEpoch(decimal);
  const moment = fromCalendar(trimmed);
  if (moment !== undefined) return { kind: 'moment', text: moment };
  if (DATE_TIME.test(trimmed)) return IMPOSSIBLE;
  return LONG_FRACTION.test(trimmed) ? TOO_FINE : NONE;
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

function fromEpoch(decimal: Decimal): DatetimeReading {
  const text = plainText(decimal, MAX_EPOCH_CHARACTERS);
  if (text === undefined) return decimal.exponent > 0 ? SMALL_UNIT : TOO_FINE;
  if (readsAsDate(text)) return READS_AS_DATE;
  const size = Math.abs(Number(text));
  if (size < MIN_EPOCH_SECONDS) return DAY_NUMBER;
  if (size >= MAX_EPOCH_MS) return SMALL_UNIT;
  const exponent = size < MIN_EPOCH_MS ? decimal.exponent : decimal.exponent - 3;
  if (exponent < -MAX_FRACTION_DIGITS) return TOO_FINE;

  // In units of the last digit, with at least three digits after the second.
  const scale = Math.max(3, -exponent);
  const unitsPerSecond = 10n ** BigInt(scale);
  const magnitude = BigInt(decimal.digits || '0') * 10n ** BigInt(exponent + scale);
  const units = decimal.negative ? -magnitude : magnitude;
  const fraction = ((units % unitsPerSecond) + unitsPerSecond) % unitsPerSecond;
  const seconds = Number((units - fraction) / unitsPerSecond);

  const date = new Date(seconds * 1000);
  if (date.getUTCFullYear() < 1) return NONE;
  const whole = date.toISOString().slice(0, -'.000Z'.length);
  return { kind: 'moment', text: `${whole}.${fraction.toString().padStart(scale, '0')}Z` };
}

/** A date that cannot be (`20260230`) reads as one all the same, where an epoch of as many digits is not likely. */
function readsAsDate(text: string): boolean {
  const [whole = ''] = text.split('.', 1);
  const compact = COMPACT_DATE.exec(whole);
  if (compact !== null) return isDateLike(Number(compact[1]));
  const [, year, month, day, hour, minute = '00'] = COMPACT_HOUR.exec(whole) ?? [];
  if (year === undefined || !isDateLike(Number(year))) return false;
  return isDate(Number(year), Number(month), Number(day)) && Number(hour) < 24 && Number(minute) < 60;
}

function isDateLike(year: number): boolean {
  return year >= DATE_LIKE_YEARS.first && year <= DATE_LIKE_YEARS.last;
}

function isDate(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1;
}
