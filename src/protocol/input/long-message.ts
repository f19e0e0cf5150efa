import type { JsonValue } from '../../json/json.ts';
import type { RecordMessage } from '../messages.ts';
import { MAX_LINE_BYTES } from './lines.ts';
import type { LongLine } from './long-line.ts';
import { malformed } from './malformed.ts';
import { AIRBYTE_TYPES } from './parse-message.ts';

export type LongMessage = RecordMessage | 'ignored';

const COLUMN = 'record.data.';
const NOTHING_NULLED: ReadonlySet<string> = new Set();

/**
 * A line above {@link MAX_LINE_BYTES} as a message: a RECORD without its data, so that it can be refused by stream and
 * key.
 *
 * @throws ProtocolError where it is no whole message, or one that counts and can't be refused by itself
 */
export function longMessage(long: LongLine, line: number, maxBytes: number = MAX_LINE_BYTES): LongMessage {
  const type = long.values.get('type');
  const stream = streamOf(long.values);
  if (long.isWhole && type === 'RECORD' && stream !== undefined) {
    const data = Object.fromEntries(
      [...long.values].flatMap(([path, value]) =>
        path.startsWith(COLUMN) ? [[path.slice(COLUMN.length), value]] : [],
      ),
    );
    const { name, namespace } = stream;
    const raw = JSON.stringify({
      type,
      record: { stream: name, ...(namespace !== undefined && { namespace }), data: {} },
    });
    return { type, line, raw, stream, data, nulled: NOTHING_NULLED, tooLongBytes: long.bytes };
  }
  const isOther =
    typeof type === 'string' && type !== 'RECORD' && type !== 'STATE' && AIRBYTE_TYPES.has(type);
  if (long.isWhole && isOther) return 'ignored';
  throw malformed({
    line,
    stream,
    what: `is longer than the limit of ${maxBytes} bytes and is no RECORD whose stream can be read`,
    remedy: 'Write messages of less than 32 MiB, each on a line of its own that ends in a line feed.',
    technical: `malformed line ${line}: ${long.bytes} bytes seen`,
  });
}

function streamOf(values: ReadonlyMap<string, JsonValue>): RecordMessage['stream'] | undefined {
  const [name, namespace] = [values.get('record.stream'), values.get('record.namespace')];
  if (typeof name !== 'string' || name === '') return undefined;
  return { name, namespace: typeof namespace === 'string' && namespace !== '' ? namespace : undefined };
}
