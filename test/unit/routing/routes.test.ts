import { describe, expect, test } from 'vitest';
import type { StreamEntry } from '../../../src/config/stream-options.ts';
import { type ResolvedRoutes, resolveRoutes, resolveRoutesOrFaults } from '../../../src/routing/routes.ts';
import { type CatalogStream, catalogOf, configErrorOf, entryOf, settingsOf } from '../../support/routes.ts';

function resolve(stream: CatalogStream, ...entries: readonly StreamEntry[]): ResolvedRoutes {
  return resolveRoutes(settingsOf({ streams: entries }), catalogOf(stream));
}

function faultsOf(stream: CatalogStream, ...entries: readonly StreamEntry[]) {
  return resolveRoutesOrFaults(settingsOf({ streams: entries }), catalogOf(stream)).faults;
}

describe('a plain stream that bears the name of an object', () => {
  test.each([
    { name: 'accounts', object: 'account' },
    { name: 'Account', object: 'account' },
    { name: 'ORGANIZATIONS', object: 'organization' },
    { name: 'users', object: 'user' },
    { name: 'track_events', object: 'event' },
    { name: 'Track Events', object: 'event' },
    { name: 'track', object: 'event' },
  ])('$name goes to $object', ({ name, object }) => {
    const { routes } = resolve({ name, key: [['id']] });
    expect(routes.map((route) => route.object.name)).toEqual([object]);
  });

  test.each([
    { name: 'accounts', syncMode: 'append', mode: 'upsert', warnings: 0 },
    { name: 'accounts', syncMode: 'append_dedup', mode: 'upsert', warnings: 0 },
    { name: 'accounts', syncMode: 'overwrite', mode: 'upsert', warnings: 1 },
    { name: 'accounts', syncMode: 'update', mode: 'update', warnings: 0 },
    { name: 'accounts', syncMode: 'soft_delete', mode: 'delete', warnings: 0 },
    { name: 'events', syncMode: 'append', mode: 'append', warnings: 0 },
    { name: 'events', syncMode: 'append_dedup', mode: 'append', warnings: 0 },
    { name: 'events', syncMode: 'overwrite', mode: 'append', warnings: 1 },
  ])('$syncMode of $name means $mode', ({ name, syncMode, mode, warnings }) => {
    const resolved = resolve({ name, syncMode, key: [['id']] });
    expect(resolved.routes).toMatchObject([{ mode, mapped: false, unknownKey: 'skip' }]);
    expect(resolved.warnings).toHaveLength(warnings);
  });

  test('several streams that would overwrite are warned of once', () => {
    const key = [['id']];
    const catalog = catalogOf(
      { name: 'accounts', syncMode: 'overwrite', key },
      { name: 'users', syncMode: 'overwrite', key },
    );
    const { warnings } = resolveRoutes(settingsOf(), catalog);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('"accounts", "users"');
  });

  test('has the defaults of the contract', () => {
    const { routes, warnings } = resolve({ name: 'accounts', namespace: 'mart', key: [['id']] });
    expect(warnings).toEqual([]);
    expect(routes).toMatchObject([
      {
        stream: 'accounts',
        namespace: 'mart',
        matchOn: 'externalId',
        keyColumns: ['id'],
        fields: [],
        constants: [],
        otherColumns: 'traits',
        nulls: 'clear',
        relations: 'add',
        unknownAccounts: 'reject',
        ifEmpty: [],
        deleteLimit: { count: 1_000 },
      },
    ]);
  });
});

