import type { ProtocolError } from '../../errors/protocol-error.ts';
import { isJsonObject, own } from '../../json/guards.ts';
import type { JsonObject, JsonValue } from '../../json/json.ts';
import { parseLossless } from '../../json/parse.ts';
import { repeatedMember } from '../../json/repeated-member.ts';
import type {
  InputMessage,
  RecordMessage,
  StateMessage,
  StatusMessage,
  StreamDescriptor,
} from '../messages.ts';
import { brokenLine, streamWithin } from './broken-line.ts';
import { malformed } from './malformed.ts';
import { messageIn } from './message-in.ts';

/**
 * `ignored`: an Airbyte message that a destination has no use for. `unknown`: a message whose type Airbyte may
 * invent one day. `no-message`: anything else.
 */
export type ParsedLine = InputMessage | 'ignored' | 'unknown' | 'no-message';

/** Airbyte protocol 0.18, `AirbyteMessage.type`. */
export const AIRBYTE_TYPES: ReadonlySet<string> = new Set([
  'RECORD',
  'STATE',
  'LOG',
  'SPEC',
  'CONNECTION_STATUS',
  'CATALOG',
  'TRACE',
  'CONTROL',
  'DESTINATION_CATALOG',
]);

/** Other lines are not parsed: an exception for each line of a log would take most of the time. */
const OBJECT_OR_TEXT = /^[ \t\r]*[{"]/;
const TYPE_NAME = /^[A-Z][A-Z_]*$/;
const NOTHING_NULLED: ReadonlySet<string> = new Set();
/** Of two members of one name, JSON.parse drops the first. */
const SINGLE_MEMBERS = ['record', 'state', 'record.data', 'record.stream', 'state.stream', 'state.global'];
const SINGLE_NAMES = ['record', 'state', 'data', 'stream', 'global'];
const ONE_MESSAGE_A_LINE = 'Write one message a line, with nothing around it.';

/**
 * One line of the Airbyte protocol as a message. Unknown types and fields are ignored, and a field that is null
 * counts as absent: PyAirbyte writes every optional field as null.
 *
 * @param raw the line without its line end
 * @param line its 1-based number
 * @throws ProtocolError for a line that holds a RECORD or STATE and isn't exactly one message, since without it the
 *   counts would be untrue. Its message names line, stream and column and never shows a value.
 */
export function parseMessage(raw: string, line: number): ParsedLine {
  const message = OBJECT_OR_TEXT.test(raw) ? parsedOrNone(raw) : undefined;
  if (!isJsonObject(message)) return withoutMessage(raw, typeof message === 'string' ? message : raw, line);
  const type = own(message, 'type');
  if (type === 'RECORD' || type === 'STATE') {
    refuseSeveral(message, raw, line, type);
    return type === 'RECORD' ? parseRecord(message, raw, line) : parseState(message, raw, line);
  }
  if (typeof type !== 'string') return withoutType(message, raw, line);
  if (AIRBYTE_TYPES.has(type)) {
    refuseSeveral(message, raw, line, type);
    return (type === 'TRACE' ? parseStatus(own(message, 'trace')) : undefined) ?? 'ignored';
  }
  const counted = type.trim().toUpperCase();
  if ((counted === 'RECORD' || counted === 'STATE') && isJsonObject(own(message, counted.toLowerCase())))
    throw malformed({
      line,
      what: `holds a ${counted} whose type is not written ${counted}`,
      remedy: 'Write the types of messages in upper case, without blanks.',
    });
  const parsed = withoutMessage(raw, raw, line);
  return TYPE_NAME.test(type) ? 'unknown' : parsed;
}

/** `undefined` for what is no JSON. */
function parsedOrNone(text: string): JsonValue | undefined {
  try {
    return parseLossless(text);
  } catch {
    return undefined;
  }
}

/**
 * @param text what may hold a message: the line, or the text that the line is as JSON
 * @throws ProtocolError where it holds one after all: cut, in a list, behind something
 */
function withoutMessage(raw: string, text: string, line: number): 'no-message' {
  const held = messageIn(text);
  if (held === undefined) return 'no-message';
  if (parsedOrNone(raw) === undefined) throw brokenLine(raw, line, held);
  throw malformed({
    line,
    stream: streamWithin(text, 0),
    what: `holds a ${held} inside of something else, such as a list`,
    remedy: ONE_MESSAGE_A_LINE,
  });
}

function withoutType(message: JsonObject, raw: string, line: number): 'no-message' {
  const [record, state] = [own(message, 'record'), own(message, 'state')];
  if (isRecord(record) || isState(state))
    throw malformed({
      line,
      what: 'has a record or a state but no type',
      remedy: 'Give the message its type, as in {"type":"RECORD","record":{…}}.',
    });
  return withoutMessage(raw, raw, line);
}

/** Refuses a line in which a second message would be lost: a state besides the record, a member that is there twice. */
function refuseSeveral(message: JsonObject, raw: string, line: number, type: string): void {
  const hasOther =
    (type !== 'RECORD' && hasData(own(message, 'record'))) ||
    (type !== 'STATE' && isState(own(message, 'state')));
  const repeated = mayRepeat(message, raw) ? repeatedMember(raw, SINGLE_MEMBERS) : undefined;
  if (!hasOther && repeated === undefined) return;
  const what =
    repeated === undefined
      ? `is a ${type} and holds another message besides it`
      : `is a ${type} that has ${repeated} twice`;
  throw malformed({ line, what, remedy: ONE_MESSAGE_A_LINE });
}

/** Whether the text has a name more often than the message and its parts have it: a cheap look, on every line. */
function mayRepeat(message: JsonObject, raw: string): boolean {
  const record = own(message, 'record');
  const state = own(message, 'state');
  const data = isJsonObject(record) ? own(record, 'data') : undefined;
  const objects = [message, record, state, data].filter(isJsonObject);
  return SINGLE_NAMES.some((name) => {
    let known = 0;
    for (const object of objects) if (Object.hasOwn(object, name)) known++;
    // The quote before a name is left out: a text has so many quotes that a search for one stops at each.
    return occursMoreThan(known, raw, `${name}"`) && occursMoreThan(known, raw, `"${name}"`);
  });
}

function occursMoreThan(times: number, text: string, part: string): boolean {
  let found = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) {
    if (++found > times) return true;
  }
  return false;
}

function isRecord(value: JsonValue | undefined): boolean {
  return isJsonObject(value) && (Object.hasOwn(value, 'stream') || Object.hasOwn(value, 'data'));
}

/**
 * A record without data is none that could be lost. Faros' airbyte-local writes the name of a record's stream into every
 * STATE too: `.record.stream |= "prefix" + .` (airbyte-local.sh of faros-ai/airbyte-local-cli).
 */
function hasData(value: JsonValue | undefined): boolean {
  return isJsonObject(value) && Object.hasOwn(value, 'data');
}

function isState(value: JsonValue | undefined): boolean {
  const parts = ['type', 'stream', 'global', 'data'];
  return isJsonObject(value) && parts.some((name) => Object.hasOwn(value, name));
}

function parseRecord(message: JsonObject, raw: string, line: number): RecordMessage {
  const record = own(message, 'record');
  const stream = isJsonObject(record) ? descriptor(record.stream, record.namespace) : undefined;
  if (!isJsonObject(record) || stream === undefined)
    throw wrongPart(message, line, 'is a RECORD without a stream');
  if (!isJsonObject(record.data)) throw wrongPart(message, line, 'is a RECORD without data', stream);
  return { type: 'RECORD', line, raw, stream, data: record.data, nulled: nulledFields(record.meta) };
}

/** A message of the right type that lacks a part. Singer's messages have the same types and other parts. */
function wrongPart(
  message: JsonObject,
  line: number,
  what: string,
  stream?: StreamDescriptor,
): ProtocolError {
  const isSinger = typeof own(message, 'stream') === 'string' || Object.hasOwn(message, 'value');
  return isSinger
    ? malformed({
        line,
        what: `${what}, as Airbyte has it: it looks like a message of Singer`,
        remedy:
          'Use an Airbyte source instead of the Singer tap, or turn its messages into those of Airbyte.',
      })
    : malformed({ line, stream, what, remedy: 'See how the source writes its messages.' });
}

function nulledFields(meta: JsonValue | undefined): ReadonlySet<string> {
  if (!isJsonObject(meta) || !Array.isArray(meta.changes)) return NOTHING_NULLED;
  const nulled = new Set<string>();
  for (const change of meta.changes) {
    if (isJsonObject(change) && change.change === 'NULLED' && typeof change.field === 'string') {
      nulled.add(change.field);
    }
  }
  return nulled;
}

function parseState(message: JsonObject, raw: string, line: number): StateMessage {
  const state = own(message, 'state');
  if (!isJsonObject(state)) throw wrongPart(message, line, 'is a STATE without a state');
  switch (state.type ?? 'LEGACY') {
    case 'STREAM': {
      const stream = isJsonObject(state.stream) ? streamOf(state.stream.stream_descriptor) : undefined;
      if (stream === undefined) throw wrongPart(message, line, 'is a STATE of no stream');
      return { type: 'STATE', line, raw, stream };
    }
    case 'GLOBAL':
      if (!isJsonObject(state.global))
        throw wrongPart(message, line, 'is a GLOBAL STATE without its global part');
      return { type: 'STATE', line, raw, stream: undefined };
    case 'LEGACY':
      return { type: 'STATE', line, raw, stream: undefined };
    default:
      throw wrongPart(message, line, 'is a STATE whose type is none of STREAM, GLOBAL and LEGACY');
  }
}

function parseStatus(trace: JsonValue | undefined): StatusMessage | undefined {
  if (!isJsonObject(trace) || trace.type !== 'STREAM_STATUS' || !isJsonObject(trace.stream_status))
    return undefined;
  const { stream_descriptor, status } = trace.stream_status;
  const stream = streamOf(stream_descriptor);
  return stream === undefined || typeof status !== 'string'
    ? undefined
    : { type: 'STREAM_STATUS', stream, status };
}

function streamOf(value: JsonValue | undefined): StreamDescriptor | undefined {
  return isJsonObject(value) ? descriptor(value.name, value.namespace) : undefined;
}

function descriptor(
  name: JsonValue | undefined,
  namespace: JsonValue | undefined,
): StreamDescriptor | undefined {
  if (typeof name !== 'string' || name === '') return undefined;
  if (namespace === undefined || namespace === null || namespace === '')
    return { name, namespace: undefined };
  return typeof namespace === 'string' ? { name, namespace } : undefined;
}
