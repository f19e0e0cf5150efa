import { createScanner } from 'jsonc-parser';
import type { JsonObject, JsonValue, RawNumber } from './json.ts';

declare global {
  // ECMAScript's "JSON.parse source text access", which TypeScript's libraries don't declare yet.
  interface JSON {
    rawJSON(text: string): RawNumber;
    isRawJSON(value: unknown): value is RawNumber;
  }
}

/** Numbers at a value's place that are long or far enough to outgrow a double; 15 digits always fit. */
const LONG_NUMBER = /(?:^|[:,[])\s*(-?(?:\d[\d.]{15,}(?:[eE][+-]?\d+)?|[\d.]+[eE][+-]?\d{3,}))/g;

/** What every such number has. A pattern without a counted loop is ten times as fast, since it skips through the text. */
const SIXTEEN_DIGITS = new RegExp('[\\d.]'.repeat(16));
const LARGE_EXPONENT = /[\d.][eE][-+\d]\d\d/;

/** Tells a {@link RawNumber} from a row's own object that happens to have a `rawJSON` member. */
export function isRawNumber(value: unknown): value is RawNumber {
  return JSON.isRawJSON(value);
}

/**
 * `JSON.parse`, except that a number which a double can't hold comes out as a {@link RawNumber} with every digit.
 * A `__proto__` key is an own property like any other, and nesting may be as deep as the text.
 *
 * @throws SyntaxError as `JSON.parse` does; its message may quote the text, so it must not be shown.
 */
export function parseLossless(text: string): JsonValue {
  const value: JsonValue = JSON.parse(text);
  // Hardly any text has such a number, and these two looks cost a fraction of the search.
  if (!SIXTEEN_DIGITS.test(text) && !LARGE_EXPONENT.test(text)) return value;
  for (const [, number = ''] of text.matchAll(LONG_NUMBER)) {
    if (isLossy(number)) return buildLossless(text);
  }
  return value;
}

/**
 * Builds the value of a JSON text from its tokens. A reviver would be shorter, but overflows the stack at a few
 * thousand levels of nesting.
 */
function buildLossless(text: string): JsonValue {
  const scanner = createScanner(text, true);
  const open: (JsonValue[] | JsonObject)[] = [];
  let root: JsonValue = null;
  let key: string | undefined;

  const attach = (value: JsonValue): void => {
    const parent = open.at(-1);
    if (parent === undefined) root = value;
    else if (Array.isArray(parent)) parent.push(value);
    else if (key !== undefined) setOwn(parent, key, value);
    key = undefined;
  };

  for (scanner.scan(); scanner.getTokenLength() > 0; scanner.scan()) {
    const token = text.charAt(scanner.getTokenOffset());
    if (token === '{' || token === '[') {
      const container = token === '{' ? {} : [];
      attach(container);
      open.push(container);
    } else if (token === '}' || token === ']') open.pop();
    else if (token === '"') {
      const parent = open.at(-1);
      const string = scanner.getTokenValue();
      if (parent === undefined || Array.isArray(parent) || key !== undefined) attach(string);
      else key = string;
    } else if (token === 't' || token === 'f') attach(token === 't');
    else if (token === 'n') attach(null);
    else if (token !== ':' && token !== ',') attach(numberOf(scanner.getTokenValue()));
  }
  return root;
}

function setOwn(object: JsonObject, key: string, value: JsonValue): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}

function numberOf(source: string): number | RawNumber {
  return isLossy(source) ? JSON.rawJSON(source) : Number(source);
}

/** Whether the double nearest to a number's text would be written as another number. */
function isLossy(source: string): boolean {
  const number = Number(source);
  return !Number.isFinite(number) || decimal(source) !== decimal(String(number));
}

/** A number's digits and exponent, one text for one value: `1.50`, `15e-1` and `1.5` give the same. */
function decimal(source: string): string {
  const [mantissa = '', exponent = '0'] = source.split(/[eE]/);
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = whole + fraction;
  let start = digits.startsWith('-') ? 1 : 0;
  let end = digits.length;
  while (digits.charAt(start) === '0') start++;
  if (start === end) return '0';
  while (digits.charAt(end - 1) === '0') end--;
  return `${digits.slice(start, end)}e${Number(exponent) - fraction.length + digits.length - end}`;
}
