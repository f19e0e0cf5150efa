import { describe, expect, test } from 'vitest';
import { createRowMapper } from '../../../src/mapping/row-mapper.ts';
import { expectRejection, NOTHING_NULLED, routeOf } from '../../support/routes.ts';
import { expectMapped, type Mapped, map, to } from '../../support/rows.ts';

describe('null, missing and empty', () => {
  const row =
    '{"externalId":1,"name":null,"organizationId":null,"churnedAt":null,"plan":null,"empty":"","traits":{"x":null}}';

  test.each<Mapped>([
    {
      what: 'clear keeps null, but not where a field cannot be emptied',
      row,
      fields: { organizationId: null },
      traits: { churnedAt: null, plan: null, empty: '', x: null },
    },
    { what: 'keep leaves null out', route: { nulls: 'keep' }, row, traits: { empty: '' } },
    { what: 'missing columns are not there', row: '{"externalId":1}' },
    {
      what: 'NULLED columns are left out, whatever they hold',
      row,
      nulled: ['organizationId', 'plan', 'traits', 'empty'],
      traits: { churnedAt: null },
    },
    {
      what: 'an empty id is none',
      row: '{"externalId":1,"organizationId":""}',
      fields: { organizationId: null },
    },
    {
      what: 'an empty text is a text',
      object: 'user',
      row: '{"externalId":1,"avatar":""}',
      fields: { avatar: '' },
    },
    {
      what: 'an empty list is a list',
      object: 'user',
      row: '{"externalId":1,"accountIds":[]}',
      fields: { accountIds: [] },
    },
    {
      what: "an event's fields are never null",
      object: 'event',
      row: '{"event":"E","userId":null,"timestamp":null,"p":null}',
      fields: { event: 'E' },
      traits: { p: null },
    },
  ])('$what', expectMapped);
});

describe('the key', () => {
  test.each<Mapped>([
    {
      what: 'is no trait',
      route: { keyColumns: ['customer_id'] },
      row: '{"customer_id":7,"a":1}',
      key: '7',
      traits: { a: 1 },
    },
    {
      what: 'is a trait where fields says so',
      route: { keyColumns: ['customer_id'], fields: [to('customer_id', 'traits.customer_id')] },
      row: '{"customer_id":7}',
      key: '7',
      traits: { customer_id: 7 },
    },
    {
      what: 'feeds the key alone, also when it bears the name of an association',
      object: 'user',
      route: { keyColumns: ['account_id', 'no'] },
      row: '{"account_id":"a","no":1}',
      key: 'a:1',
    },
    {
      what: 'leaves a column that merely bears its name among the traits',
      route: { keyColumns: ['customer_id'] },
      row: '{"customer_id":7,"external_id":8,"id":9}',
      key: '7',
      traits: { external_id: 8, id: 9 },
    },
    {
      what: 'that fields names is the key alone',
      route: { keyColumns: ['k'], fields: [to('k', 'externalId')] },
      row: '{"k":7}',
      key: '7',
    },
    {
      what: 'that is an e-mail stays a field, and leaves the external id to create with',
      object: 'user',
      route: { matchOn: 'email', keyColumns: ['Mail'] },
      row: '{"Mail":"a@b.c","external_id":7,"email":"other","accountIds":"x"}',
      key: 'a@b.c',
      fields: { externalId: '7', accountIds: ['x'], email: 'a@b.c' },
      traits: { email: 'other' },
    },
    {
      what: "that is Vitally's id leaves the external id as a field",
      route: { matchOn: 'id', keyColumns: ['id'] },
      row: '{"id":"u-1","externalId":7}',
      key: 'u-1',
      fields: { externalId: '7' },
    },
    {
      what: 'of an event is no property',
      object: 'event',
      route: { keyColumns: ['event_id'] },
      row: '{"event_id":"e-1","event":"E","externalId":"p"}',
      key: 'e-1',
      fields: { event: 'E' },
      traits: { externalId: 'p' },
    },
    {
      what: 'of an event may be its message id too',
      object: 'event',
      route: { keyColumns: ['message_id'] },
      row: '{"message_id":"m-1","event":"E"}',
      key: 'm-1',
      fields: { event: 'E', messageId: 'm-1' },
    },
    {
      what: 'is all that a delete reads',
      route: { mode: 'delete' },
      row: '{"externalId":1,"mrr":"no number","a":1}',
      key: '1',
    },
  ])('$what', expectMapped);

  test('that is missing rejects the row, in a delete too', () => {
    for (const mode of ['upsert', 'delete'] as const) {
      expectRejection(() => map({ what: '', route: { mode }, row: '{"name":"A"}' }), 'missing_key');
    }
  });

  test('of an event without key columns is none', () => {
    expect(map({ what: '', object: 'event', row: '{"event":"E"}' }).key).toBeUndefined();
  });
});

test('a bad value is rejected with its column and destination', () => {
  const error = expectRejection(
    () => map({ what: '', row: '{"externalId":1,"MRR":"MARKER"}' }),
    'bad_value',
    'MARKER',
  );
  expect(error.field).toBe('MRR');
  expect(error.message).toContain('"mrr"');
});

describe('hostile rows', () => {
  test('names are data', () => {
    const row = `{"externalId":1,"__proto__":{"polluted":true},"constructor":"c","toString":"t","":0,"${'x'.repeat(10_000)}":1}`;
    const { traits } = map({ what: '', row });
    expect([...traits.keys()]).toEqual(['__proto__', 'constructor', 'toString', 'x'.repeat(10_000)]);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('a traits column with very many members is spread', () => {
    const members = Array.from({ length: 200_000 }, (_, index) => `"t${index}":${index}`);
    expect(map({ what: '', row: `{"externalId":1,"traits":{${members.join(',')}}}` }).traits.size).toBe(
      200_000,
    );
  });

  test('endless names are mapped like the first ones', () => {
    const mapper = createRowMapper(routeOf('account'));
    for (let index = 0; index < 10_000; index++) {
      const { traits } = mapper({ externalId: 1, [`c${index}`]: index, Name: 'A' }, NOTHING_NULLED);
      expect(traits.get(`c${index}`)).toBe(index);
    }
  });
});
