const MAX_KEY_CHARACTERS = 100;
/** `@`, as addresses write it and as wide as a Chinese sign. */
const AT = /@|\uFF20|%40/gi;
/** `"jane doe"@example.com`: the only part of an address that may hold blanks. */
const QUOTED_LOCAL_PART = /"([^"])[^"]*"(?=@|\uFF20|%40)/gi;

/** A key for the log. Addresses keep their first letter and their domain: `a***@example.com`. */
export function maskKey(key: string): string {
  const masked = key
    .replace(QUOTED_LOCAL_PART, '$1')
    .split(/([\s:,;]+)/)
    .map(maskAddress)
    .join('');
  return masked.length > MAX_KEY_CHARACTERS ? `${masked.slice(0, MAX_KEY_CHARACTERS)}…` : masked;
}

function maskAddress(piece: string): string {
  const at = [...piece.matchAll(AT)].at(-1);
  if (at === undefined || at.index === 0) return piece;
  return `${String.fromCodePoint(piece.codePointAt(0) ?? 0)}***${piece.slice(at.index)}`;
}
