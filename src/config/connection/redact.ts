/** Shorter texts turn up by chance; no token of Vitally's is that short. */
const MIN_SECRET_CHARACTERS = 6;
/** From this length on, a part of a token counts as the token where a server quotes it (Contract 10). */
const MIN_PART_CHARACTERS = 8;
/** How tokens of one kind all begin: it tells nothing (vitally-api.md, "Authentication"). */
const PUBLIC_PREFIX = /^[a-z]{2,4}_(?:live|test)_/i;
const MASK = '***';
/** How this program shows that it cut a text. */
const CUT = '…';

export type Redact = (text: string) => string;

/** A token, of which parts tell too much already, or another value that counts whole alone (Contract 10). */
export type Secret = string | { readonly whole: string };

/**
 * A function that replaces secrets in a text by `***`, in upper and lower case alike: as they are, as JSON writes them
 * (also JSON within JSON) and as addresses write them; a token's beginning too where the text was cut behind it.
 */
export function redactor(secrets: readonly Secret[]): Redact {
  const bodies = tokensAmong(secrets).flatMap(bodyForms).map(lowerCase);
  const whole = wholeRedactor(secrets);
  return (text) => withoutCutBeginnings(whole(text), bodies);
}

/**
 * As {@link redactor}, for what a server says, before it is cut: any part of a token counts, since a server may have
 * cut what it quotes anywhere, and may show it in base64 together with something else.
 */
export function answerRedactor(secrets: readonly Secret[]): Redact {
  const parts = new Set(
    tokensAmong(secrets).flatMap((secret) => [...bodyForms(secret), ...base64Forms(secret)].flatMap(partsOf)),
  );
  const whole = wholeRedactor(secrets);
  return (text) => withoutParts(whole(text), parts);
}

function tokensAmong(secrets: readonly Secret[]): readonly string[] {
  return secrets.filter((secret) => typeof secret === 'string');
}

function wholeRedactor(secrets: readonly Secret[]): Redact {
  const long = secrets
    .map((secret) => (typeof secret === 'string' ? secret : secret.whole))
    .filter((secret) => secret.length >= MIN_SECRET_CHARACTERS);
  const forms = [...new Set(long.flatMap(written))];
  if (forms.length === 0) return (text) => text;
  // Longer forms go first, so that no end of one is left.
  forms.sort((one, other) => other.length - one.length);
  const any = new RegExp(
    forms.map((form) => form.replaceAll(/[$()*+.?[\\\]^{|}/-]/g, '\\$&')).join('|'),
    'gi',
  );
  return (text) => text.replace(any, MASK);
}

/** @param bodies in lower case */
function withoutCutBeginnings(text: string, bodies: readonly string[]): string {
  const lower = lowerCase(text);
  let redacted = '';
  let copiedTo = 0;
  for (let at = lower.indexOf(CUT); at !== -1; at = lower.indexOf(CUT, at + 1)) {
    const length = Math.max(0, ...bodies.map((body) => beginningBefore(lower, at, body)));
    if (length === 0) continue;
    redacted += text.slice(copiedTo, at - length) + MASK;
    copiedTo = at;
  }
  return redacted + text.slice(copiedTo);
}

/** How many characters of the body's beginning are directly before `end`; 0 where too few to tell. */
function beginningBefore(text: string, end: number, body: string): number {
  const last = text[end - 1];
  for (let length = Math.min(end, body.length); length >= MIN_PART_CHARACTERS; length--) {
    if (body[length - 1] === last && text.endsWith(body.slice(0, length), end)) return length;
  }
  return 0;
}

function withoutParts(text: string, parts: ReadonlySet<string>): string {
  const lower = lowerCase(text);
  let redacted = '';
  let copiedTo = 0;
  let maskedTo = 0;
  for (let at = 0; at + MIN_PART_CHARACTERS <= lower.length; at++) {
    if (!parts.has(lower.slice(at, at + MIN_PART_CHARACTERS))) continue;
    if (at > maskedTo || maskedTo === 0) redacted += text.slice(copiedTo, at) + MASK;
    maskedTo = at + MIN_PART_CHARACTERS;
    copiedTo = maskedTo;
  }
  return redacted + text.slice(copiedTo);
}

/** Every run of characters of a form that is long enough to count. */
function partsOf(form: string): string[] {
  const lower = lowerCase(form);
  const count = Math.max(0, lower.length - MIN_PART_CHARACTERS + 1);
  return Array.from({ length: count }, (_, at) => lower.slice(at, at + MIN_PART_CHARACTERS));
}

/** What of a token is secret, in its written forms. A header that was pasted whole ends with its token. */
function bodyForms(secret: string): readonly string[] {
  return written(bodyOf(secret.trim().split(/\s+/).at(-1) ?? ''));
}

function bodyOf(token: string): string {
  const plain = PUBLIC_PREFIX.exec(token)?.[0].length;
  if (plain !== undefined) return token.slice(plain);
  const encoded = PUBLIC_PREFIX.exec(Buffer.from(token, 'base64').toString('latin1'))?.[0].length;
  return encoded === undefined ? token : token.slice(Math.ceil((encoded * 8) / 6));
}

/** What base64 makes of a token's secret part, wherever in the encoded text the token begins. */
function base64Forms(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const publicBytes = PUBLIC_PREFIX.exec(secret)?.[0].length ?? 0;
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const first = Math.ceil(((before + publicBytes) * 8) / 6);
    return encoded.slice(first, Math.floor(((before + bytes.length) * 8) / 6));
  });
}

function written(secret: string): readonly string[] {
  const json = jsonEscaped(secret);
  const percent = encodeURIComponent(secret.toWellFormed());
  return [...new Set([secret, json, jsonEscaped(json), percent])];
}

function jsonEscaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Keeps every character's place, as `toLowerCase` does not. */
function lowerCase(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}
