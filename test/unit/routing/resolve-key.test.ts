import { describe, expect, test } from 'vitest';
import { resolveRoutes, resolveRoutesOrFaults } from '../../../src/routing/routes.ts';
import { type CatalogStream, catalogOf, entryOf, settingsOf } from '../../support/routes.ts';

type Options = Partial<Parameters<typeof entryOf>[0]>;

function resolve(stream: Omit<CatalogStream, 'name'>, object: string, options: Options = {}) {
  const entry = entryOf({ stream: 's', object, ...options });
  return resolveRoutesOrFaults(settingsOf({ streams: [entry] }), catalogOf({ name: 's', ...stream }));
}

describe('the key of a plain stream', () => {
  test.each([
    { from: 'sync_key', stream: { key: [['a']] }, options: { syncKey: ['b', 'c'] }, key: ['b', 'c'] },
    { from: 'the primary key', stream: { key: [['a'], ['b']] }, key: ['a', 'b'] },
    {
      from: 'the primary key, before a column by name',
      stream: { key: [['a']], columns: ['a', 'externalId'] },
      key: ['a'],
    },
    {
      from: 'the column that fields sends there',
      stream: { columns: ['k', 'externalId'] },
      options: { fields: [{ source: 'k', destination: 'external_id' }] },
      key: ['k'],
    },
    { from: 'a column of its name', stream: { columns: ['id', 'externalId'] }, key: ['externalId'] },
    { from: 'a column of its folded name', stream: { columns: ['id', 'EXTERNAL_ID'] }, key: ['EXTERNAL_ID'] },
    {
      from: 'the exact name before folded ones',
      stream: { columns: ['external_id', 'externalId', 'External ID'] },
      key: ['externalId'],
    },
    {
      from: 'a column of the name matched on',
      stream: { columns: ['ID'] },
      options: { matchOn: 'id' },
      key: ['ID'],
    },
    {
      from: 'an e-mail column',
      object: 'user',
      stream: { columns: ['Email'] },
      options: { matchOn: 'email' },
      key: ['Email'],
    },
    { from: 'a message id', object: 'event', stream: { columns: ['message_id'] }, key: ['message_id'] },
    { from: 'nothing, for an event', object: 'event', stream: { columns: ['event'] }, key: [] },
  ] as const)('is $from', ({ stream, object = 'account', key, ...rest }) => {
    const { routes, faults } = resolve(stream, object, 'options' in rest ? rest.options : {});
    expect(faults).toEqual([]);
    expect(routes).toMatchObject([{ keyColumns: key }]);
  });

  test.each([
    {
      what: 'no column is known to hold it',
      stream: { columns: ['id'] },
      path: 'sync_key',
      says: '"sync_key": ["id"]',
    },
    {
      what: 'two columns might hold it',
      stream: { columns: ['external_id', 'ExternalId'] },
      path: 'sync_key',
    },
    { what: 'sync_key is empty', stream: { key: [['a']] }, options: { syncKey: [] }, path: 'sync_key' },
    {
      what: 'an account is matched on e-mail',
      stream: { key: [['a']] },
      options: { matchOn: 'email' },
      path: 'match_on',
      says: 'externalId or id',
    },
    {
      what: 'an event is matched on an id',
      object: 'event',
      stream: { key: [['a']] },
      options: { matchOn: 'id' },
      path: 'match_on',
    },
    {
      what: 'several columns are one e-mail',
      object: 'user',
      stream: { key: [['a'], ['b']] },
      options: { matchOn: 'email' },
      path: 'sync_key',
    },
    {
      what: 'fields sends another column to the key',
      stream: { key: [['a']] },
      options: {
        fields: [
          { source: 'n', destination: 'name' },
          { source: 'b', destination: 'externalId' },
        ],
      },
      path: 'fields/1/destination',
      says: '"sync_key": ["b"]',
    },
  ] as const)('is a fault when $what', ({ stream, path, ...rest }) => {
    const object = 'object' in rest ? rest.object : 'account';
    const { faults } = resolve(stream, object, 'options' in rest ? rest.options : {});
    expect(faults.map((fault) => fault.path)).toEqual([`/streams/0/${path}`]);
    expect(faults[0]?.message).toContain('stream "s"');
    expect(faults[0]?.message).toContain('says' in rest ? rest.says : '');
  });

  test('that is missing on a stream without an entry comes with the entry to add', () => {
    const { faults } = resolveRoutesOrFaults(settingsOf(), catalogOf({ name: 'users', columns: ['uid'] }));
    expect(faults.map((fault) => fault.path)).toEqual(['catalog/streams/0']);
    expect(faults[0]?.message).toContain('{"stream":"users","object":"user","sync_key":["uid"]}');
  });

  test('that the catalog does not list is a warning', () => {
    const { faults, warnings } = resolve({ columns: ['name'] }, 'account', { syncKey: ['b'] });
    expect(faults).toEqual([]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('"b"');
  });

  test.each([
    { what: 'an association', columns: ['account_id', 'n'], says: 'account_id' },
    { what: 'beside a column of its own name', columns: ['account_id', 'externalId'], says: 'externalId' },
  ])('that is $what is a warning', ({ columns, says }) => {
    const { warnings } = resolve({ columns: [...columns, 'organizationId'] }, 'user', {
      syncKey: ['account_id'],
      fields: columns.includes('n') ? [] : [{ source: 'account_id', destination: 'accountIds' }],
    });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(says);
  });

  test('may be hostile names', () => {
    const catalog = catalogOf({ name: 'accounts', key: [['__proto__'], ['constructor'], ['']] });
    expect(resolveRoutes(settingsOf(), catalog).routes).toMatchObject([
      { keyColumns: ['__proto__', 'constructor', ''] },
    ]);
  });
});
