/** An element of a Postgres array: quoted, with a backslash before a quote or backslash, or bare. */
const ARRAY_ELEMENT = /(?:\s*"([^"\\]*(?:\\[\s\S][^"\\]*)*)"\s*|([^",{}\\]*))([,}])/y;

/**
 * What a text lists between `;`, or as a Postgres array (`{a,"b, c"}`; PostgreSQL manual, Array input and output
 * syntax). Empty pieces don't count, nor does an array's NULL. `undefined` for a text that is no list.
 */
export function listedIn(text: string): readonly string[] | undefined {
  const trimmed = text.trim();
  const pieces = trimmed.startsWith('{') ? arrayElements(trimmed) : undefined;
  if (pieces !== undefined) return pieces;
  if (!trimmed.includes(';')) return undefined;
  return trimmed.split(';').flatMap(filled);
}

function arrayElements(text: string): readonly string[] | undefined {
  const elements: string[] = [];
  ARRAY_ELEMENT.lastIndex = 1;
  for (;;) {
    const match = ARRAY_ELEMENT.exec(text);
    if (match === null) return undefined;
    const [, quoted, bare = '', end] = match;
    if (quoted !== undefined) elements.push(...filled(quoted.replaceAll(/\\([\s\S])/g, '$1')));
    else if (bare.trim().toUpperCase() !== 'NULL') elements.push(...filled(bare));
    if (end === '}') return ARRAY_ELEMENT.lastIndex === text.length ? elements : undefined;
  }
}

function filled(piece: string): string[] {
  const trimmed = piece.trim();
  return trimmed === '' ? [] : [trimmed];
}
