import fc from 'fast-check';

/**
 * A line as it may come in. `message`: one that counts, as it is. `idle`: a message that doesn't count. `noise`: no
 * message. `malformed`: it holds a message that counts and isn't exactly one. `torn`: a piece of one, which may be told
 * as noise or end the run, but never pass without a word.
 */
export interface FuzzLine {
  readonly kind: 'message' | 'idle' | 'noise' | 'malformed' | 'torn' | 'blank';
  readonly bytes: Buffer;
}

const STREAMS = ['a', 'b', 'stream', 'record', 'é'];
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    '"type":"RECORD"',
    '{"type":"STATE"}',
    '\u2028',
    '\\',
    '\r',
    'NaN',
    '\u0000',
    '😀',
    '\uFEFF',
  ),
);
const values = fc.oneof(
  texts,
  fc.integer(),
  fc.constantFrom(null, true, 1e21, -0.5, { type: 'RECORD' }, { record: { data: 1 } }, [[['x']]], {
    state: { data: 1 },
  }),
);
const data = fc.dictionary(
  fc.oneof(fc.constantFrom('id', 'type', 'data', 'stream', 'record', 'state'), texts),
  values,
  {
    maxKeys: 4,
  },
);
const streams = fc.constantFrom(...STREAMS);

const records = fc
  .record({ stream: streams, data, emitted_at: fc.constant(1) })
  .map((record) => ({ type: 'RECORD', record }));
const states = fc.oneof(
  fc.record({ name: streams }).chain((stream_descriptor) =>
    data.map((stream_state) => ({
      type: 'STATE',
      state: { type: 'STREAM', stream: { stream_descriptor, stream_state } },
    })),
  ),
  data.map((shared_state) => ({
    type: 'STATE',
    state: { type: 'GLOBAL', global: { shared_state, stream_states: [] } },
  })),
  data.map((legacy) => ({ type: 'STATE', state: { data: legacy } })),
);

