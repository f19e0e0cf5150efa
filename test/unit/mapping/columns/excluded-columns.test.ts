import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isJsonObject } from '../../../../src/json/guards.ts';
import { parseLossless } from '../../../../src/json/parse.ts';
import { ExcludedColumns } from '../../../../src/mapping/columns/excluded-columns.ts';
import { isDeletedInSource } from '../../../../src/mapping/source-columns.ts';
import type { RecordMessage } from '../../../../src/protocol/messages.ts';

/** A record as it is read, with its row as JSON text. */
function recordOf(row: string): RecordMessage {
  const data = parseLossless(row);
  if (!isJsonObject(data)) throw new Error('no row');
  const raw = `{"type":"RECORD", "record":{"stream":"rows", "data":${row},"emitted_at":1}}`;
  return {
    type: 'RECORD',
    line: 1,
    raw,
    stream: { name: 'rows', namespace: undefined },
    data,
    nulled: new Set(),
  };
}

const without = (names: readonly string[], row: string): RecordMessage =>
  new ExcludedColumns(names).without(recordOf(row));

describe('excluded columns', () => {
  test.each([
    ['in their own spelling', ['ssn'], '{"id":1,"ssn":"MARKER"}', { id: 1 }],
    ['in any spelling', ['s_s-n'], '{"id":1,"S S.N":"MARKER","SSN":"MARKER"}', { id: 1 }],
    [
      'inside traits',
      ['traits.ssn'],
      '{"id":1,"traits":{"SSN":"MARKER","a":2}}',
      { id: 1, traits: { a: 2 } },
    ],
    [
      'inside properties',
      ['properties.ssn'],
      '{"properties":{"ssn":"MARKER","a":2}}',
      { properties: { a: 2 } },
    ],
    [
      "inside traits that are JSON's text",
      ['traits.ssn'],
      '{"id":1,"Traits":"{\\"ssn\\":\\"MARKER\\",\\"a\\":12345678901234567890}"}',
      { id: 1, Traits: '{"a":12345678901234567890}' },
    ],
    ['that are a whole traits column', ['traits'], '{"id":1,"traits":{"ssn":"MARKER"}}', { id: 1 }],
    ['of a mapped stream', ['traits.ssn'], '{"id":1,"traits.ssn":"MARKER"}', { id: 1 }],
    ['that come twice', ['ssn'], '{"ssn":"MARKER","id":1,"ssn":"MARKER"}', { id: 1 }],
    ['with escapes in their name', ['ssn'], '{"id":1,"s\\u0073n":"MARKER"}', { id: 1 }],
    ['named like a prototype', ['__proto__'], '{"id":1,"__proto__":{"a":"MARKER"}}', { id: 1 }],
    ['nested deeply', ['x'], `{"id":1,"x":${'['.repeat(9_000)}"MARKER"${']'.repeat(9_000)}}`, { id: 1 }],
  ])('are gone %s', (_, names, row, data) => {
    const record = without(names, row);
    expect(record.data).toEqual(data);
    expect(record.raw).not.toContain('MARKER');
    const read: unknown = JSON.parse(record.raw);
    expect(read).toMatchObject({ type: 'RECORD', record: { stream: 'rows', emitted_at: 1 } });
    expect(parseLossless(record.raw)).toMatchObject({ record: { data: record.data } });
  });

  test.each([
    [['ssn'], '{"id":1.50, "other":"ssn"}'],
    [['ssn'], '{"traits":{"ssn":1}}'],
    [['traits.ssn'], '{"ssn":1,"traits":"no JSON with ssn","x":{"ssn":1}}'],
    [['traits.ssn'], '{"traits":null}'],
    [[], '{"ssn":1}'],
  ])('%j leave %s as it is, to the character', (names, row) => {
    const record = recordOf(row);
    expect(new ExcludedColumns(names).without(record)).toBe(record);
  });

  test('the mark of a deleted row is read, and is not kept', () => {
    const record = without(['_ab_cdc_deleted_at'], '{"id":1,"_ab_cdc_deleted_at":"2024-01-01"}');
    expect(isDeletedInSource(record.data)).toBe(true);
    expect(record.raw).not.toContain('_ab_cdc_deleted_at');
  });

  test('other columns keep every digit and sign', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (row, secret) => {
        const others = Object.fromEntries(
          Object.entries(row).filter(([name]) => !/^[_\-.\s]*x[_\-.\s]*$/i.test(name)),
        );
        const record = without(['x'], JSON.stringify({ ...others, X: secret }));
        expect(JSON.parse(record.raw)).toEqual({
          type: 'RECORD',
          record: { stream: 'rows', data: JSON.parse(JSON.stringify(others)), emitted_at: 1 },
        });
      }),
    );
  });
});
