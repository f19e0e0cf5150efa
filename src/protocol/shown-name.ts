const MAX_SHOWN_CHARACTERS = 200;
/** Control and format characters: a terminal obeys some of them, and others turn the reading direction. */
const INVISIBLE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** A name of a stream or column as messages show it: quoted, cut, and with escapes for what can't be seen. */
export function shownName(name: string): string {
  const cut = name.length > MAX_SHOWN_CHARACTERS ? `${name.slice(0, MAX_SHOWN_CHARACTERS)}…` : name;
  return JSON.stringify(cut.toWellFormed()).replaceAll(INVISIBLE, escaped);
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }).join('');
}
