/** What surrounds a token where people copy it from: quotes, the comma of a JSON line, white space. */
const SURROUNDING = /[\s"'`“”‘’,;]/;
/** The beginning of a header line, in any case. */
const HEADER_BEGINNING = /^(?:authorization["']?\s*[:=]|basic(?=[\s:]|$):?)/i;
const PRINTABLE_ASCII = /^[\x21-\x7e]*$/;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/** The token or base64 text in what was pasted, free of quotes, white space, `Authorization:` and `Basic`. */
export function unwrapToken(pasted: string): string {
  let text = trimmed(pasted);
  while (HEADER_BEGINNING.test(text)) text = trimmed(text.replace(HEADER_BEGINNING, ''));
  return text;
}

/**
 * The REST secret token in what was pasted, and every form that was met on the way to it. Base64 text of `token:`
 * is decoded and a colon at the end dropped, as often as the user's tools have added them.
 */
export function unwrapSecretToken(pasted: string): {
  readonly token: string;
  readonly forms: readonly string[];
} {
  let token = unwrapToken(pasted);
  const forms = [token];
  for (let inner = unwrapOnce(token); inner !== token; inner = unwrapOnce(token)) {
    token = inner;
    forms.push(token);
  }
  return { token, forms };
}

/** Why a token can't be sent in a header, or `undefined`. */
export function tokenFault(token: string): string | undefined {
  if (token === '') return 'holds no token; paste the token, or leave the option out';
  if (/^[*•]+$/.test(token))
    return 'holds the asterisks that hide a token, not the token; paste the token itself';
  if (/\s/.test(token)) return 'has a space or line break inside; paste the token alone, on one line';
  if (!PRINTABLE_ASCII.test(token)) return 'has a character that no token has; copy the token again';
  return undefined;
}

function unwrapOnce(token: string): string {
  const text = decoded(token) ?? token;
  return unwrapToken(text.endsWith(':') ? text.slice(0, -1) : text);
}

/** The `token:` in a base64 text, padded or not, of either alphabet; `undefined` for any other text. */
function decoded(text: string): string | undefined {
  if (!BASE64.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  const plain = bytes.toString('latin1');
  return plain.length > 1 && plain.endsWith(':') && PRINTABLE_ASCII.test(plain) ? plain : undefined;
}

function trimmed(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && SURROUNDING.test(text.charAt(start))) start++;
  while (end > start && SURROUNDING.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}
