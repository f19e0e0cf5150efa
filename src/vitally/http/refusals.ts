import { isJsonObject, own } from '../../json/guards.ts';
import type { JsonObject, JsonValue } from '../../json/json.ts';
import { isNestedWithin } from '../../json/nesting.ts';
import { parseLossless } from '../../json/parse.ts';

/** What a refusal means to the writer of a row: the kinds of `Answer` other than `ok`. */
export type RefusalKind = 'not_found' | 'exists' | 'too_large' | 'refused';

/** The most text taken from an answer's body; each rejected row in the store holds one. */
const MAX_ERROR_TEXT_CHARACTERS = 2_000;
/** Members of `errors` or of a list of messages that are kept. */
const MAX_ERROR_MESSAGES = 20;
const MAX_ERROR_DEPTH = 4;
/** Members of an envelope that hold its words; NestJS puts the status's name into `error` and the reason into `message`. */
const WORDS_IN = ['error', 'message', 'errors'] as const;
/** Vitally's refusals are not nested deeper; the text of one that is deeper is taken as it is. */
const MAX_ERROR_LEVELS = 1_000;

const NOT_FOUND = /not found|does not exist|doesn['’]t exist|no such|could not find|couldn['’]t find/i;
const EXISTS = /already (?:exists|in use|(?:been )?taken)|duplicate|must be unique|not unique/i;
const TOO_LARGE =
  /too (?:large|big|long|many)|exceeds? (?:the )?(?:maximum|max|limit|size)|(?:size|payload|length) limit|maximum (?:size|length)/i;

/**
 * The words of a refusal, bounded, none of them twice. Vitally's envelope is `{"error": text}` (vitally-api.md,
 * "Errors"); clients disagree about it, so the reason may be in any of `error`, `message` and `errors`. Any other body
 * gives its raw text. The text may quote the row.
 *
 * @param body - the body's text, or its JSON where it has been parsed.
 * @param redact - takes secrets out, parts of one too. It gets the words before they are cut, because the rest of a
 *   secret that was cut could not be recognized.
 */
export function errorText(body: JsonValue, redact: (text: string) => string = (text) => text): string {
  const json = typeof body === 'string' ? parsed(body) : body;
  const words = distinct(wordsIn(json, 0)) ?? (typeof body === 'string' ? body.trim() : JSON.stringify(body));
  return bounded(redact(words));
}

/**
 * What a refusal means: by its status where that says enough, else by its words, since Vitally documents neither
 * statuses nor texts for records that are missing or that are there already.
 *
 * A text like "account not found" may be about the record or about one that the body names: the caller, who knows
 * what it asked for, decides.
 */
export function classify(status: number, text: string): RefusalKind {
  if (status === 413) return 'too_large';
  if (status === 409) return 'exists';
  if (status === 404 || NOT_FOUND.test(text)) return 'not_found';
  if (EXISTS.test(text) && (status < 300 || status === 400 || status === 422)) return 'exists';
  if (status === 400 && TOO_LARGE.test(text)) return 'too_large';
  return 'refused';
}

/**
 * Whether a 2xx body is a refusal all the same: an object with `error` and no `id` (that is how a missing record
 * shows: vitally-api.md, "Errors").
 */
export function isRefusalBody(body: JsonValue | undefined): body is JsonObject {
  if (!isJsonObject(body) || Object.hasOwn(body, 'id')) return false;
  const error = own(body, 'error');
  return error !== undefined && error !== null && error !== false;
}

/**
 * Whether the body of a refusal is Vitally's own: JSON with `error`, `message` or `errors` (vitally-api.md,
 * "Errors"). A firewall or a gateway before Vitally answers with a page of its own.
 */
export function isEnvelope(body: JsonValue | undefined): boolean {
  const json = typeof body === 'string' ? parsed(body) : body;
  return isJsonObject(json) && WORDS_IN.some((name) => own(json, name) !== undefined);
}

function parsed(text: string): JsonValue | undefined {
  try {
    return isNestedWithin(text, MAX_ERROR_LEVELS) ? parseLossless(text) : undefined;
  } catch {
    return undefined;
  }
}

/** The texts of a body, the envelope's in the order of its members. */
function wordsIn(value: JsonValue | undefined, depth: number): string[] {
  if (depth > MAX_ERROR_DEPTH || value === undefined || value === null) return [];
  if (typeof value === 'string') return value.trim() === '' ? [] : [value.trim()];
  if (Array.isArray(value)) {
    return value.slice(0, MAX_ERROR_MESSAGES).flatMap((item) => wordsIn(item, depth + 1));
  }
  if (!isJsonObject(value)) return [];
  const words = WORDS_IN.flatMap((name) => wordsIn(own(value, name), depth + 1));
  return words.length > 0 || depth === 0 ? words : wordsByField(value, depth);
}

/** `{"errors": {"name": ["is required"]}}`: what is wrong, by field. */
function wordsByField(value: JsonObject, depth: number): string[] {
  return Object.entries(value)
    .slice(0, MAX_ERROR_MESSAGES)
    .map(([name, item]) => [name, wordsIn(item, depth + 1).join(', ')] as const)
    .filter(([, words]) => words !== '')
    .map(([name, words]) => `${name}: ${words}`);
}

/** The texts in their order, without those that an earlier one contains. */
function distinct(texts: readonly string[]): string | undefined {
  const kept: string[] = [];
  for (const text of texts) {
    if (kept.some((other) => says(other, text))) continue;
    const rest = kept.filter((other) => !says(text, other));
    kept.splice(0, kept.length, ...rest, text);
  }
  return kept.join('; ') || undefined;
}

function says(text: string, other: string): boolean {
  return ` ${plainWords(text)} `.includes(` ${plainWords(other)} `);
}

function plainWords(text: string): string {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ');
}

function bounded(text: string): string {
  return text.length <= MAX_ERROR_TEXT_CHARACTERS ? text : `${text.slice(0, MAX_ERROR_TEXT_CHARACTERS)}…`;
}
