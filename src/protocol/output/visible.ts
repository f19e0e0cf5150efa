/** Control characters and those that turn the direction of writing, apart from line end and tab. */
const HIDDEN = /(?![\n\t])[\p{Cc}\p{Bidi_C}\u2028\u2029]/gu;

/**
 * A text whose control and bidi characters are shown as JSON escapes. They come from rows and servers, and could clear
 * a terminal, forge lines of a log or turn a name round. A text that is JSON stays the same JSON.
 */
export function visible(text: string): string {
  return text.replace(HIDDEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
