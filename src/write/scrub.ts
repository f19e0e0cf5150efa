import type { JsonValue } from '../json/json.ts';
import type { Write } from '../mapping/route.ts';

const MAX_SCRUBBED_CHARACTERS = 300;
/** Shorter words are too common to come from the row; from this length on, a part of a value counts as the value. */
const MIN_PART_CHARACTERS = 4;

/** A longer row counts as saying every word, so that the work on an answer doesn't grow with the row. */
const MAX_COMPARED_CHARACTERS = 1_000_000;

/**
 * Vitally's words about a row, fit for the log. Every word that the row itself says is taken out, whole or in part: an
 * answer may quote the row, and no value of it may reach the log.
 */
export function scrubbed(text: string, write: Write, keep: ReadonlySet<string>): string {
  const saidByRow = saidBy([...write.fields.values(), ...write.traits.values(), write.key ?? null]);
  const clean = text.slice(0, MAX_SCRUBBED_CHARACTERS).replace(/[\p{L}\p{N}_]+/gu, (word) => {
    const lower = word.toLowerCase();
    if (keep.has(lower) || PLAIN_WORDS.has(lower)) return word;
    return /\p{N}/u.test(word) || saidByRow(lower) ? '…' : word;
  });
  return clean
    .replace(/\s+/g, ' ')
    .replace(/…(?:[^\p{L}\p{N}\s]*…)+/gu, '…')
    .trim();
}

/** Tells whether a word, in lower case, is in any scalar of the values: as a whole word or, if it is long, as a part. */
function saidBy(values: readonly JsonValue[]): (word: string) => boolean {
  const texts: string[] = [];
  const length = collect(values, texts, 0);
  if (length > MAX_COMPARED_CHARACTERS) return () => true;
  const said = texts.join('\n').toLowerCase();
  const short = new Set<string>();
  for (const [word] of said.matchAll(/[\p{L}\p{N}_]+/gu))
    if (word.length < MIN_PART_CHARACTERS) short.add(word);
  return (word) => (word.length < MIN_PART_CHARACTERS ? short.has(word) : said.includes(word));
}

/** Gathers the texts of all scalars until they are too long together; gives their length. */
function collect(values: readonly JsonValue[], into: string[], length: number): number {
  let sum = length;
  for (const value of values) {
    if (sum > MAX_COMPARED_CHARACTERS) break;
    if (value === null) continue;
    if (Array.isArray(value)) sum = collect(value, into, sum);
    else if (typeof value === 'object') sum = collect(Object.values(value), into, sum);
    else {
      const text = String(value);
      into.push(text);
      sum += text.length + 1;
    }
  }
  return sum;
}

/** Words that answers consist of. They stay, although a row may say them too. */
const PLAIN_WORDS: ReadonlySet<string> = new Set(
  (
    'a an and any are array as at be by can cannot could date does email empty error exist exists expected failed field for ' +
    'found has have id in integer invalid is it least length long longer maximum may missing must name no not null number ' +
    'object of on one only or organization account user parameter property required specify string text than that the ' +
    'this to too trait traits type unknown url valid value was were with accountids organizationids'
  ).split(' '),
);