/** As one serializer or another writes it: members in any order, blanks, nulls, escapes. */
function written(message: object): fc.Arbitrary<string> {
  const members = Object.entries(message);
  return fc
    .record({
      order: fc.shuffledSubarray(members, { minLength: members.length }),
      nulls: fc.boolean(),
      blank: fc.constantFrom('', ' ', '\t', '  '),
      isAscii: fc.boolean(),
    })
    .map(({ order, nulls, blank, isAscii }) => {
      const all = [...order, ...(nulls ? [['log', null] as const, ['trace', null] as const] : [])];
      const inner = all.map(
        ([name, value]) => `${blank}${JSON.stringify(name)}${blank}:${blank}${JSON.stringify(value)}`,
      );
      const text = `${blank}{${inner.join(',')}${blank}}${blank}`;
      return isAscii
        ? text.replaceAll(
            /[\u0080-\uffff]/g,
            (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
          )
        : text;
    });
}

const counted = fc.oneof(records, states).chain(written);
const idle = fc
  .oneof(
    texts.map((message) => ({ type: 'LOG', log: { level: 'INFO', message } })),
    streams.map((name) => ({ type: 'TRACE', trace: { type: 'ESTIMATE', estimate: { name } } })),
    fc.constantFrom({ type: 'SPEC', spec: {} }, { type: 'CATALOG', catalog: { streams: [] } }),
  )
  .map((message) => JSON.stringify(message));
const noise = fc.constantFrom(
  'Starting the source…',
  '2026-01-01 INFO 1,2,3',
  '{"level":"info","msg":"x"}',
  '[1,2]',
  '"text"',
  '7',
  '{"a":',
  '}',
  '{"type":"purchase","id":1}',
  '{"type":"LOG","log":{"message":"cut',
  "{'type': 'LOG'}",
  '\u0000\u0000',
);
const signs = fc.constantFrom(
  ...['x', ',', '[', ']', '}', '{', '"', '\u0000', '\uFEFF', '\u00a0', 'null', '1', '\v', '#'],
);
const between = fc.constantFrom('', '\r', ' ', ',', '\r\r', '\t', '\u2028');

const whole = fc.oneof(idle, counted);

const malformed = fc.oneof(
  fc.tuple(whole, between, counted).map((parts) => parts.join('')),
  fc.tuple(counted, between, whole).map((parts) => parts.join('')),
  fc.tuple(signs, between, counted).map((parts) => parts.join('')),
  fc.tuple(counted, between, signs).map((parts) => parts.join('')),
  records.map(({ record }) => JSON.stringify({ type: 'LOG', log: {}, record })),
  fc
    .tuple(records, states)
    .map(([{ record }, { state }]) => JSON.stringify({ type: 'STATE', record, state })),
  fc.tuple(records, records).map(([one, other]) => {
    const [first, second] = [JSON.stringify(one.record), JSON.stringify(other.record)];
    return `{"type":"RECORD","record":${first},"record":${second}}`;
  }),
  counted.map((text) => `[${text}]`),
  counted.map((text) => JSON.stringify(text)),
  counted.map((text) => `{"messages":[${text}]}`),
  records.map(({ record }) => JSON.stringify({ type: 'record', record })),
  records.map(({ record }) => JSON.stringify({ record })),
  records.map((message) =>
    JSON.stringify(message).replace('"data":{', '"data":{"mrr":NaN,').replace(',}', '}'),
  ),
  records.map((message) =>
    JSON.stringify(message).replace('"data":{', '"data":{"b":"\t",').replace(',}', '}'),
  ),
);

function cut(text: string): fc.Arbitrary<string> {
  return fc
    .tuple(fc.nat(text.length - 1), fc.boolean())
    .map(([at, head]) => (head ? text.slice(0, at) : text.slice(at)));
}

/** Text in another encoding, or with a byte that is none. */
function undecodable(text: string): fc.Arbitrary<Buffer> {
  const bytes = Buffer.from(text);
  return fc
    .record({ at: fc.nat(bytes.length), byte: fc.constantFrom(0xff, 0xe9, 0xc0, 0x80) })
    .map(({ at, byte }) => Buffer.concat([bytes.subarray(0, at), Buffer.from([byte]), bytes.subarray(at)]));
}

function utf16(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf16le');
  return bytes.includes(0x0a) ? Buffer.from('x', 'utf16le') : bytes;
}

function lineOf(kind: FuzzLine['kind'], text: fc.Arbitrary<string | Buffer>): fc.Arbitrary<FuzzLine> {
  return text.map((given) => ({ kind, bytes: Buffer.from(given) }));
}

/** One line of any kind; most are what they should be. */
export const fuzzLines: fc.Arbitrary<FuzzLine> = fc.oneof(
  { weight: 40, arbitrary: lineOf('message', counted) },
  { weight: 10, arbitrary: lineOf('idle', idle) },
  { weight: 10, arbitrary: lineOf('noise', noise) },
  { weight: 5, arbitrary: lineOf('blank', fc.constantFrom('', ' ', '\t', '\r', '\uFEFF', '\u00a0')) },
  { weight: 8, arbitrary: lineOf('malformed', malformed) },
  { weight: 1, arbitrary: lineOf('torn', counted.chain(undecodable)) },
  { weight: 1, arbitrary: lineOf('torn', counted.chain(cut)) },
  { weight: 1, arbitrary: lineOf('torn', counted.map(utf16)) },
);

/** The bytes of lines, each with its end; the last may have none. */
export function inputOf(lines: readonly FuzzLine[], lineEnd: string, endsOpen: boolean): Buffer {
  const parts = lines.flatMap(({ bytes }, index) =>
    endsOpen && index === lines.length - 1 ? [bytes] : [bytes, Buffer.from(lineEnd)],
  );
  return Buffer.concat(parts);
}

/** Cuts bytes at places that are given as shares of 2^16. */
export function chunked(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = cuts
    .map((share) => Math.floor((share / 65_536) * bytes.length))
    .sort((one, other) => one - other);
  const ends = [...places, bytes.length];
  return ends
    .map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
    .filter((chunk) => chunk.length > 0);
}
