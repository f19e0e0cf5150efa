import type { JsonValue } from './json.ts';
import { isRawNumber } from './parse.ts';

/**
 * Whether objects and lists of a JSON text are nested at most so deep. Reads the text once, brackets outside strings
 * alone, so that a text which would overflow the stack of its parser or of its readers is known before it is parsed.
 */
export function isNestedWithin(text: string, levels: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === BACKSLASH) index++;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      depth++;
      if (depth > levels) return false;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth--;
  }
  return true;
}

/** The same of a value. */
export function isValueNestedWithin(value: JsonValue, levels: number): boolean {
  if (typeof value !== 'object' || value === null || isRawNumber(value)) return true;
  if (levels === 0) return false;
  return Object.values(value).every((inner: JsonValue) => isValueNestedWithin(inner, levels - 1));
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
