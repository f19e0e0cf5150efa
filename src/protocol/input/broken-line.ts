import type { ProtocolError } from '../../errors/protocol-error.ts';
import { type FaultPlace, glance } from '../../json/fault-place.ts';
import { isJsonObject, own } from '../../json/guards.ts';
import type { JsonValue } from '../../json/json.ts';
import type { StreamDescriptor } from '../messages.ts';
import { malformed } from './malformed.ts';
import type { CountedType } from './message-in.ts';

const STATE_STREAM = 'state.stream.stream_descriptor';
const NAMES = new Set([
  'type',
  'record.stream',
  'record.namespace',
  `${STATE_STREAM}.name`,
  `${STATE_STREAM}.namespace`,
]);
const COUNTED: ReadonlySet<unknown> = new Set(['RECORD', 'STATE']);
const REPLACEMENT = '\uFFFD';

const ONE_A_LINE = 'Put each message on a line of its own that ends in a line feed.';

/** What to say of a line that holds a RECORD or STATE and is no JSON. */
export function brokenLine(raw: string, line: number, held: CountedType): ProtocolError {
  const { fault, values } = glance(raw, NAMES);
  const { why, remedy } = reasonOf(raw, fault);
  const where = fault === undefined ? '' : `, at character ${fault.offset + 1}`;
  return malformed({
    line,
    stream: streamIn(values) ?? streamWithin(raw, fault?.offset ?? 0),
    column: columnOf(fault),
    what: `holds a ${held} but is not one JSON document: ${why}`,
    remedy,
    technical: `malformed line ${line}: ${fault?.kind ?? 'too deep'}${where} of ${raw.length}`,
  });
}

/** What to say of a line that holds a RECORD or STATE and whose bytes are no UTF-8. */
export function undecodableLine(bytes: Buffer, line: number, held: CountedType): ProtocolError {
  const text = bytes.toString();
  const values = new Map<string, JsonValue>();
  const { fault, values: names } = glance(text, NAMES);
  for (const [path, value] of names) if (!String(value).includes(REPLACEMENT)) values.set(path, value);
  return malformed({
    line,
    stream: streamIn(values),
    column: fault === undefined ? columnWith(text, REPLACEMENT) : undefined,
    what: `holds a ${held} with bytes that are no UTF-8`,
    remedy: 'Read the data in the encoding that it has (Latin-1, Windows-1252, …) and write it as UTF-8.',
    technical: `malformed line ${line}: ${bytes.length} bytes that are no UTF-8`,
  });
}

function reasonOf(
  raw: string,
  fault: FaultPlace | undefined,
): { readonly why: string; readonly remedy: string } {
  if (raw.includes('\0'))
    return {
      why: 'it has NUL characters, as a text in UTF-16 has when it is read as UTF-8',
      remedy: 'Write the input as UTF-8.',
    };
  if (fault === undefined)
    return { why: 'it is nested too deeply to be looked through', remedy: 'Flatten the column at fault.' };
  const at = `character ${fault.offset + 1}`;
  switch (fault.kind) {
    case 'word':
      return {
        why: `${fault.word ?? 'a word'} is no JSON`,
        remedy: 'Write null where there is no value, and text for what JSON has no number for.',
      };
    case 'more':
      return { why: `more follows its first message at ${at}`, remedy: ONE_A_LINE };
    case 'cut':
      return {
        why: `it is cut off after ${raw.length} characters`,
        remedy: `See whether the source was stopped, or whether it breaks its messages over lines. ${ONE_A_LINE}`,
      };
    case 'control-character':
      return {
        why: `it has a control character at ${at}`,
        remedy: 'Write control characters in texts as escapes, such as \\t.',
      };
    case 'other':
      return fault.offset === 0
        ? { why: 'something comes before its first message', remedy: ONE_A_LINE }
        : { why: `it stops being JSON at ${at}`, remedy: 'Write every message with a JSON library.' };
  }
}

/** The stream of a message that begins within a line: behind another one, or in a list. */
export function streamWithin(raw: string, offset: number): StreamDescriptor | undefined {
  for (const start of new Set([raw.indexOf('{', offset), raw.indexOf('{')])) {
    if (start === -1) continue;
    const { values } = glance(raw.slice(start), NAMES);
    // Without a type it may be a part of a row and not a message.
    if (COUNTED.has(values.get('type'))) return streamIn(values);
  }
  return undefined;
}

function streamIn(values: ReadonlyMap<string, JsonValue>): StreamDescriptor | undefined {
  const [name, namespace] = values.has('record.stream')
    ? [values.get('record.stream'), values.get('record.namespace')]
    : [values.get(`${STATE_STREAM}.name`), values.get(`${STATE_STREAM}.namespace`)];
  if (typeof name !== 'string' || name === '') return undefined;
  return { name, namespace: typeof namespace === 'string' && namespace !== '' ? namespace : undefined };
}

function columnOf(fault: FaultPlace | undefined): string | undefined {
  const [message, data, column] = fault?.path ?? [];
  return message === 'record' && data === 'data' && typeof column === 'string' ? column : undefined;
}

/** The first column of a RECORD whose value holds a text, where its name does not. */
function columnWith(text: string, searched: string): string | undefined {
  const message: unknown = JSON.parse(text);
  const record = isJsonObject(message) ? own(message, 'record') : undefined;
  const data = isJsonObject(record) ? own(record, 'data') : undefined;
  if (!isJsonObject(data)) return undefined;
  const found = Object.entries(data).find(([, value]) => JSON.stringify(value).includes(searched));
  return found === undefined || found[0].includes(searched) ? undefined : found[0];
}
