import { describe, expect, test } from 'vitest';
import type { Settings } from '../../../src/config/settings.ts';
import { resolveRoutesOrFaults } from '../../../src/routing/routes.ts';
import { type CatalogStream, catalogOf, entryOf, settingsOf } from '../../support/routes.ts';

const PATH = '/resources/surveys/{survey_id}/responses';
const BY_ID = '/resources/notes/{id}';

function resolve(
  options: Partial<Parameters<typeof entryOf>[0]>,
  stream: Partial<CatalogStream> = {},
  settings: Partial<Settings> = {},
) {
  const entry = entryOf({ stream: 's', object: 'request', ...options });
  return resolveRoutesOrFaults(
    settingsOf({ streams: [entry], ...settings }),
    catalogOf({ name: 's', ...stream }),
  );
}

function pathsOf(...given: Parameters<typeof resolve>): string[] {
  return resolve(...given).faults.map(({ path }) => path);
}

test.each([
  { mode: 'append', method: 'POST' },
  { mode: 'update', method: 'PUT' },
  { mode: 'delete', method: 'DELETE' },
] as const)('mode $mode sends $method, unless "method" says otherwise', ({ mode, method }) => {
  expect(resolve({ mode, requestPath: BY_ID })).toMatchObject({
    faults: [],
    routes: [{ mode, transport: 'rest', keyColumns: [], request: { method, path: { text: BY_ID } } }],
  });
  for (const other of ['POST', 'PUT', 'DELETE'] as const)
    expect(resolve({ mode, requestPath: BY_ID, method: other }).routes).toMatchObject([
      { mode, request: { method: other } },
    ]);
});

test('there is no usual mode, and mode upsert is none of them', () => {
  expect(pathsOf({ requestPath: PATH })).toEqual(['/streams/0/mode']);
  expect(resolve({ requestPath: PATH }).faults[0]?.message).toContain('append sends POST');
  expect(pathsOf({ requestPath: PATH, mode: 'upsert' })).toEqual(['/streams/0/mode']);
});

test('a stream of its name needs an entry, which the fault shows', () => {
  const { faults } = resolveRoutesOrFaults(settingsOf(), catalogOf({ name: 'requests' }));
  expect(faults).toEqual([
    { path: '/streams', message: expect.stringContaining('"object":"request","mode":"append","path"') },
  ]);
});

test('a mapped stream has the connection’s mode and key, and needs an entry for the path', () => {
  const mapped = { object: 'request', syncMode: 'update', key: [['id']], columns: ['id', 'survey_id'] };
  expect(resolve({ requestPath: PATH }, mapped)).toMatchObject({
    faults: [],
    routes: [{ mode: 'update', keyColumns: ['id'], request: { method: 'PUT' } }],
  });
  expect(pathsOf({ requestPath: PATH, syncKey: ['survey_id'] }, mapped)).toEqual(['/streams/0/sync_key']);
  const alone = resolveRoutesOrFaults(settingsOf(), catalogOf({ name: 's', ...mapped }));
  expect(alone.faults.map(({ path }) => path)).toEqual(['/streams']);
});

test('rows are keyed by "sync_key", else by the primary key, else not at all', () => {
  const keyOf = (...given: Parameters<typeof resolve>) => resolve(...given).routes[0]?.keyColumns;
  const options = { mode: 'append', requestPath: PATH } as const;
  expect(keyOf(options)).toEqual([]);
  expect(keyOf(options, { key: [['id']] })).toEqual(['id']);
  expect(keyOf({ ...options, syncKey: ['a', 'b'] }, { key: [['id']] })).toEqual(['a', 'b']);
});

describe('faults', () => {
  test.each([
    { name: 'no path', options: { mode: 'append' }, at: 'path' },
    { name: 'a path elsewhere', options: { mode: 'append', requestPath: '/analytics/v1/batch' }, at: 'path' },
    {
      name: 'a DELETE of a collection',
      options: { mode: 'delete', requestPath: '/resources/notes' },
      at: 'path',
    },
    {
      name: 'a DELETE by method of a collection',
      options: { mode: 'append', method: 'DELETE', requestPath: '/resources/{collection}' },
      at: 'path',
    },
    {
      name: 'a column of the path that is excluded',
      options: { mode: 'append', requestPath: PATH, exclude: ['Survey ID'] },
      at: 'exclude/0',
    },
    {
      name: 'a limit in percent',
      options: { mode: 'append', requestPath: PATH, deleteLimit: { percent: 5 } },
      at: 'delete_limit',
    },
    {
      name: 'deleted rows',
      options: { mode: 'update', requestPath: PATH, deletedRows: 'delete' },
      at: 'deleted_rows',
    },
    { name: 'if_empty', options: { mode: 'update', requestPath: PATH, ifEmpty: ['x'] }, at: 'if_empty' },
    { name: 'match_on', options: { mode: 'update', requestPath: PATH, matchOn: 'id' }, at: 'match_on' },
    {
      name: 'prevent_new_traits',
      options: { mode: 'update', requestPath: PATH, preventNewTraits: true },
      at: 'prevent_new_traits',
    },
    {
      name: 'a custom object',
      options: { mode: 'update', requestPath: PATH, customObject: 'x' },
      at: 'custom_object',
    },
    {
      name: 'Analytics',
      options: { mode: 'update', requestPath: PATH, writeVia: 'analytics' },
      at: 'write_via',
    },
    {
      name: 'a path of an account',
      options: { object: 'account', syncKey: ['id'], requestPath: PATH },
      at: 'path',
    },
    {
      name: 'a method of an account',
      options: { object: 'account', syncKey: ['id'], method: 'PUT' },
      at: 'method',
    },
  ] as const)('$name', ({ options, at }) => {
    expect(pathsOf(options)).toEqual([`/streams/0/${at}`]);
  });

  test('a REST token is needed', () => {
    const { faults } = resolve({ mode: 'append', requestPath: PATH }, {}, { restAuthorization: undefined });
    expect(faults).toEqual([{ path: '/rest_api_token', message: expect.stringContaining('rest_api_token') }]);
  });

  test('all are told at once', () => {
    const options = { requestPath: 'x', matchOn: 'id', method: 'PUT' } as const;
    const places = ['match_on', 'mode', 'path'].map((option) => `/streams/0/${option}`);
    expect(pathsOf(options).sort()).toEqual(places);
    expect(pathsOf({ ...options, mode: 'upsert' }).sort()).toEqual(places);
  });
});

describe('a column of the path that the catalog lacks', () => {
  const options = { mode: 'append', requestPath: PATH } as const;

  test('is a fault with the nearest name', () => {
    const { faults } = resolve(options, { columns: ['surveyid2', 'answer'] });
    expect(faults).toEqual([
      { path: '/streams/0/path', message: expect.stringContaining('did you mean "surveyid2"?') },
    ]);
  });

  test('is one where no other columns may come', () => {
    const { faults } = resolve(options, { columns: ['answer'], closed: true });
    expect(faults).toEqual([
      { path: '/streams/0/path', message: expect.stringContaining('it has "answer"') },
    ]);
  });

  test('is a warning where others may, and nothing in another spelling', () => {
    const open = resolve(options, { columns: ['answer'] });
    expect(open.faults).toEqual([]);
    expect(open.warnings).toEqual([expect.stringContaining('"survey_id", which is part of the path')]);
    expect(resolve(options, { columns: ['SurveyId'], closed: true })).toMatchObject({
      faults: [],
      warnings: [],
    });
  });
});
