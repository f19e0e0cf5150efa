import { describe, expect, test } from 'vitest';
import { ProtocolError } from '../../../../src/errors/protocol-error.ts';
import { parseMessage } from '../../../../src/protocol/input/parse-message.ts';

const SECRET = 'marker-of-a-row';

function record(members: object): string {
  return JSON.stringify({ type: 'RECORD', record: { stream: 's', data: {}, emitted_at: 1, ...members } });
}

function state(members: object): string {
  return JSON.stringify({ type: 'STATE', state: members });
}

describe('a RECORD', () => {
  test('has its line, its text, its stream and its data', () => {
    const raw = record({ namespace: 'mart', data: { id: 7, name: null } });
    expect(parseMessage(raw, 12)).toEqual({
      type: 'RECORD',
      line: 12,
      raw,
      stream: { name: 's', namespace: 'mart' },
      data: { id: 7, name: null },
      nulled: new Set(),
    });
  });

  test.each([[{}], [{ namespace: null }], [{ namespace: '' }]])('has no namespace with %j', (members) => {
    expect(parseMessage(record(members), 1)).toMatchObject({ stream: { name: 's', namespace: undefined } });
  });

  test('keeps every digit', () => {
    const raw = '{"type":"RECORD","record":{"stream":"s","data":{"id":9007199254740993,"__proto__":1}}}';
    const message = parseMessage(raw, 1);
    expect(JSON.stringify(message)).toContain('"data":{"id":9007199254740993,"__proto__":1}');
  });

  test.each([
    [undefined, []],
    [null, []],
    [{ changes: null }, []],
    [
      {
        changes: [
          { field: 'a', change: 'NULLED' },
          { field: 'b', change: 'TRUNCATED' },
        ],
      },
      ['a'],
    ],
    [{ changes: [null, 'x', { change: 'NULLED' }, { field: 'c', change: 'NULLED', reason: 'X' }] }, ['c']],
  ])('with meta %j has the nulled fields %j', (meta, nulled) => {
    expect(parseMessage(record({ meta }), 1)).toMatchObject({ nulled: new Set(nulled) });
  });

  test('may be filled with nulls, and bear fields that nobody knows', () => {
    const raw = JSON.stringify({
      type: 'RECORD',
      log: null,
      spec: null,
      trace: null,
      state: null,
      rejection: { code: 'bad_value', message: 'from an earlier run' },
      record: {
        stream: 's',
        namespace: null,
        data: { a: 1 },
        emitted_at: 1,
        meta: null,
        file_reference: null,
        x: 1,
      },
    });
    expect(parseMessage(raw, 1)).toMatchObject({ type: 'RECORD', data: { a: 1 } });
  });
});

describe('a STATE', () => {
  const descriptor = { name: 's', namespace: 'mart' };

  test.each([
    ['STREAM', { type: 'STREAM', stream: { stream_descriptor: descriptor, stream_state: null } }, descriptor],
    [
      'STREAM, filled with nulls',
      {
        type: 'STREAM',
        stream: { stream_descriptor: { name: 's', namespace: null }, stream_state: {} },
        global: null,
        data: null,
        sourceStats: null,
        destinationStats: null,
      },
      { name: 's', namespace: undefined },
    ],
    ['GLOBAL', { type: 'GLOBAL', global: { shared_state: {}, stream_states: [] } }, undefined],
    ['LEGACY', { type: 'LEGACY', data: { a: 1 } }, undefined],
    ['LEGACY without a type', { data: {} }, undefined],
    ['LEGACY with a null type', { type: null, data: null }, undefined],
  ])('of type %s', (_, members, stream) => {
    const raw = state(members);
    expect(parseMessage(raw, 3)).toEqual({ type: 'STATE', line: 3, raw, stream });
  });
});

