import { describe, expect, test } from 'vitest';
import { OBJECTS } from '../../../src/objects/index.ts';
import { resolveRoutesOrFaults } from '../../../src/routing/routes.ts';
import { type CatalogStream, catalogOf, entryOf, settingsOf } from '../../support/routes.ts';

type Options = Partial<Parameters<typeof entryOf>[0]>;

function resolve(stream: CatalogStream, entry?: Options) {
  const streams = entry === undefined ? [] : [entryOf({ stream: stream.name, object: 'account', ...entry })];
  return resolveRoutesOrFaults(settingsOf({ streams }), catalogOf(stream));
}

describe('every object', () => {
  const others = OBJECTS.filter((object) => object.name !== 'custom_object' && object.byPath !== true);

  test.each(others)(
    '$name is found by its name, and its columns by theirs',
    ({ name, streamNames, modes }) => {
      const [mode = 'append'] = modes;
      for (const stream of streamNames) {
        const { routes, faults } = resolve({ name: stream.toUpperCase(), key: [['id']] });
        expect(faults).toEqual([]);
        expect(routes).toMatchObject([{ object: { name }, mode }]);
      }
    },
  );

  test.each(others)('$name is an object of entries and of mapped streams', ({ name, plural }) => {
    for (const object of [name, plural]) {
      expect(resolve({ name: 's', key: [['k']] }, { object })).toMatchObject({
        routes: [{ object: { name } }],
        faults: [],
      });
      const { routes, faults } = resolve({ name: 's', object, syncMode: 'append', columns: ['externalId'] });
      expect(faults).toEqual([]);
      expect(routes).toMatchObject([{ object: { name }, mode: 'append', mapped: true }]);
    }
  });
});

describe('the custom object', () => {
  const key = [['externalId']];

  test.each<{ stream: CatalogStream; entry?: Options; customObject: string }>([
    {
      stream: { name: 's', key },
      entry: { object: 'custom_object', customObject: 'Site' },
      customObject: 'Site',
    },
    { stream: { name: 's', key }, entry: { object: 'custom_object:Site' }, customObject: 'Site' },
    { stream: { name: 's', key }, entry: { object: 'Custom Objects: Site ' }, customObject: 'Site' },
    {
      stream: { name: 's', key },
      entry: { object: 'custom_object:a:b', customObject: 'a:b' },
      customObject: 'a:b',
    },
    { stream: { name: 's', key, object: 'custom_object:Site' }, customObject: 'Site' },
    {
      stream: { name: 's', key, object: 'custom_object' },
      entry: { object: 'custom_object', customObject: 'Site' },
      customObject: 'Site',
    },
    {
      stream: { name: 's', key, object: 'custom_object:Site' },
      entry: { object: 'custom_object' },
      customObject: 'Site',
    },
    {
      stream: { name: 's', key, object: 'custom_object' },
      entry: { object: 'custom_object:Site' },
      customObject: 'Site',
    },
    { stream: { name: 'custom_object:Site', key }, customObject: 'Site' },
  ])('is $customObject: $stream, $entry', ({ stream, entry, customObject }) => {
    const { routes, faults } = resolve(stream, entry);
    expect(faults).toEqual([]);
    expect(routes).toMatchObject([{ object: { name: 'custom_object' }, customObject }]);
  });

  test.each<{ what: string; stream: CatalogStream; entry?: Options; path: string; says: string }>([
    {
      what: 'is not named by its entry',
      stream: { name: 's', key },
      entry: { object: 'custom_object' },
      path: '/streams/0/custom_object',
      says: 'name, label or id',
    },
    {
      what: 'is named by nobody',
      stream: { name: 'custom_objects', key },
      path: '/streams',
      says: '"custom_object":"…"',
    },
    {
      what: 'is not named by the connection',
      stream: { name: 's', key, object: 'custom_object' },
      path: 'catalog/streams/0/destination_object_name',
      says: 'custom_object:<name>',
    },
    {
      what: 'is nothing behind the colon',
      stream: { name: 's', key, object: 'custom_object: ' },
      path: 'catalog/streams/0/destination_object_name',
      says: 'no object of Vitally',
    },
    {
      what: 'is named twice',
      stream: { name: 's', key },
      entry: { object: 'custom_object:Site', customObject: 'Plant' },
      path: '/streams/0/custom_object',
      says: 'twice',
    },
    {
      what: 'is named for another object',
      stream: { name: 's', key },
      entry: { object: 'account', customObject: 'Site' },
      path: '/streams/0/custom_object',
      says: 'accounts',
    },
    {
      what: 'is that of an object that has none',
      stream: { name: 's', key },
      entry: { object: 'account:Site' },
      path: '/streams/0/object',
      says: 'no object of Vitally',
    },
  ])('that $what is a fault at $path', ({ stream, entry, path, says }) => {
    const { routes, faults } = resolve(stream, entry);
    expect(routes).toEqual([]);
    expect(faults.map((fault) => fault.path)).toEqual([path]);
    expect(faults[0]?.message).toContain(says);
    expect(faults[0]?.message).toContain(`stream ${JSON.stringify(stream.name)}`);
  });

  test('is no member of routes of other objects', () => {
    expect(resolve({ name: 'notes', key }).routes[0]).not.toHaveProperty('customObject');
  });
});
