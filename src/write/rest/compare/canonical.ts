import { unreachable } from '../../../errors/unreachable.ts';
import { isJsonObject, own } from '../../../json/guards.ts';
import type { JsonValue } from '../../../json/json.ts';
import { cleanHtml, MAX_HTML_CHARACTERS } from '../../../mapping/values/html.ts';
import type { Field, VitallyObject } from '../../../objects/object.ts';

/** What of a field says how its values are compared; `undefined` for a trait that is no standard field. */
export type Compared = Pick<Field, 'type' | 'keptOnPut'> | undefined;

const TEXT: Compared = { type: 'text' };

export function comparedField(object: VitallyObject, name: string): Compared {
  return object.fields[name] ?? TEXT;
}

export function comparedTrait(object: VitallyObject, name: string): Compared {
  const field = object.fields[name];
  return field?.in === 'traits' ? field : undefined;
}

/**
 * A value as a text: two values of a field are the same where their texts are. `undefined` for an empty one; an empty
 * list counts as empty, since with it a list is emptied. The text of what Vitally shows takes more work for HTML: it may
 * have been written by hand, in other HTML that means the same, while what a row says was cleaned before.
 *
 * This is the one rule for comparing: by the bodies themselves, and by hashes of these texts where bodies are not kept.
 */
export function canonical(field: Compared, value: JsonValue, side: 'shown' | 'written'): string | undefined {
  if (value === null || (Array.isArray(value) && value.length === 0)) return undefined;
  const type = field?.type;
  switch (type) {
    case 'texts':
      // Tags are a set, key points a list.
      return field?.keptOnPut === true ? setOf(value) : exact(value);
    case 'ids':
      return setOf(value);
    case 'date':
    case 'datetime':
      return typeof value === 'string' ? momentOf(value) : exact(value);
    case 'html':
      return side === 'shown' ? cleaned(textOf(value)) : textOf(value);
    case 'email':
      return textOf(value).trim().toLowerCase();
    case 'text':
    case 'id':
      return textOf(value);
    case 'number':
    case 'boolean':
    case 'json':
    case undefined:
      return exact(value);
    default:
      return unreachable(type);
  }
}

/** A text that is too long to be cleaned counts as it is: to write it again costs less than to clean it. */
function cleaned(html: string): string {
  return html.length <= MAX_HTML_CHARACTERS ? cleanHtml(html).html : html;
}

function setOf(value: JsonValue): string {
  // No exact text begins with an `s`.
  return Array.isArray(value) ? `set ${[...new Set(value.map(exact))].sort().join()}` : exact(value);
}

function momentOf(text: string): string {
  const milliseconds = Date.parse(text);
  // Moments that differ below the millisecond differ, and Date.parse doesn't see that.
  return Number.isFinite(milliseconds) ? `moment ${milliseconds} ${fineDigits(text)}` : exact(text);
}

/** Digits below the millisecond, without zeros at their end. A pattern for these would take quadratic time. */
function fineDigits(text: string): string {
  const digits = /\.\d{3}(\d+)/.exec(text)?.[1] ?? '';
  let end = digits.length;
  while (digits[end - 1] === '0') end--;
  return digits.slice(0, end);
}

/** A value as a field of text takes it: scalars as text, lists and objects as JSON text. */
function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * The value's JSON text, with the members of each object in order. How deep answers and rows are nested is bounded where
 * they are read, so the stack is.
 */
function exact(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(exact).join()}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${exact(own(value, name) ?? null)}`).join()}}`;
}
