/** A message that counts: losing one makes the counts untrue. */
export type CountedType = 'RECORD' | 'STATE';

/** Quotes are single where Python prints a dictionary, and doubled where a message is a cell of a CSV file. */
const TYPE = /["']{1,2}type["']{1,2}\s*:\s*["']{1,2}(RECORD|STATE)["']/;
/** Every other pattern here matches only where this one does. */
const MENTION = /record|state|emitted_at|["']type/i;
const BEGINNINGS = ['{"type":"RECORD"', '{"type":"STATE"', '{"record":{', '{"state":{'];
/** A line this short tells nothing: `{` alone begins any JSON that is spread over lines. */
const MIN_BEGINNING_CHARACTERS = '{"type"'.length;

const PARTS: readonly { readonly type: CountedType; readonly parts: readonly RegExp[] }[] = [
  { type: 'RECORD', parts: [/"record"\s*:\s*\{/, /"(?:stream|data)"\s*:/] },
  { type: 'RECORD', parts: [/^\s*\{\s*"record"\s*:/] },
  { type: 'RECORD', parts: [/"emitted_at"\s*:\s*\d/, /"data"\s*:\s*\{/] },
  { type: 'STATE', parts: [/"state"\s*:\s*\{/, /"(?:stream|stream_descriptor|global|data|type)"\s*:/] },
  { type: 'STATE', parts: [/^\s*\{\s*"state"\s*:/] },
  { type: 'STATE', parts: [/"stream_state"\s*:/] },
];

/**
 * The RECORD or STATE that a text holds in whatever way: behind or before something, in a list, cut at either end,
 * in UTF-16. When in doubt there is one: a row that is taken for noise is lost.
 *
 * @param text one line that is not exactly one message
 */
export function messageIn(text: string): CountedType | undefined {
  // A cheap look first: most lines of a log have no such word.
  if (!MENTION.test(text) && !text.includes('\0')) return undefined;
  // UTF-16 read as bytes has a NUL next to each Latin character.
  const plain = text.includes('\0') ? text.replaceAll('\0', '') : text;
  const named = TYPE.exec(plain)?.[1];
  if (named !== undefined) return named === 'STATE' ? 'STATE' : 'RECORD';
  return PARTS.find(({ parts }) => parts.every((part) => part.test(plain)))?.type ?? beginningOf(plain);
}

/** A message that was cut before its type could be read. */
function beginningOf(text: string): CountedType | undefined {
  if (text.length > 64) return undefined;
  const compact = text.replaceAll(/\s/g, '');
  if (compact.length < MIN_BEGINNING_CHARACTERS) return undefined;
  const begun = BEGINNINGS.find((beginning) => beginning.startsWith(compact));
  return begun === undefined ? undefined : /state/i.test(begun) ? 'STATE' : 'RECORD';
}
