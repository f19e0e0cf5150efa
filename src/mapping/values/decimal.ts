import type { RawNumber } from '../../json/json.ts';

/** A number's digits written out in full; beyond it stays an exponent. */
export const MAX_NUMBER_CHARACTERS = 40;

/** The exact value of a number's text: ± `digits` × 10^`exponent`. */
export interface Decimal {
  readonly negative: boolean;
  /** Without zeros at either end; "" is zero. */
  readonly digits: string;
  readonly exponent: number;
}

const DECIMAL = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d+))?$/;

/** Reads decimal text such as `-1.50`, `.5` or `2e3`; `undefined` for anything else (`1,200`, `0x1f`, `NaN`, ""). */
export function parseDecimal(text: string): Decimal | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = match[4] ?? '', , power = '0'] = match;
  const all = whole + fraction;
  let start = 0;
  let end = all.length;
  while (all[start] === '0') start++;
  while (end > start && all[end - 1] === '0') end--;
  const digits = all.slice(start, end);
  if (digits === '') return { negative: false, digits, exponent: 0 };
  const exponent = Number(power) - fraction.length + (all.length - end);
  return { negative: sign === '-', digits, exponent };
}

/**
 * Every digit and no exponent: `1e3` as `1000`, `1.50` as `1.5`, `-0` as `0`. `undefined` where that takes more than
 * `maxCharacters`; a hostile `1e999999999` is not written out to learn that.
 */
export function plainText(decimal: Decimal, maxCharacters: number): string | undefined {
  const { digits, exponent } = decimal;
  if (digits === '') return '0';
  const sign = decimal.negative ? '-' : '';
  const whole = digits.length + exponent;
  const length = sign.length + (exponent >= 0 ? whole : Math.max(whole, 1) + 1 - exponent);
  if (!(length <= maxCharacters)) return undefined;
  if (exponent >= 0) return sign + digits + '0'.repeat(exponent);
  if (whole > 0) return `${sign}${digits.slice(0, whole)}.${digits.slice(whole)}`;
  return `${sign}0.${'0'.repeat(-whole)}${digits}`;
}

/** A number in a text, with all its digits: written out as keys are, since readers of a text don't expect an exponent. */
export function numberText(number: number | RawNumber): string {
  const text = JSON.stringify(number);
  const decimal = /e/i.test(text) ? parseDecimal(text) : undefined;
  return (decimal && plainText(decimal, MAX_NUMBER_CHARACTERS)) ?? text;
}
