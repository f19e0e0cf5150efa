import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keySource } from '../../../src/mapping/key-source.ts';
import { resolveRoutesOrFaults } from '../../../src/routing/routes.ts';
import {
  type CatalogStream,
  catalogOf,
  entryOf,
  expectRejection,
  routeOf,
  settingsOf,
} from '../../support/routes.ts';
import { map, to } from '../../support/rows.ts';

type Options = Partial<Parameters<typeof entryOf>[0]>;
type Stream = Omit<CatalogStream, 'name'>;

function resolve(object: string, stream: Stream, options: Options = {}) {
  const entry = entryOf({ stream: 's', object, ...options });
  const settings = settingsOf({ streams: stream.object === undefined ? [entry] : [] });
  return resolveRoutesOrFaults(settings, catalogOf({ name: 's', ...stream }));
}

describe('where the key comes from', () => {
  test.each<{
    object: string;
    stream?: Stream;
    options?: Options;
    source: string;
    key?: string[];
    matchOn?: string;
  }>([
    { object: 'note', options: { mode: 'append' }, source: 'content' },
    { object: 'note', stream: { columns: ['id', 'note'] }, options: { mode: 'append' }, source: 'content' },
    {
      object: 'note',
      stream: { key: [['id']] },
      options: { mode: 'append' },
      source: 'columns',
      key: ['id'],
    },
    {
      object: 'note',
      stream: { key: [['id']] },
      options: { mode: 'append', syncKey: [] },
      source: 'content',
    },
    {
      object: 'note',
      stream: { columns: ['external_id'] },
      options: { mode: 'append' },
      source: 'columns',
      key: ['external_id'],
    },
    { object: 'message', stream: { object: 'message', syncMode: 'append' }, source: 'content' },
    { object: 'meeting', options: { mode: 'append' }, source: 'content' },
    { object: 'event', source: 'none' },
    { object: 'project', stream: { key: [['p']] }, source: 'columns', key: ['p'], matchOn: 'id' },
    { object: 'project', stream: { columns: ['id', 'name'] }, source: 'columns', key: ['id'], matchOn: 'id' },
    { object: 'project', source: 'fields', matchOn: 'id' },
    { object: 'project', stream: { key: [['template'], ['account_id'], ['Name']] }, source: 'fields' },
    {
      object: 'project',
      stream: { key: [['t'], ['a']] },
      options: { fields: [to('t', 'template'), to('a', 'accountId')] },
      source: 'fields',
    },
    { object: 'project', stream: { key: [['p']] }, options: { mode: 'append' }, source: 'fields' },
    {
      object: 'project',
      stream: { object: 'project', key: [['templateId'], ['accountId'], ['name']] },
      source: 'fields',
    },
    {
      object: 'project',
      stream: { object: 'project', key: [['id']], syncMode: 'update' },
      source: 'columns',
      key: ['id'],
      matchOn: 'id',
    },
    { object: 'user_account', source: 'fields' },
    { object: 'user_account', stream: { key: [['user_id'], ['account_id']] }, source: 'fields' },
    {
      object: 'user_account',
      stream: { key: [['membership']] },
      options: { mode: 'delete' },
      source: 'fields',
    },
    {
      object: 'user_account',
      stream: { object: 'user_account', key: [['userId'], ['accountId']], syncMode: 'append' },
      source: 'fields',
    },
    {
      object: 'meeting_transcript',
      stream: { columns: ['meeting_id'] },
      source: 'columns',
      key: ['meeting_id'],
      matchOn: 'externalId',
    },
    {
      object: 'meeting_transcript',
      stream: { object: 'meeting_transcript', key: [['meetingId']] },
      source: 'columns',
      key: ['meetingId'],
      matchOn: 'externalId',
    },
    {
      object: 'meeting_transcript',
      stream: { columns: ['m', 'transcript'] },
      options: { fields: [to('m', 'meetingId')] },
      source: 'columns',
      key: ['m'],
    },
    {
      object: 'meeting_transcript',
      stream: { columns: ['id'] },
      options: { matchOn: 'id' },
      source: 'columns',
      key: ['id'],
      matchOn: 'id',
    },
  ])(
    '$object, $stream, $options: $source',
    ({ object, stream = {}, options = {}, source, key = [], matchOn }) => {
      const { routes, faults } = resolve(object, stream, options);
      expect(faults).toEqual([]);
      expect(routes).toMatchObject([{ keyColumns: key, ...(matchOn !== undefined && { matchOn }) }]);
      expect(routes.map(keySource)).toEqual([source]);
    },
  );

  test.each<{ object: string; stream?: Stream; options?: Options; path: string; says: string }>([
    { object: 'note', path: '/streams/0/sync_key', says: '"mode": "append"' },
    { object: 'note', options: { mode: 'update' }, path: '/streams/0/sync_key', says: 'externalId' },
    {
      object: 'note',
      options: { mode: 'append', matchOn: 'id' },
      path: '/streams/0/sync_key',
      says: 'no column is known to hold the id',
    },
    {
      object: 'custom_object',
      options: { mode: 'append', customObject: 'X' },
      path: '/streams/0/sync_key',
      says: 'externalId',
    },
    {
      object: 'project',
      options: { mode: 'update' },
      path: '/streams/0/sync_key',
      says: 'no column is known to hold the id',
    },
    {
      object: 'project',
      options: { matchOn: 'id' },
      path: '/streams/0/sync_key',
      says: 'no column is known to hold the id',
    },
    {
      object: 'project',
      options: { matchOn: 'externalId' },
      path: '/streams/0/match_on',
      says: 'match on id',
    },
    { object: 'project', stream: { key: [['a'], ['b']] }, path: '/streams/0/sync_key', says: 'one value' },
    {
      object: 'user_account',
      options: { matchOn: 'id' },
      path: '/streams/0/match_on',
      says: 'userId with accountId',
    },
    {
      object: 'user_account',
      options: { fields: [to('x', 'externalId')] },
      path: '/streams/0/fields/0/destination',
      says: 'userId, accountId',
    },
    {
      object: 'project',
      stream: { columns: ['p'] },
      options: { mode: 'append', fields: [to('p', 'id')] },
      path: '/streams/0/fields/0/destination',
      says: 'the key',
    },
    {
      object: 'project',
      stream: { object: 'project', key: [['externalId']] },
      path: 'catalog/streams/0/primary_key',
      says: 'id or templateId with accountId or organizationId with name',
    },
  ])(
    '$object, $stream, $options is a fault at $path',
    ({ object, stream = {}, options = {}, path, says }) => {
      const { faults } = resolve(object, stream, options);
      expect(faults.map((fault) => fault.path)).toEqual([path]);
      expect(faults[0]?.message).toContain(says);
    },
  );

  test('a sync key that is not used is a warning', () => {
    expect(resolve('user_account', {}, { syncKey: ['membership'] }).warnings).toEqual([
      'stream "s": "sync_key" is not used, since user accounts are known here by their userId, accountId',
    ]);
    expect(resolve('user_account', {}, { syncKey: ['user_id', 'account'] }).warnings).toEqual([]);
  });
});

