import { describe, expect, test } from 'vitest';
import { ProtocolError } from '../../src/errors/protocol-error.ts';
import { parseMessage } from '../../src/protocol/parse-message.ts';

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
  '{"type":"SOMETHING_NEW","record":{}}',
])('of no use to a destination: %s', (raw) => {
  expect(parseMessage(raw, 1)).toBe('ignored');
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
  '{"type":"LOG","log":"type":"RECORD"',
])('no message: %s', (raw) => {
  expect(parseMessage(raw, 1)).toBe('malformed');
});

describe('what can’t be read but would count is fatal, and its content is not shown', () => {
  test.each([
    ['a cut RECORD', `{"type":"RECORD","record":{"data":"${SECRET}`, 'looks like a RECORD but is not JSON'],
    ['a cut STATE', `{"type": "STATE","state":{"${SECRET}`, 'looks like a STATE but is not JSON'],
    [
      'a RECORD with its type last',
      `{"record":{x},"k":"${SECRET}","type" : "RECORD"}`,
      'looks like a RECORD',
    ],
    ['a RECORD cut before its type', `{"record":{"data":"${SECRET}`, 'looks like a RECORD'],
    ['a STATE cut before its type', ` { "state" :{"${SECRET}`, 'looks like a STATE'],
    ['a RECORD after rubbish', `${SECRET} {"type":"RECORD","record":{}}`, 'looks like a RECORD'],
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

  test('its length is named', () => {
    expect(() => parseMessage('{"type":"RECORD",', 17)).toThrow(
      'line 17 looks like a RECORD but is not JSON (17 characters)',
    );
  });
});