describe('the entry of a plain stream', () => {
  const exact = entryOf({ stream: 's', namespace: 'mart', object: 'account', syncKey: ['a'] });
  const any = entryOf({ stream: 's', object: 'account', syncKey: ['b'] });
  const wildMart = entryOf({ stream: '*', namespace: 'mart', object: 'account', syncKey: ['c'] });
  const wild = entryOf({ stream: '*', object: 'account', syncKey: ['d'] });

  test.each([
    { why: 'name and namespace', stream: { name: 's', namespace: 'mart' }, key: 'a' },
    { why: 'name in any namespace', stream: { name: 's', namespace: 'raw' }, key: 'b' },
    { why: 'name without a namespace', stream: { name: 's' }, key: 'b' },
    { why: 'the wildcard of its namespace', stream: { name: 't', namespace: 'mart' }, key: 'c' },
    { why: 'the wildcard', stream: { name: 't' }, key: 'd' },
    { why: 'the wildcard, before its own name', stream: { name: 'users' }, key: 'd' },
  ])('is the one of $why', ({ stream, key }) => {
    const { routes } = resolve(stream, wild, wildMart, any, exact);
    expect(routes).toMatchObject([{ keyColumns: [key] }]);
  });

  test.each(['user', 'Users', 'USER'])('may name its object as %s', (object) => {
    expect(resolve({ name: 's', key: [['id']] }, entryOf({ stream: 's', object })).routes).toMatchObject([
      { object: { name: 'user' } },
    ]);
  });

  test('gives its options to the route', () => {
    const options = {
      fields: [{ source: 'a', destination: 'name' }],
      constants: [{ destination: 'traits.b', value: 1 }],
      otherColumns: 'drop',
      nulls: 'keep',
      unknownKey: 'reject',
      relations: 'replace',
      unknownAccounts: 'create',
      deleteLimit: { percent: 5 },
      mode: 'update',
      matchOn: 'id',
    } as const;
    const { routes } = resolve(
      { name: 's', key: [['id']] },
      entryOf({ stream: 's', object: 'account', ...options }),
    );
    expect(routes).toMatchObject([options]);
  });

  test('without a mode takes it from the catalog, and warns of overwrite', () => {
    const entry = entryOf({ stream: 's', object: 'account' });
    expect(resolve({ name: 's', key: [['id']], syncMode: 'soft_delete' }, entry).routes).toMatchObject([
      { mode: 'delete' },
    ]);
    expect(resolve({ name: 's', key: [['id']], syncMode: 'overwrite' }, entry).warnings).toHaveLength(1);
  });

  test('with a mode means it, whatever the catalog says', () => {
    const entry = entryOf({ stream: 's', object: 'account', mode: 'update' });
    const resolved = resolve({ name: 's', key: [['id']], syncMode: 'overwrite' }, entry);
    expect(resolved).toMatchObject({ routes: [{ mode: 'update' }], warnings: [] });
  });

  test('that matches no stream is a warning', () => {
    const { routes, warnings } = resolve({ name: 'users', key: [['id']] }, any, wildMart);
    expect(routes).toHaveLength(1);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('/streams/0');
    expect(warnings[0]).toContain('"s"');
  });

  test('prevent_new_traits rejects columns that the catalog did not list', () => {
    const entry = entryOf({ stream: 's', object: 'account', preventNewTraits: true });
    const { routes } = resolve(
      { name: 's', key: [['id']], columns: ['id', 'Name', '_airbyte_raw_id'] },
      entry,
    );
    expect(routes).toMatchObject([{ otherColumns: 'reject' }]);
  });
});

describe('a stream that goes nowhere', () => {
  test('is a fault with the entry to add', () => {
    const [fault] = faultsOf({ name: 'dim_customers', namespace: 'mart', columns: ['id', 'name'] });
    expect(fault?.path).toBe('/streams');
    expect(fault?.message).toContain('stream "dim_customers" of namespace "mart"');
    expect(fault?.message).toContain('organization, account, user, user_account');
    expect(fault?.message).toContain(
      '{"stream":"dim_customers","namespace":"mart","object":"account","sync_key":["id"]}',
    );
  });

  test.each([
    { why: 'the primary key is known', key: [['k']], entry: '{"stream":"s","object":"account"}' },
    {
      why: 'the source knows its key',
      sourceKey: [['k']],
      entry: '{"stream":"s","object":"account","sync_key":["k"]}',
    },
    { why: 'a column is there', columns: ['c'], entry: '{"stream":"s","object":"account","sync_key":["c"]}' },
    { why: 'nothing is known', entry: '{"stream":"s","object":"account","sync_key":["id"]}' },
  ])('the entry fits when $why', ({ entry, why, ...stream }) => {
    expect(why).not.toBe('');
    expect(faultsOf({ name: 's', ...stream })[0]?.message).toContain(entry);
  });

  test.each(['acount', '__proto__', 'constructor', 'toString', ''])('%j is no object', (object) => {
    const [fault] = faultsOf({ name: 's' }, entryOf({ stream: 's', object }));
    expect(fault?.message).toContain('no object of Vitally');
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '*'])(
    'a stream named %s is data',
    (name) => {
      expect(faultsOf({ name })).toHaveLength(1);
    },
  );
});

test('everything wrong is reported at once, catalog and config', () => {
  const settings = settingsOf({
    analyticsAuthorization: undefined,
    streams: [entryOf({ stream: 'b', object: 'account', matchOn: 'email' })],
  });
  const catalog = catalogOf({ name: 'users', key: 'x' }, { name: 'b' }, { name: 'c' }, { name: 'events' });
  const error = configErrorOf(() => resolveRoutes(settings, catalog));
  expect(error.faults.map((fault) => fault.path)).toEqual([
    'catalog/streams/0/primary_key',
    '/streams/0/match_on',
    '/streams',
    '/analytics_api_token',
  ]);
  expect(error.message).toMatch(/^4 faults in config and catalog:\n/);
});

test('an empty catalog has no routes', () => {
  expect(resolveRoutes(settingsOf(), { streams: [] })).toEqual({ routes: [], warnings: [] });
});