describe('a stream status', () => {
  const status = (members: object) =>
    JSON.stringify({
      type: 'TRACE',
      trace: { type: 'STREAM_STATUS', emitted_at: 1, stream_status: members },
    });

  test('has its stream', () => {
    const raw = status({
      stream_descriptor: { name: 's', namespace: '' },
      status: 'COMPLETE',
      reasons: null,
    });
    expect(parseMessage(raw, 1)).toEqual({
      type: 'STREAM_STATUS',
      stream: { name: 's', namespace: undefined },
      status: 'COMPLETE',
    });
  });

  test.each([[{ status: 'COMPLETE' }], [{ stream_descriptor: { name: 's' }, status: 1 }], [[]]])(
    'is ignored when it says nothing: %j',
    (members) => {
      expect(parseMessage(status(members), 1)).toBe('ignored');
    },
  );
});

test.each([
  '{"type":"LOG","log":{"level":"INFO","message":"\\"type\\":\\"RECORD\\""}}',
  '{"type":"SPEC","spec":{}}',
  '{"type":"CATALOG","catalog":{"streams":[]}}',
  '{"type":"CONTROL","control":{}}',
  '{"type":"TRACE","trace":{"type":"ERROR","error":{"message":"x"}}}',
  '{"type":"TRACE"}',
])('of no use to a destination: %s', (raw) => {
  expect(parseMessage(raw, 1)).toBe('ignored');
});

test('of a type that Airbyte may invent: unknown', () => {
  expect(parseMessage('{"type":"SOMETHING_NEW","record":{}}', 1)).toBe('unknown');
});

test.each([
  'plain text',
  '42',
  '12345678901234567890',
  'null',
  '[]',
  '"RECORD"',
  '{}',
  '{"a":1}',
  '{"type":7}',
  '{"type":"LOG","log":{"message":"cut',
  '{"type":"LOG","log":{"message":"a \\"type\\":\\"RECORD\\" in text',
  '{"type":"purchase","id":1}',
  '{"type":"state","level":"info"}',
  '{"id":1,"state":{"name":"Utah"}}',
  '{"level":"debug","record":null}',
  '2026-01-01 DEBUG {"state": {"cursor": 1}} is kept',
  '{',
  '{"t',
])('no message: %s', (raw) => {
  expect(parseMessage(raw, 1)).toBe('no-message');
});

describe('what can’t be read but would count is fatal, and its content is not shown', () => {
  test.each([
    [
      'a cut RECORD',
      `{"type":"RECORD","record":{"data":"${SECRET}`,
      'holds a RECORD but is not one JSON document: it is cut off',
    ],
    [
      'a cut STATE',
      `{"type": "STATE","state":{"${SECRET}`,
      'holds a STATE but is not one JSON document: it is cut off',
    ],
    ['a RECORD with its type last', `{"record":{x},"k":"${SECRET}","type" : "RECORD"}`, 'holds a RECORD'],
    ['a RECORD cut before its type', `{"record":{"data":"${SECRET}`, 'holds a RECORD'],
    ['a STATE cut before its type', ` { "state" :{"${SECRET}`, 'holds a STATE'],
    ['a RECORD after rubbish', `${SECRET} {"type":"RECORD","record":{}}`, 'holds a RECORD'],
    ['a RECORD without a record', `{"type":"RECORD","x":"${SECRET}"}`, 'is a RECORD without a stream'],
    ['a RECORD without a stream', record({ stream: undefined, x: SECRET }), 'is a RECORD without a stream'],
    ['a RECORD of an empty stream', record({ stream: '', x: SECRET }), 'is a RECORD without a stream'],
    ['a RECORD whose stream is no text', record({ stream: { SECRET } }), 'is a RECORD without a stream'],
    ['a RECORD whose namespace is no text', record({ namespace: [SECRET] }), 'is a RECORD without a stream'],
    ['a RECORD with null data', record({ data: null }), 'is a RECORD without data'],
    ['a RECORD whose data is a list', record({ data: [SECRET] }), 'is a RECORD without data'],
    ['a RECORD whose data is text', record({ data: SECRET }), 'is a RECORD without data'],
    [
      'a STATE without a state',
      `{"type":"STATE","state":null,"x":"${SECRET}"}`,
      'is a STATE without a state',
    ],
    ['a STREAM state of no stream', state({ type: 'STREAM', x: SECRET }), 'is a STATE of no stream'],
    [
      'a STREAM state of a nameless stream',
      state({ type: 'STREAM', stream: { stream_descriptor: {} } }),
      'of no stream',
    ],
    ['a GLOBAL state without its part', state({ type: 'GLOBAL', data: SECRET }), 'without its global part'],
    ['a STATE of another type', state({ type: SECRET }), 'whose type is none of'],
    ['a record without a type', `{"record":{"stream":"${SECRET}"}}`, 'but no type'],
    ['a state without a type', `{"type":null,"state":{"data":"${SECRET}"}}`, 'but no type'],
  ])('%s', (_, raw, message) => {
    const parse = () => parseMessage(raw, 17);
    expect(parse).toThrow(ProtocolError);
    expect(parse).toThrow(/^line 17 /);
    expect(parse).toThrow(message);
    expect(parse).not.toThrow(SECRET);
  });

  test('what is wrong with it is named, and who must act', () => {
    const parse = (): unknown => parseMessage('{"type":"RECORD",', 17);
    expect(parse).toThrow(
      /^line 17 holds a RECORD .* it is cut off after 17 characters\. The fault is in what writes/,
    );
  });
});

