import { createScanner } from 'jsonc-parser';

/** An object or list that is being read: the names it has had, or the index of its present item. */
type Open = { readonly names: Set<string>; name: string | undefined } | { index: number };

/**
 * JSON pointers to the members that one object of a JSON text has twice; the first ones, up to `most`. `JSON.parse`
 * silently takes the last of them.
 */
export function repeatedNames(text: string, most: number): readonly string[] {
  const scanner = createScanner(text, true);
  const open: Open[] = [];
  const found = new Set<string>();
  for (scanner.scan(); scanner.getTokenLength() > 0 && found.size < most; scanner.scan()) {
    const token = text.charAt(scanner.getTokenOffset());
    const innermost = open.at(-1);
    if (token === '{') open.push({ names: new Set(), name: undefined });
    else if (token === '[') open.push({ index: 0 });
    else if (token === '}' || token === ']') open.pop();
    else if (innermost === undefined) continue;
    else if ('index' in innermost) innermost.index += token === ',' ? 1 : 0;
    else if (token === ',') innermost.name = undefined;
    else if (token === '"' && innermost.name === undefined) {
      const name = scanner.getTokenValue();
      innermost.name = name;
      if (innermost.names.has(name)) found.add(pointerTo(open));
      innermost.names.add(name);
    }
  }
  return [...found];
}

function pointerTo(open: readonly Open[]): string {
  return open
    .map((place) => ('index' in place ? String(place.index) : (place.name ?? '')))
    .map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}
