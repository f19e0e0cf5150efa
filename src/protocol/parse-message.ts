import { ProtocolError } from '../errors/protocol-error.ts';
import { isJsonObject } from '../json/guards.ts';
import type { JsonValue } from '../json/json.ts';
import { parseLossless } from '../json/parse.ts';
import type {
  InputMessage,
  RecordMessage,
  StateMessage,
  StatusMessage,
  StreamDescriptor,
} from './messages.ts';

/** `ignored`: a message that a destination has no use for. `malformed`: no message at all. */
export type ParsedLine = InputMessage | 'ignored' | 'malformed';

const TYPE_AT_START = /^\s*\{\s*"type"\s*:\s*"([A-Z_]+)"/;
const COUNTED_TYPE = /"type"\s*:\s*"(RECORD|STATE)"/;
const COUNTED_MEMBER = /^\s*\{\s*"(record|state)"\s*:/;
const NOTHING_NULLED: ReadonlySet<string> = new Set();

/**
 * One line of the Airbyte protocol as a message. Unknown types and fields are ignored, and a field that is null
 * counts as absent: PyAirbyte writes every optional field as null.
 *
 * @param raw the line without its line end
 * @param line its 1-based number
 * @throws ProtocolError for a RECORD or STATE that can't be read, since without it the counts would be untrue.
 *   Its message names the line and never shows what is in it.
 */
export function parseMessage(raw: string, line: number): ParsedLine {
  let message: JsonValue;
  try {
    message = parseLossless(raw);
  } catch {
    const type = countedType(raw);
    if (type === undefined) return 'malformed';
    throw new ProtocolError(`line ${line} looks like a ${type} but is not JSON (${raw.length} characters)`);
  }
  if (!isJsonObject(message)) return 'malformed';
  switch (message.type) {
    case 'RECORD':
      return parseRecord(message.record, raw, line);
    case 'STATE':
      return parseState(message.state, raw, line);
    case 'TRACE':
      return parseStatus(message.trace) ?? 'ignored';
  }
  if (typeof message.type === 'string') return 'ignored';
  if (isJsonObject(message.record) || isJsonObject(message.state)) {
    throw new ProtocolError(`line ${line} bears a record or a state but no type`);
  }
  return 'malformed';
}

/** What a line that is not JSON was meant to be, where that matters. */
function countedType(raw: string): 'RECORD' | 'STATE' | undefined {
  const first = TYPE_AT_START.exec(raw)?.[1];
  const type = first ?? COUNTED_TYPE.exec(raw)?.[1] ?? COUNTED_MEMBER.exec(raw)?.[1]?.toUpperCase();
  return type === 'RECORD' || type === 'STATE' ? type : undefined;
}

function parseRecord(record: JsonValue | undefined, raw: string, line: number): RecordMessage {
  const stream = isJsonObject(record) ? descriptor(record.stream, record.namespace) : undefined;
  if (!isJsonObject(record) || stream === undefined) {
    throw new ProtocolError(`line ${line} is a RECORD without a stream`);
  }
  if (!isJsonObject(record.data)) throw new ProtocolError(`line ${line} is a RECORD without data`);
  return { type: 'RECORD', line, raw, stream, data: record.data, nulled: nulledFields(record.meta) };
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

function parseState(state: JsonValue | undefined, raw: string, line: number): StateMessage {
  if (!isJsonObject(state)) throw new ProtocolError(`line ${line} is a STATE without a state`);
  switch (state.type ?? 'LEGACY') {
    case 'STREAM': {
      const stream = isJsonObject(state.stream) ? streamOf(state.stream.stream_descriptor) : undefined;
      if (stream === undefined) throw new ProtocolError(`line ${line} is a STATE of no stream`);
      return { type: 'STATE', line, raw, stream };
    }
    case 'GLOBAL':
      if (!isJsonObject(state.global))
        throw new ProtocolError(`line ${line} is a GLOBAL STATE without its global part`);
      return { type: 'STATE', line, raw, stream: undefined };
    case 'LEGACY':
      return { type: 'STATE', line, raw, stream: undefined };
    default:
      throw new ProtocolError(`line ${line} is a STATE whose type is none of STREAM, GLOBAL and LEGACY`);
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