const RECORD = record({ data: { id: SECRET } });
const LOG = '{"type":"LOG","log":{"level":"INFO","message":"x"}}';
const STATE = state({ type: 'STREAM', stream: { stream_descriptor: { name: 's' }, stream_state: {} } });

describe('a line that holds a RECORD or STATE and isn’t exactly one message is malformed', () => {
  const separators = ['', ' ', ',', '\r', '\t', '\0', '\u2028', '\uFEFF', ';', '\r\r', '}', 'x'];
  const others = [
    '',
    LOG,
    RECORD,
    STATE,
    '{}',
    '{',
    '[',
    ']',
    'INFO ',
    '"',
    '\uFEFF',
    '\0',
    '\u00a0',
    '1',
    'null',
  ];
  const around = [RECORD, STATE].flatMap((message) =>
    separators.flatMap((separator) =>
      others.flatMap((other) => [`${other}${separator}${message}`, `${message}${separator}${other}`]),
    ),
  );
  // A blank around one message is JSON's own.
  const broken = [...new Set(around)]
    .filter((line) => line.replaceAll(/^[ \t\r]+|[ \t\r]+$/g, '') !== RECORD)
    .filter((line) => line.replaceAll(/^[ \t\r]+|[ \t\r]+$/g, '') !== STATE);

  test(`whatever stands around it: ${broken.length} lines`, () => {
    const passed = broken.filter((line) => !isMalformed(line));
    expect(passed).toEqual([]);
  });

  test.each([
    ['a list', `[${RECORD}]`],
    ['a list of two', `[${STATE},${RECORD}]`],
    ['a text', JSON.stringify(RECORD)],
    ['a member of something', `{"messages":[${RECORD}]}`],
    ['a member of a message of an unknown type', `{"type":"BATCH","messages":[${STATE}]}`],
    ['UTF-16 read as bytes', [...RECORD].join('\0')],
    ['a dictionary of Python', "{'type': 'RECORD', 'record': {'stream': 'a', 'data': {}}}"],
    ['a cell of a CSV file', `1,"${RECORD.replaceAll('"', '""')}"`],
    ['a record in lower case', RECORD.replace('RECORD', 'record')],
    ['a state in mixed case', STATE.replace('STATE', 'State')],
    ['a type with a blank', RECORD.replace('RECORD', 'RECORD ')],
    ['a LOG with a record', RECORD.replace('RECORD', 'LOG')],
    ['a record with a state', `${RECORD.slice(0, -1)},"state":${JSON.stringify({ data: {} })}}`],
    ['two records in one', `${RECORD.slice(0, -1)},"record":{"stream":"s","data":{}}}`],
    ['two states in one', `${STATE.slice(0, -1)},"state":{"data":{}}}`],
    ['data twice', '{"type":"RECORD","record":{"stream":"s","data":{"id":1},"data":{"id":2}}}'],
    ['a line of a message that is spread over lines', '  "type": "RECORD",'],
  ])('%s', (_, line) => {
    expect(isMalformed(line)).toBe(true);
  });

  test.each([
    ['behind another', `${LOG}${STATE}`],
    ['before another', `${STATE}${LOG}`],
    ['behind rubbish', `x ${STATE}`],
    ['in a list', `[${STATE}]`],
  ])('and its stream is named: %s', (_, line) => {
    expect(() => parseMessage(line, 17)).toThrow('line 17 (stream "s") holds a STATE');
  });

  test('wherever it is cut, so long as it can be told', () => {
    for (const message of [RECORD, STATE]) {
      for (let end = 8; end < message.length; end++)
        expect([end, isMalformed(message.slice(0, end))]).toEqual([end, true]);
    }
  });

  test.each([
    [
      'as columns of a row',
      record({ data: { record: { data: 1 }, state: { data: 1 }, type: 'STATE', stream: 1, data: 2 } }),
    ],
    ['as the text of a row', record({ data: { text: STATE } })],
  ])('but not %s', (_, line) => {
    expect(parseMessage(line, 1)).toMatchObject({ type: 'RECORD' });
  });
});

