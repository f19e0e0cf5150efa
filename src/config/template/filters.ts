import { filters as ALL_FILTERS, type FilterImplOptions } from 'liquidjs';
import { charge, PIECE, searchWork, weightOf } from './meter.ts';

type Handler = Extract<FilterImplOptions, (...given: never[]) => unknown>;

/**
 * Filters of liquidjs that templates don't have. `sample` draws lots: a row would be another in every run. The others
 * compile a text of the row as a template's expression, which no bound would hold.
 */
const NOT_OFFERED: ReadonlySet<string> = new Set([
  'sample',
  'where_exp',
  'reject_exp',
  'group_by_exp',
  'has_exp',
  'find_exp',
  'find_index_exp',
]);

/** They look for a text in another. */
const SEARCHING = /^(?:replace|remove|split)/;

/** They take several times as long for each character as the others. */
const SLOW = /^(?:sort|slugify|group_by|number_of_words)/;
const SLOWNESS = 4;

/** Their argument is how far to indent: a small value, indented far, is a large text. */
const INDENTING: ReadonlySet<string> = new Set(['json', 'jsonify', 'inspect']);

/** Formatting a date takes a formatter of its own, for some of the signs in the format too. */
const DATE_WORK = 5_000;
const FORMAT_SIGN_WORK = 1_000;

/** They reckon with doubles: `plus: 1` of 2^53 + 1 would be another number, of which nothing is told. */
const RECKONING: ReadonlySet<string> = new Set([
  'abs',
  'at_least',
  'at_most',
  'ceil',
  'divided_by',
  'floor',
  'minus',
  'modulo',
  'plus',
  'round',
  'sum',
  'times',
]);

/** From here on a number is milliseconds, as it is in a column of dates: no date is as far away in seconds. */
const FIRST_MILLISECONDS = 100_000_000_000;

/** They take the path of a member, which liquidjs compiles: a range in it would be made before its size is known. */
const TAKING_A_PATH: ReadonlySet<string> = new Set([
  'where',
  'reject',
  'group_by',
  'has',
  'find',
  'find_index',
]);

/** The filters that a template has, each of which counts its work before it does it. */
export const FILTERS: ReadonlyMap<string, Handler> = new Map(
  Object.entries(ALL_FILTERS)
    .filter(([name]) => !NOT_OFFERED.has(name))
    .map(([name, filter]) => [name, metered(name, typeof filter === 'function' ? filter : filter.handler)]),
);

function metered(name: string, handler: Handler): Handler {
  return function* (value, ...args): Generator<unknown, unknown> {
    charge(this.context, workOf(name, value, args));
    if (TAKING_A_PATH.has(name) && /[()]/.test(String(args[0]))) {
      throw new Error(`${name} takes the name of a member`);
    }
    const given = name.startsWith('date') ? inSeconds(value) : value;
    const result: unknown = yield handler.apply(this, INDENTING.has(name) ? [given] : [given, ...args]);
    if (RECKONING.has(name)) assertExact([value, ...args, result]);
    return result;
  };
}

function inSeconds(value: unknown): unknown {
  const isNumber = typeof value === 'number' || (typeof value === 'string' && /^\d{12,15}$/.test(value));
  return isNumber && Number(value) >= FIRST_MILLISECONDS ? Number(value) / 1_000 : value;
}

/** @throws Error where a number is one that a double doesn't hold, or none at all, as after a division by zero */
function assertExact(numbers: readonly unknown[]): void {
  for (const number of numbers.flat()) {
    const value = typeof number === 'string' && number.trim() !== '' ? Number(number) : number;
    if (typeof value !== 'number' || (typeof number === 'string' && Number.isNaN(value))) continue;
    if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
      throw new Error('a number is beyond what can be reckoned with');
    }
  }
}

function workOf(name: string, value: unknown, args: readonly unknown[]): number {
  const text = weightOf(value);
  const given = args.reduce<number>((sum, arg) => sum + weightOf(arg), 0);
  const items = Array.isArray(value) ? value.length : 1;
  const work = PIECE + text + given * Math.max(items, 1);
  if (name.startsWith('date')) return work + DATE_WORK + given * FORMAT_SIGN_WORK;
  if (SLOW.test(name)) return work * SLOWNESS;
  return SEARCHING.test(name) ? work + searchWork(text, given) : work;
}
