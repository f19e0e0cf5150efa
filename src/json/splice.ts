import { createScanner, type JSONScanner } from 'jsonc-parser';
import { skipValue } from './without-members.ts';

/** Where a member of an object is, or would be, in a JSON text; offsets in UTF-16 units. */
interface Place {
  /** Of the member's value; `undefined` when the object lacks the member. */
  readonly value: { readonly start: number; readonly end: number } | undefined;
  /** Offset after the last member, or after the opening brace of an empty object. */
  readonly membersEnd: number;
  readonly empty: boolean;
}

/**
 * Puts a member into a JSON text and leaves every other character as it is: the member's value is replaced where
 * it is there already, otherwise the member is added as its object's last. Of repeated keys the last one counts, as
 * in `JSON.parse`. Takes time linear in the text's length, at any depth of nesting.
 *
 * @param text valid JSON
 * @param path keys from the root's object to the member, e.g. `['state', 'destinationStats']`
 * @param value the member's value as JSON text
 * @throws Error when the path leads through something that is no object
 *
 * @example
 * spliceMember('{"state":{"id":7}}', ['state', 'ok'], 'true'); // '{"state":{"id":7,"ok":true}}'
 */
export function spliceMember(text: string, path: readonly string[], value: string): string {
  const scanner = createScanner(text, true);
  const parents = path.slice(0, -1);
  const name = path.at(-1) ?? '';
  let start = 0;
  for (const key of parents) {
    const found = locate(text, scanner, start, key).value;
    if (found === undefined) throw new Error('no object at the path to splice into');
    start = found.start;
  }
  const place = locate(text, scanner, start, name);
  if (place.value !== undefined)
    return text.slice(0, place.value.start) + value + text.slice(place.value.end);
  const member = `${place.empty ? '' : ','}${JSON.stringify(name)}:${value}`;
  return text.slice(0, place.membersEnd) + member + text.slice(place.membersEnd);
}

/** Finds a member of the object that begins at or after `offset`. */
function locate(text: string, scanner: JSONScanner, offset: number, name: string): Place {
  const next = (): string => {
    scanner.scan();
    return text.charAt(scanner.getTokenOffset());
  };
  scanner.setPosition(offset);
  if (next() !== '{') throw new Error('no object at the path to splice into');
  let membersEnd = scanner.getPosition();
  let value: Place['value'];
  let empty = true;
  for (let token = next(); token === '"' || token === ','; token = next()) {
    if (token === ',') continue;
    empty = false;
    const matches = scanner.getTokenValue() === name;
    next();
    const start = skipValue(next, scanner);
    membersEnd = scanner.getPosition();
    if (matches) value = { start, end: membersEnd };
  }
  return { value, membersEnd, empty };
}
