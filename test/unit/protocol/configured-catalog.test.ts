import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCatalog, titleOf } from '../../../src/protocol/configured-catalog.ts';
import { catalogOf, streamOf } from '../../support/routes.ts';

describe('a configured catalog', () => {
  test('is read with null-filled fields as with absent ones', () => {
    const full = parseCatalog(catalogOf({ name: 'a', key: [['id']] }));
    const bare = parseCatalog({
      streams: [{ stream: { name: 'a' }, destination_sync_mode: 'append_dedup', primary_key: [['id']] }],
    });
    expect(full.faults).toEqual([]);
    expect(bare).toEqual(full);
    expect(full.streams).toEqual([
      {
        name: 'a',
        namespace: undefined,
        path: 'catalog/streams/0',
        syncMode: 'append_dedup',
        primaryKey: ['id'],
        hasUnusableKey: false,
        sourceKey: [],
        destinationObject: undefined,
        columns: undefined,
        isClosed: false,
        syncId: undefined,
      },
    ]);
  });

  test('may have no streams', () => {
    expect(parseCatalog({ streams: [] })).toEqual({ streams: [], faults: [] });
  });

  test('gives columns, namespace, mapped object, composite key and sync id', () => {
    const item = streamOf({ name: 'a', namespace: 'mart', columns: ['x', '__proto__'], key: [['x'], ['y']] });
    const { streams } = parseCatalog({
      streams: [{ ...item, destination_object_name: 'account', sync_id: 42 }],
    });
    expect(streams).toMatchObject([
      { namespace: 'mart', primaryKey: ['x', 'y'], destinationObject: 'account', syncId: '42' },
    ]);
    expect(streams[0]?.columns).toEqual(new Set(['x', '__proto__']));
  });

  test.each([
    [7, '7'],
    ['run-7', 'run-7'],
    ['', undefined],
    [null, undefined],
    [{}, undefined],
  ])('has the sync id %j as %j', (given, syncId) => {
    const item = { ...streamOf({ name: 'a' }), sync_id: given };
    expect(parseCatalog({ streams: [item] }).streams[0]?.syncId).toBe(syncId);
  });

  test.each([
    ['null', null],
    ['empty', ''],
    ['absent', undefined],
  ])('a namespace that is %s is none', (_, namespace) => {
    const item = { stream: { name: 'a', namespace }, destination_sync_mode: 'append' };
    expect(parseCatalog({ streams: [item] }).streams[0]?.namespace).toBeUndefined();
  });

  test.each([
    ['null', null],
    ['an empty list', []],
    ['one empty path', [[]]],
  ])('a primary key that is %s is none', (_, key) => {
    const { streams, faults } = parseCatalog(catalogOf({ name: 'a', key }));
    expect(faults).toEqual([]);
    expect(streams[0]?.primaryKey).toEqual([]);
  });

  test.each(['append', 'append_dedup', 'overwrite', 'update', 'soft_delete'])(
    'knows the sync mode %s',
    (syncMode) => {
      expect(parseCatalog(catalogOf({ name: 'a', syncMode })).streams).toMatchObject([{ syncMode }]);
    },
  );

  test.each([
    { what: 'a list', json: [], path: 'catalog' },
    { what: 'null', json: null, path: 'catalog' },
    { what: 'a text', json: 'streams', path: 'catalog' },
    { what: 'without streams', json: {}, path: 'catalog/streams' },
    { what: 'with null streams', json: { streams: null }, path: 'catalog/streams' },
    { what: 'with a null stream', json: { streams: [null] }, path: 'catalog/streams/0' },
    { what: 'with an item without stream', json: { streams: [{}] }, path: 'catalog/streams/0/stream' },
    {
      what: 'with a nameless stream',
      json: { streams: [{ stream: { name: '' } }] },
      path: 'catalog/streams/0/stream/name',
    },
    {
      what: 'with an unknown sync mode',
      json: catalogOf({ name: 'a', syncMode: 'overwrite_dedup' }),
      path: 'catalog/streams/0/destination_sync_mode',
      says: ['"a"', 'append_dedup', 'soft_delete'],
    },
    {
      what: 'with files',
      json: catalogOf({ name: 'a', files: true }),
      path: 'catalog/streams/0/include_files',
      says: ['"a"', 'files'],
    },
    {
      what: 'with an object name that is a number',
      json: catalogOf({ name: 'a', object: 7 }),
      path: 'catalog/streams/0/destination_object_name',
      says: ['"a"'],
    },
    {
      what: 'with a stream twice',
      json: catalogOf({ name: 'a' }, { name: 'b' }, { name: 'a', namespace: '' }),
      path: 'catalog/streams/2',
      says: ['"a"', 'catalog/streams/0'],
    },
  ])('$what is one readable fault', ({ json, path, says = [] }) => {
    const { faults } = parseCatalog(json);
    expect(faults).toHaveLength(1);
    expect(faults[0]?.path).toBe(path);
    for (const text of says) expect(faults[0]?.message).toContain(text);
  });

  test.each([[[['address', 'id']]], [['id']], ['id'], [[[1]]], [{}], [[null]]])(
    'a key that is %j cannot be used, which its stream may not mind',
    (key) => {
      const { streams, faults } = parseCatalog(catalogOf({ name: 'a', key }));
      expect(faults).toEqual([]);
      expect(streams).toMatchObject([{ primaryKey: [], hasUnusableKey: true }]);
    },
  );

  test('the same name in two namespaces is two streams', () => {
    const { streams, faults } = parseCatalog(catalogOf({ name: 'a', namespace: 'x' }, { name: 'a' }));
    expect(faults).toEqual([]);
    expect(streams).toHaveLength(2);
  });

  test('all faults are told, and sound streams are still read', () => {
    const { streams, faults } = parseCatalog(
      catalogOf(
        { name: 'a', key: 'id', syncMode: 'x', files: true },
        { name: 'b' },
        { name: 'c', key: [[1]] },
      ),
    );
    expect(faults.map((fault) => fault.path)).toEqual([
      'catalog/streams/0/destination_sync_mode',
      'catalog/streams/0/include_files',
    ]);
    expect(streams.map((stream) => stream.name)).toEqual(['b', 'c']);
  });

  test('a nested key that only the source defines is no fault, since it is only a hint', () => {
    const { streams, faults } = parseCatalog(catalogOf({ name: 'a', sourceKey: [['a', 'b']] }));
    expect(faults).toEqual([]);
    expect(streams[0]?.sourceKey).toEqual([]);
  });

  test('any JSON gives streams and faults, never an exception', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (item, part) => {
        parseCatalog(item);
        parseCatalog({ streams: [item, { stream: part }, { stream: { name: 'a' }, primary_key: part }] });
      }),
    );
  });
});

test.each([
  [{ name: 'a', namespace: undefined }, 'stream "a"'],
  [{ name: 'a', namespace: 'mart' }, 'stream "a" of namespace "mart"'],
  [{ name: 'a\nb', namespace: undefined }, 'stream "a\\nb"'],
  [{ name: 'x'.repeat(10_000), namespace: undefined }, `stream "${'x'.repeat(100)}…"`],
])('a stream in a message is on one line and bounded', (stream, title) => {
  expect(titleOf(stream)).toBe(title);
});
