import type { JsonValue } from '../json/json.ts';
import type { Write } from '../routing/route.ts';

const MAX_SCRUBBED_CHARACTERS = 300;
/** Short words of the row are too common to tell anything; from this length on a part of a value counts as the value. */
const MIN_PART_CHARACTERS = 4;

/**
 * Vitally's words about a row, fit for the log: whatever the row itself says is taken out, whole or in part,
 * so that an answer which quotes the row doesn't carry its values into the log.
 */
export function scrubbed(text: string, write: Write, keep: ReadonlySet<string>): string {
  const said = new Set<string>();
  collect([...write.fields.values(), ...write.traits.values(), write.key ?? null], said);
  const values = [...said];
  const clean = text.slice(0, MAX_SCRUBBED_CHARACTERS).replace(/[\p{L}\p{N}_]+/gu, (word) => {
    const lower = word.toLowerCase();
    if (keep.has(lower) || PLAIN_WORDS.has(lower)) return word;
    if (said.has(lower) || /\p{N}/u.test(word)) return '…';
    return lower.length >= MIN_PART_CHARACTERS && values.some((value) => value.includes(lower)) ? '…' : word;
  });
  return clean
    .replace(/\s+/g, ' ')
    .replace(/…(?:[^\p{L}\p{N}\s]*…)+/gu, '…')
    .trim();
}

/** The words of every scalar in a value, lower case. */
function collect(values: readonly JsonValue[], into: Set<string>): void {
  for (const value of values) {
    if (value === null) continue;
    if (Array.isArray(value)) collect(value, into);
    else if (typeof value === 'object') collect(Object.values(value), into);
    else
      for (const word of String(value)
        .toLowerCase()
        .match(/[\p{L}\p{N}_]+/gu) ?? [])
        into.add(word);
  }
}

/** Words that answers are made of: they stay readable although a row may use them too. */
const PLAIN_WORDS: ReadonlySet<string> = new Set(
  (
    'a an and any are array as at be by can cannot could date does email empty error exist exists expected failed field for ' +
    'found has have id in integer invalid is it least length long longer maximum may missing must name no not null number ' +
    'object of on one only or organization account user parameter property required specify string text than that the ' +
    'this to too trait traits type unknown url valid value was were with accountids organizationids'
  ).split(' '),
);
