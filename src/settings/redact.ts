/** Shorter texts turn up by chance; no token of Vitally's is that short. */
const MIN_SECRET_CHARACTERS = 6;
const MASK = '***';

/**
 * A function that replaces secrets in a text by `***`: as they are, as JSON writes them (also JSON within JSON) and
 * as addresses write them. Longer forms go first, so that no end of one is left standing.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const forms = [
    ...new Set(secrets.filter((secret) => secret.length >= MIN_SECRET_CHARACTERS).flatMap(written)),
  ];
  forms.sort((one, other) => other.length - one.length);
  return (text) => forms.reduce((redacted, form) => redacted.replaceAll(form, MASK), text);
}

function written(secret: string): readonly string[] {
  const json = jsonEscaped(secret);
  const percent = encodeURIComponent(secret.toWellFormed());
  const percentLowerCase = percent.replaceAll(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase());
  return [secret, json, jsonEscaped(json), percent, percentLowerCase];
}

function jsonEscaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
