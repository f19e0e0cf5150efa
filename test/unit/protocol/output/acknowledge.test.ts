import fc from 'fast-check';
import { expect, test } from 'vitest';
import { acknowledge } from '../../../../src/protocol/output/acknowledge.ts';

const STATS = { recordCount: 247, rejectedRecordCount: 3 };
const ADDED = '"destinationStats":{"recordCount":247.0,"rejectedRecordCount":3.0}';

test.each([
  [
    'STREAM',
    '{"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"a"},"stream_state":{"c":9007199254740993}},"sourceStats":{"recordCount":250.0},"id":7%}}',
  ],
  [
    'GLOBAL',
    '{"state":{"global":{"shared_state":{"lsn":1e2},"stream_states":[]},"type":"GLOBAL"%},"type":"STATE"}',
  ],
  ['LEGACY', '{ "type" : "STATE" , "state" : { "data" : { "\\u0061" : [ ] }% } }'],
  ['empty', '{"type":"STATE","state":{%}}'],
  [
    'cleared',
    '{"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"a"},"stream_state":null}%}}',
  ],
])('a state of kind %s gains the counts and nothing else changes', (_, text) => {
  const raw = text.replace('%', '');
  const comma = raw.includes('"state":{}') ? '' : ',';
  expect(acknowledge(raw, STATS)).toBe(text.replace('%', comma + ADDED));
});

test.each([
  ['null', '{"type":"STATE","state":{"destinationStats":null,"id":1}}'],
  ['counts of another', '{"type":"STATE","state":{"destinationStats":{"recordCount":1.0},"id":1}}'],
])('destinationStats that are there already (%s) are replaced', (_, raw) => {
  expect(acknowledge(raw, STATS)).toBe(`{"type":"STATE","state":{${ADDED},"id":1}}`);
});

test('a stream’s own destinationStats are left alone', () => {
  const raw = '{"type":"STATE","state":{"stream":{"stream_state":{"destinationStats":1}}}}';
  expect(acknowledge(raw, STATS)).toBe(`${raw.slice(0, -2)},${ADDED}}}`);
});

test('counts are decimals of any size', () => {
  fc.assert(
    fc.property(fc.nat(Number.MAX_SAFE_INTEGER), fc.nat(), (recordCount, rejectedRecordCount) => {
      const line = acknowledge('{"state":{}}', { recordCount, rejectedRecordCount });
      expect(line).toContain(
        `{"recordCount":${recordCount}.0,"rejectedRecordCount":${rejectedRecordCount}.0}`,
      );
    }),
  );
});
