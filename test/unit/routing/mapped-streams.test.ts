import { describe, expect, test } from 'vitest';
import type { StreamEntry } from '../../../src/config/stream-options.ts';
import { OBJECTS } from '../../../src/objects/index.ts';
import { type ResolvedRoutes, resolveRoutes, resolveRoutesOrFaults } from '../../../src/routing/routes.ts';
import { assertWritable } from '../../../src/routing/unwritable-route.ts';
import { type CatalogStream, catalogOf, entryOf, settingsOf } from '../../support/routes.ts';

function resolve(stream: CatalogStream, ...entries: readonly StreamEntry[]): ResolvedRoutes {
  return resolveRoutes(settingsOf({ streams: entries }), catalogOf(stream));
}

function faultsOf(stream: CatalogStream, ...entries: readonly StreamEntry[]) {
  return resolveRoutesOrFaults(settingsOf({ streams: entries }), catalogOf(stream)).faults;
}

describe('a mapped stream', () => {
  const mapped = { name: 'dim_customers', object: 'account', key: [['externalId']] };

  test.each([
    { syncMode: 'append', mode: 'append' },
    { syncMode: 'append_dedup', mode: 'upsert' },
    { syncMode: 'update', mode: 'update' },
    { syncMode: 'soft_delete', mode: 'delete' },
  ])('$syncMode means $mode', ({ syncMode, mode }) => {
    const { routes, warnings } = resolve({ ...mapped, syncMode });
    expect(routes).toMatchObject([{ mode, mapped: true, unknownKey: 'reject', keyColumns: ['externalId'] }]);
    expect(warnings).toEqual([]);
  });

  test.each([
    { object: 'user', key: [['email']], matchOn: 'email' },
    { object: 'user', key: [['id']], matchOn: 'id' },
    { object: 'account', key: [['externalId']], matchOn: 'externalId' },
    { object: 'account', key: [['External ID']], matchOn: 'externalId' },
    { object: 'event', key: [['messageId']], matchOn: 'externalId', syncMode: 'append' },
  ])('$object is matched on $key', ({ object, key, matchOn, syncMode }) => {
    const { routes } = resolve({ name: 's', object, key, syncMode });
    expect(routes).toMatchObject([{ matchOn, keyColumns: key[0] }]);
  });

  test('without a primary key is matched on its externalId column; an event may have none', () => {
    const account = resolve({ name: 's', object: 'account', columns: ['externalId', 'name'] });
    expect(account.routes).toMatchObject([{ keyColumns: ['externalId'], matchOn: 'externalId' }]);
    const event = resolve({ name: 's', object: 'event', syncMode: 'append', columns: ['event'] });
    expect(event.routes).toMatchObject([{ keyColumns: [] }]);
  });

  test('takes options of its entry, and nothing of the wildcard', () => {
    const entry = entryOf({ stream: 'dim_customers', object: 'accounts', nulls: 'keep', unknownKey: 'skip' });
    expect(resolve(mapped, entry).routes).toMatchObject([{ nulls: 'keep', unknownKey: 'skip' }]);
    const wild = entryOf({ stream: '*', object: 'user', nulls: 'keep' });
    expect(resolve(mapped, wild).routes).toMatchObject([{ nulls: 'clear', object: { name: 'account' } }]);
  });

  test.each(OBJECTS.map(({ name }) => ({ name })))(
    'that overwrites $name is no fault, since a Clear sends no rows; its rows are',
    ({ name }) => {
      const object = name === 'custom_object' ? 'custom_object:Site' : name;
      const { routes, warnings } = resolve({ name: 's', object, syncMode: 'overwrite' });
      expect(warnings).toEqual([expect.stringContaining('cannot overwrite')]);
      const [route] = routes;
      if (route === undefined) throw new Error('no route');
      expect(route.object.name).toBe(name);
      expect(() => assertWritable(route)).toThrow(
        /destination_sync_mode: stream "s" cannot overwrite.*choose append/,
      );
    },
  );

  test.each([
    { object: 'account', key: [['externalId']], options: { syncKey: ['other'] }, path: 'sync_key' },
    { object: 'account', key: [['externalId']], options: { matchOn: 'id' }, path: 'match_on' },
    { object: 'account', key: [['externalId']], options: { mode: 'delete' }, path: 'mode' },
    {
      object: 'project',
      key: [['templateId'], ['accountId'], ['name']],
      options: { syncKey: ['x'] },
      path: 'sync_key',
    },
    {
      object: 'user_account',
      key: [['userId'], ['accountId']],
      options: { syncKey: ['x'] },
      path: 'sync_key',
    },
  ] as const)('whose entry says another $path is a fault: $object', ({ object, key, options, path }) => {
    const syncMode = object === 'user_account' ? 'append' : 'append_dedup';
    const stream = { name: 's', object, key, syncMode };
    const faults = faultsOf(stream, entryOf({ stream: 's', object, ...options }));
    expect(faults.map((fault) => fault.path)).toEqual([`/streams/0/${path}`]);
    expect(faultsOf(stream, entryOf({ stream: 's', object, nulls: 'keep' }))).toEqual([]);
  });

  test('is mapped even when its name is that of another object', () => {
    expect(resolve({ ...mapped, name: 'users' }).routes).toMatchObject([{ object: { name: 'account' } }]);
  });

  test.each([
    {
      what: 'an object that Vitally lacks',
      stream: { ...mapped, object: 'invoice' },
      path: 'catalog/streams/0/destination_object_name',
    },
    {
      what: 'a custom object of no name',
      stream: { ...mapped, object: 'custom_object' },
      path: 'catalog/streams/0/destination_object_name',
    },
    {
      what: 'several keys',
      stream: { ...mapped, key: [['externalId'], ['id']] },
      path: 'catalog/streams/0/primary_key',
    },
    {
      what: 'a key that is none',
      stream: { ...mapped, key: [['email']] },
      path: 'catalog/streams/0/primary_key',
    },
    { what: 'no key', stream: { ...mapped, key: null }, path: 'catalog/streams/0/primary_key' },
    {
      what: 'a mode that the object lacks',
      stream: { ...mapped, object: 'event', syncMode: 'append_dedup', key: null },
      path: 'catalog/streams/0/destination_sync_mode',
    },
    {
      what: 'another object in its entry',
      stream: mapped,
      entry: entryOf({ stream: 'dim_customers', object: 'user' }),
      path: '/streams/0/object',
    },
    {
      what: 'another mode in its entry',
      stream: mapped,
      entry: entryOf({ stream: 'dim_customers', object: 'account', mode: 'delete' }),
      path: '/streams/0/mode',
    },
    {
      what: 'another key in its entry',
      stream: mapped,
      entry: entryOf({ stream: 'dim_customers', object: 'account', syncKey: ['x'] }),
      path: '/streams/0/sync_key',
    },
    {
      what: 'another match in its entry',
      stream: mapped,
      entry: entryOf({ stream: 'dim_customers', object: 'account', matchOn: 'id' }),
      path: '/streams/0/match_on',
    },
  ])('with $what is a fault at $path', ({ stream, entry, path }) => {
    const faults = faultsOf(stream, ...(entry === undefined ? [] : [entry]));
    expect(faults.map((fault) => fault.path)).toEqual([path]);
    expect(faults[0]?.message).toContain(JSON.stringify(stream.name));
  });
});
