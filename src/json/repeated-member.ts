import { visit } from 'jsonc-parser';

/**
 * A member that one object of a JSON text has twice: of the two values `JSON.parse` silently keeps the last.
 *
 * @param watched paths joined by `.`, e.g. `record.data`; other members may be repeated
 * @returns its path; `undefined` where there is none, and for a text nested too deeply to be looked through
 */
export function repeatedMember(text: string, watched: readonly string[]): string | undefined {
  const seen = new Set<string>();
  let repeated: string | undefined;
  try {
    visit(text, {
      onObjectProperty: (name, _offset, _length, _line, _character, parent) => {
        const path = [...parent(), name].join('.');
        if (!watched.includes(path)) return;
        if (seen.has(path)) repeated ??= path;
        seen.add(path);
      },
    });
  } catch (error) {
    // The visitor calls itself for each level of nesting.
    if (!(error instanceof RangeError)) throw error;
  }
  return repeated;
}