function isMalformed(line: string): boolean {
  try {
    parseMessage(line, 17);
    return false;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return !error.message.includes(SECRET) && !(error.technical ?? '').includes(SECRET);
  }
}

describe('a malformed RECORD names its stream and column', () => {
  test.each(['NaN', 'Infinity', '-Infinity', 'nan', 'undefined', 'None', '+inf'])('%s is no JSON', (word) => {
    const line = `{"type":"RECORD","record":{"data":{"id":1,"mrr":${word},"b":-Infinity},"stream":"orders","namespace":"mart"}}`;
    const parse = (): unknown => parseMessage(line, 17);
    expect(parse).toThrow(`line 17 (stream "orders" of namespace "mart", column "mrr") holds a RECORD`);
    expect(parse).toThrow(`${word} is no JSON`);
    expect(parse).toThrow(expect.objectContaining({ stream: { name: 'orders', namespace: 'mart' } }));
  });

  test.each([
    ['a quote in a text', '"say "hi" now"', 'stops being JSON'],
    ['a control character', '"a\tb"', 'has a control character'],
    ['a number that is none', '01', 'stops being JSON'],
  ])('%s', (_, value, why) => {
    const line = `{"type":"RECORD","record":{"stream":"orders","data":{"id":1,"note":${value},"c":2}}}`;
    const parse = (): unknown => parseMessage(line, 17);
    expect(parse).toThrow('line 17 (stream "orders", column "note") holds a RECORD');
    expect(parse).toThrow(why);
  });

  test('but no value that lost its quotes and stands where a name belongs', () => {
    const line = `{"type":"RECORD","record":{"stream":"orders","data":{"name":"Smith","${SECRET}","c":2}}}`;
    expect(isMalformed(line)).toBe(true);
  });
});

test.each([
  ['a RECORD', '{"type":"RECORD","stream":"users","record":{"id":1}}'],
  ['a STATE', '{"type":"STATE","value":{"bookmarks":{}}}'],
])('%s of Singer is told as such', (_, line) => {
  expect(() => parseMessage(line, 1)).toThrow('looks like a message of Singer');
});

test.each(['', 'prefix_'])(
  'a STATE in which airbyte-local names a stream, %j, is one, and is kept as it came',
  (name) => {
    const line = JSON.stringify({ ...JSON.parse(STATE), record: { stream: name } });
    expect(parseMessage(line, 1)).toMatchObject({ type: 'STATE', raw: line });
    const withData = JSON.stringify({ ...JSON.parse(STATE), record: { stream: name, data: {} } });
    expect(isMalformed(withData)).toBe(true);
  },
);
