import { createScanner, type JSONScanner } from 'jsonc-parser';

/** What becomes of a member: it stays, goes, is entered for what it holds, or gets another value, as JSON text. */
export type Verdict = 'keep' | 'drop' | 'enter' | { readonly text: string };

/**
 * Takes members out of a JSON text. Every occurrence of a repeated name is judged. Objects that nothing is taken out of
 * stay as they are, to the character. Takes time linear in the text's length, at any depth of nesting.
 *
 * @param text valid JSON
 * @param judge says what becomes of a member; `value` is its JSON text
 */
export function withoutMembers(
  text: string,
  judge: (path: readonly string[], value: string) => Verdict,
): string {
  return objectText(text, createScanner(text, true), 0, [], judge) ?? text;
}

/** The text of the object that begins at or after `offset`; `undefined` where it changes nothing, or is no object. */
function objectText(
  text: string,
  scanner: JSONScanner,
  offset: number,
  path: readonly string[],
  judge: (path: readonly string[], value: string) => Verdict,
): string | undefined {
  const kept: string[] = [];
  let isChanged = false;
  for (const { name, nameText, start, end } of membersOf(text, scanner, offset)) {
    const place = [...path, name];
    const value = text.slice(start, end);
    const verdict = judge(place, value);
    const changed =
      verdict === 'enter' ? objectText(value, createScanner(value, true), 0, place, judge) : undefined;
    const written = typeof verdict === 'object' ? verdict.text : changed;
    if (verdict === 'drop' || written !== undefined) isChanged = true;
    if (verdict !== 'drop') kept.push(`${nameText}:${written ?? value}`);
  }
  return isChanged ? `{${kept.join(',')}}` : undefined;
}

interface Member {
  readonly name: string;
  /** As it is written, quotes and escapes included. */
  readonly nameText: string;
  /** Of its value. */
  readonly start: number;
  readonly end: number;
}

function* membersOf(text: string, scanner: JSONScanner, offset: number): Generator<Member> {
  const next = (): string => {
    scanner.scan();
    return text.charAt(scanner.getTokenOffset());
  };
  scanner.setPosition(offset);
  if (next() !== '{') return;
  for (let token = next(); token === '"' || token === ','; token = next()) {
    if (token === ',') continue;
    const name = scanner.getTokenValue();
    const nameText = text.slice(scanner.getTokenOffset(), scanner.getPosition());
    next();
    const start = skipValue(next, scanner);
    yield { name, nameText, start, end: scanner.getPosition() };
  }
}

/** Moves past the next value and returns where it starts. */
export function skipValue(next: () => string, scanner: JSONScanner): number {
  let depth = 0;
  let start: number | undefined;
  do {
    const token = next();
    start ??= scanner.getTokenOffset();
    if (token === '') throw new Error('the text to splice into is not JSON');
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
  } while (depth > 0);
  return start;
}
