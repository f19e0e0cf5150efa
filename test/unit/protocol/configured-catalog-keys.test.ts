import { describe, expect, test } from 'vitest';
import type { StreamEntry } from '../../../src/config/stream-options.ts';
import { resolveRoutesOrFaults } from '../../../src/routing/routes.ts';
import { type CatalogStream, catalogOf, entryOf, settingsOf } from '../../support/routes.ts';

const UNUSABLE = [[['customer', 'id']], [['id'], ['customer', 'id']], ['id'], 'id', [[1]]];

function resolve(stream: CatalogStream, entry?: Partial<StreamEntry> & { readonly object: string }) {
  const streams = entry === undefined ? [] : [entryOf({ stream: stream.name, ...entry })];
  return resolveRoutesOrFaults(settingsOf({ streams }), catalogOf(stream));
}

describe.each(UNUSABLE.map((key) => ({ key })))('the catalog’s key $key', ({ key }) => {
  test.each([
    { why: 'sync_key says another', entry: { object: 'account', syncKey: ['k'] }, keyColumns: ['k'] },
    {
      why: 'fields say another',
      entry: { object: 'account', fields: [{ source: 'k', destination: 'externalId' }] },
      keyColumns: ['k'],
    },
    { why: 'events need none', entry: { object: 'event' }, keyColumns: [] },
    { why: 'appended notes need none', entry: { object: 'note', mode: 'append' }, keyColumns: [] },
    { why: 'its fields make the key', entry: { object: 'user_account' }, keyColumns: [] },
  ] as const)('is no fault where $why', ({ entry, keyColumns }) => {
    const { faults, routes } = resolve({ name: 's', key }, entry);
    expect(faults).toEqual([]);
    expect(routes).toMatchObject([{ keyColumns }]);
  });

  test.each([
    { why: 'of a plain stream', stream: { name: 'accounts' }, entry: undefined },
    { why: 'of an entry without a sync key', stream: { name: 's' }, entry: { object: 'account' } },
    { why: 'of a mapped stream', stream: { name: 's', object: 'account' }, entry: undefined },
  ])('is one fault where it would be the key $why', ({ stream, entry }) => {
    const { faults } = resolve({ ...stream, key }, entry);
    expect(faults).toEqual([
      { path: 'catalog/streams/0/primary_key', message: expect.stringContaining('[["id"]]') },
    ]);
  });
});

describe('a key column that the catalog does not list', () => {
  const columns = ['Customer ID', 'name'];

  test.each([
    { by: 'sync_key', path: '/streams/0/sync_key', entry: { syncKey: ['customer_idd'] }, key: undefined },
    { by: 'the catalog', path: 'catalog/streams/0/primary_key', entry: {}, key: [['customer_idd']] },
    {
      by: 'fields',
      path: '/streams/0/fields',
      entry: { fields: [{ source: 'customer_idd', destination: 'externalId' }] },
      key: undefined,
    },
  ])('by $by, in a closed schema, is a fault with the nearest column', ({ path, entry, key }) => {
    const stream = { name: 's', columns, closed: true, key };
    const { faults } = resolve(stream, { object: 'account', ...entry });
    expect(faults).toEqual([{ path, message: expect.stringContaining('did you mean "Customer ID"?') }]);
    expect(resolve({ ...stream, closed: false }, { object: 'account', ...entry }).faults).toEqual([]);
  });

  test('of a mapped stream in a closed schema is a fault too', () => {
    const stream = { name: 's', columns: ['external', 'name'], closed: true, object: 'account' };
    const { faults } = resolve({ ...stream, key: [['externalId']] });
    expect(faults.map(({ path }) => path)).toEqual(['catalog/streams/0/primary_key']);
  });

  test.each(['customer_id', 'CUSTOMER-ID', 'customerId', 'customer.id', 'Customer ID'])(
    'but as another spelling of %s is none',
    (column) => {
      const stream = { name: 's', columns, closed: true };
      const { faults, warnings } = resolve(stream, { object: 'account', syncKey: [column] });
      expect({ faults, warnings }).toEqual({ faults: [], warnings: [] });
    },
  );
});

test.each([
  { object: 'spaceship', says: '"spaceship" is no object of Vitally; the objects are organization, account' },
  { object: 'acount', says: '"acount" is no object of Vitally; did you mean "account"?' },
  { object: 'meeting transcripts!', says: 'did you mean "meeting_transcript"?' },
  { object: 'acount:x', says: '"acount:x" is no object of Vitally' },
])('the object $object is named as it was typed, with the nearest', ({ object, says }) => {
  expect(resolve({ name: 's' }, { object }).faults).toEqual([
    { path: '/streams/0/object', message: expect.stringContaining(says) },
  ]);
  expect(resolve({ name: 's', object }).faults).toEqual([
    { path: 'catalog/streams/0/destination_object_name', message: expect.stringContaining(says) },
  ]);
});
