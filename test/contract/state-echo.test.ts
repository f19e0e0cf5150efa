import { expect, test } from 'vitest';
import { catalogOf, configFor, configured, globalState, record } from '../support/messages.ts';
import { statsOf } from '../support/output.ts';
import { runInProcess } from '../support/run-command.ts';
import { openSandbox } from '../support/sandboxes.ts';

/** Between the brackets stands what `destinationStats` takes the place of; nothing: it is added. */
function rawOf(text: string): string {
  return text.replace(/[«»]/g, '');
}

function acknowledged(text: string, recordCount: string): string {
  const stats = `{"recordCount":${recordCount},"rejectedRecordCount":0.0}`;
  return text.replace('«»', `,"destinationStats":${stats}`).replace(/«.*»/, stats);
}

const DESCRIPTOR = '"stream":{"stream_descriptor":{"name":"accounts"}';

test.each([
  [
    'big integers and odd numbers',
    `{"type":"STATE","state":{"type":"STREAM",${DESCRIPTOR},"stream_state":{"lsn":90071992547409931234,"half":1.50,"huge":1E+400,"minus":-0}}«»}}`,
  ],
  [
    'key order, blanks and unknown fields',
    `{ "later": [1, {"x" :null}], "state" : {"other":true, ${DESCRIPTOR}, "more": {} }, "type" : "STREAM"«» } , "type":"STATE" }`,
  ],
  [
    'destinationStats null',
    `{"type":"STATE","state":{"type":"STREAM","destinationStats":«null»,${DESCRIPTOR},"stream_state":{}}}}`,
  ],
  [
    'destinationStats of somebody else',
    `{"type":"STATE","state":{"destinationStats":«{"recordCount":7}»,"type":"STREAM",${DESCRIPTOR}}}}`,
  ],
  [
    'sourceStats',
    `{"type":"STATE","state":{"type":"STREAM",${DESCRIPTOR},"stream_state":null},"sourceStats":{"recordCount":3.0}«»}}`,
  ],
  [
    'escapes and braces in text',
    String.raw`{"type":"STATE","state":{"type":"STREAM",${DESCRIPTOR},"stream_state":{"a":"}\"{\u00e9\ud83d\ude00é😀\\"}}«»}}`,
  ],
  [
    'repeated and hostile keys',
    `{"type":"STATE","state":{"type":"STREAM",${DESCRIPTOR},"stream_state":{"__proto__":{"state":1},"a":1,"a":2}}«»}}`,
  ],
  [
    'namespace null',
    '{"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"accounts","namespace":null}}«»}}',
  ],
  [
    'namespace empty',
    '{"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"accounts","namespace":""}}«»}}',
  ],
  [
    'GLOBAL',
    '{"type":"STATE","state":{"type":"GLOBAL","global":{"shared_state":{"lsn":90071992547409931234},"stream_states":[]}«»}}',
  ],
  [
    'GLOBAL without a shared state',
    '{"type":"STATE","state":{"type":"GLOBAL","global":{"shared_state":null,"stream_states":[{"stream_descriptor":{"name":"accounts"},"stream_state":null}]}«»}}',
  ],
  ['LEGACY by its type', '{"type":"STATE","state":{"type":"LEGACY","data":{"cursor":1}«»}}'],
  ['LEGACY for want of a type', '{"type":"STATE","state":{"data":{"cursor":1}«»}}'],
  [
    'LEGACY among nulls',
    '{"type":"STATE","log":null,"state":{"type":null,"stream":null,"global":null,"data":{},"destinationStats":«null»}}',
  ],
  ['an empty one', '{"type":"STATE","state":{«»}}'],
])('a STATE comes back as it came: %s', async (_, text) => {
  const sandbox = await openSandbox();
  const rows = [record('accounts', { id: 1, name: 'One' }), record('accounts', { id: 2, name: 'Two' })];
  const files = { config: configFor(sandbox), catalog: catalogOf('accounts') };
  const program = await runInProcess('write', files, [...rows, rawOf(text)]);
  const wanted = acknowledged(text, '2.0').replace('{,', '{');
  expect(program.linesOf('STATE')).toEqual([wanted]);
  expect(program.code).toBe(0);
});

test('streams of one name in different namespaces are acknowledged each for itself', async () => {
  const sandbox = await openSandbox();
  const streams = ['east', 'west'].map((namespace) => configured('accounts', { namespace }));
  const descriptors = ['east', 'west'].map((namespace) => ({ name: 'accounts', namespace }));
  const states = descriptors.map((stream_descriptor) =>
    JSON.stringify({ type: 'STATE', state: { type: 'STREAM', stream: { stream_descriptor } } }),
  );
  const program = await runInProcess(
    'write',
    { config: configFor(sandbox), catalog: catalogOf(...streams) },
    [
      record('accounts', { id: 1, name: 'One' }, 'east'),
      record('accounts', { id: 2, name: 'Two' }, 'east'),
      record('accounts', { id: 3, name: 'Three' }, 'west'),
      ...states,
    ],
  );
  expect(program.code).toBe(0);
  const byNamespace = new Map(
    program
      .messagesOf('STATE')
      .map((message) => [JSON.stringify(message).includes('east'), statsOf(message)]),
  );
  expect(byNamespace).toEqual(
    new Map([
      [true, [2, 0]],
      [false, [1, 0]],
    ]),
  );
});

test('each STATE counts the records since the one before it, the refused ones apart', async () => {
  const sandbox = await openSandbox();
  const config = configFor(sandbox, { rejected_records: { policy: 'continue' } });
  const program = await runInProcess('write', { config, catalog: catalogOf('organizations', 'accounts') }, [
    record('accounts', { id: 1, name: 'One' }),
    record('accounts', { id: null, name: 'Without a key' }),
    record('organizations', { id: 1, name: 'One' }),
    globalState(1),
    globalState(2),
    record('organizations', { id: {}, name: 'With a bad key' }),
    globalState(3),
  ]);
  expect(program.messagesOf('STATE').map(statsOf)).toEqual([
    [2, 1],
    [0, 0],
    [0, 1],
  ]);
});