describe('the key that fields make', () => {
  const link = { mode: 'append', keyColumns: [] } as const;
  const project = { mode: 'upsert', matchOn: 'id', keyColumns: [] } as const;

  test.each([
    { object: 'user_account', route: link, row: '{"user_id":7,"Account ID":"a"}', key: '7:a' },
    {
      object: 'user_account',
      route: { ...link, mode: 'delete' },
      row: '{"userId":"u","accountId":7.0,"since":1}',
      key: 'u:7',
    },
    { object: 'project', route: project, row: '{"template":"T","accountId":"a","name":"N"}', key: 'T:a:N' },
    {
      object: 'project',
      route: project,
      row: '{"template":"T","organization_id":"o","name":"N"}',
      key: 'T:organizationId=o:N',
    },
    {
      object: 'project',
      route: project,
      row: '{"template":"T:1","accountId":"a%:=","name":"N: 2"}',
      key: 'T%3A1:a%25%3A%3D:N: 2',
    },
    { object: 'project', route: project, row: '{"template":"T","accountId":"a"}', key: 'T:a:' },
    { object: 'project', route: project, row: '{"template":"T","accountId":"a","name":null}', key: 'T:a:' },
    {
      object: 'project',
      route: { ...project, constants: [{ destination: 'template', value: 'T' }] },
      row: '{"accountId":"a","name":"N"}',
      key: 'T:a:N',
    },
  ] as const)('$object $row is $key', ({ object, route, row, key }) => {
    expect(map({ what: '', object, route, row }).key).toBe(key);
  });

  test('is another for every other record', () => {
    const id = fc.constantFrom('a', 'b', ':', 'a:b', 'a%3Ab', '%', '=', 'organizationId=a', 'T', 'N');
    const rows = fc.record({
      templateId: id,
      owner: fc.constantFrom('accountId', 'organizationId'),
      of: id,
      name: id,
    });
    const keyOf = ({
      templateId,
      owner,
      of,
      name,
    }: {
      templateId: string;
      owner: string;
      of: string;
      name: string;
    }) =>
      map({
        what: '',
        object: 'project',
        route: project,
        row: JSON.stringify({ templateId, [owner]: of, name }),
      }).key;
    fc.assert(
      fc.property(rows, rows, (one, other) => {
        expect(keyOf(one) === keyOf(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });

  test('a link that is taken away still says whose it was', () => {
    const write = map({
      what: '',
      object: 'user_account',
      route: { ...link, mode: 'delete' },
      row: '{"user_id":7,"account_id":"a","x":[[]]}',
    });
    expect([...write.fields]).toEqual([
      ['userId', '7'],
      ['accountId', 'a'],
    ]);
  });

  test.each([
    { object: 'user_account', route: link, row: '{"userId":"u"}', field: 'accountId' },
    { object: 'user_account', route: link, row: '{"userId":null,"accountId":"a"}', field: 'userId' },
    { object: 'user_account', route: link, row: '{"userId":" ","accountId":"a"}', field: 'userId' },
    { object: 'project', route: project, row: '{"accountId":"a","name":"N"}', field: 'templateId' },
    { object: 'project', route: project, row: '{"template":"T","name":"N"}', field: 'accountId' },
  ] as const)('$object $row lacks $field', ({ object, route, row, field }) => {
    const error = expectRejection(() => map({ what: '', object, route, row }), 'missing_key');
    expect(error.field).toBe(field);
  });

  test('that is longer than any key is rejected, without its value', () => {
    const row = JSON.stringify({ template: 'T', accountId: 'a', name: 'secret '.repeat(150) });
    const error = expectRejection(
      () => map({ what: '', object: 'project', route: project, row }),
      'bad_key',
      'secret',
    );
    expect(error.field).toBe('name');
  });
});

test.each([
  [routeOf('note', { mode: 'append', keyColumns: [] }), 'content'],
  [routeOf('note', { mode: 'upsert', keyColumns: [] }), 'none'],
  [routeOf('account', { mode: 'append' }), 'columns'],
  [routeOf('user_account', { mode: 'append', keyColumns: [] }), 'fields'],
] as const)('the source of %j', (route, source) => {
  expect(keySource(route)).toBe(source);
});
