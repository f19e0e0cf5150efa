import { expect, test } from 'vitest';
import type { Settings } from '../../../src/config/settings.ts';
import { OBJECTS } from '../../../src/objects/index.ts';
import { resolveRoutesOrFaults } from '../../../src/routing/routes.ts';
import { catalogOf, entryOf, settingsOf } from '../../support/routes.ts';

type Object = (typeof OBJECTS)[number];

function resolve(
  object: Object,
  mode: Object['modes'][number] | undefined,
  settings: Partial<Settings> = {},
) {
  const entry = entryOf({
    stream: 'rows',
    object: object.name,
    ...(object.name === 'custom_object' && { customObject: 'Subscriptions' }),
    ...(mode !== undefined && { mode }),
    deletedRows: 'delete',
  });
  const columns = [
    'id',
    'externalId',
    'userId',
    ...(object.foreignPlaces === undefined ? ['accountId'] : []),
    'event',
    'templateId',
    'name',
  ];
  const catalog = catalogOf({ name: 'rows', columns, key: [['externalId']] });
  return resolveRoutesOrFaults(settingsOf({ streams: [entry], ...settings }), catalog);
}

const deletable = OBJECTS.filter((object) => object.modes.includes('delete') && object.byPath !== true);

test.each(deletable.flatMap((object) => object.modes.map((mode) => ({ object, mode }))))(
  'marked rows of $object.name in mode $mode are deleted where that is asked for',
  ({ object, mode }) => {
    const { faults, routes } = resolve(object, mode);
    expect(faults).toEqual([]);
    // In mode delete the mark changes nothing.
    expect(routes).toMatchObject([{ deletedRows: mode === 'delete' ? 'skip' : 'delete' }]);
  },
);

test.each(OBJECTS.filter((object) => !object.modes.includes('delete')))(
  'marked rows of $name cannot be deleted: a fault',
  (object) => {
    expect(resolve(object, undefined).faults).toEqual([
      { path: '/streams/0/deleted_rows', message: expect.stringContaining('cannot be deleted') },
    ]);
  },
);

test.each(deletable)('deleting $name needs the token of the API that deletes', (object) => {
  const token = object.name === 'user_account' ? 'analytics' : 'rest';
  const { faults } = resolve(object, undefined, { [`${token}Authorization`]: undefined });
  const message = expect.stringContaining(`"${token}_api_token"`);
  expect(faults).toContainEqual({ path: '/streams/0/deleted_rows', message });
});

test('left out, marked rows are skipped, also of a stream without an entry', () => {
  const { routes } = resolveRoutesOrFaults(settingsOf(), catalogOf({ name: 'accounts', key: [['id']] }));
  expect(routes).toMatchObject([{ deletedRows: 'skip' }]);
});

test.each(deletable)(
  'a delete limit of $name in percent holds where its records can be counted',
  (object) => {
    for (const options of [{ mode: 'delete' }, { deletedRows: 'delete' }] as const) {
      const custom = object.name === 'custom_object' ? { customObject: 'Site' } : {};
      const entry = entryOf({
        stream: 'rows',
        object: object.name,
        ...custom,
        ...options,
        deleteLimit: { percent: 5 },
      });
      const { faults } = resolveRoutesOrFaults(
        settingsOf({ streams: [entry] }),
        catalogOf({ name: 'rows', key: [['k']] }),
      );
      expect(faults.map(({ path }) => path)).toEqual(
        object.rest === undefined ? ['/streams/0/delete_limit'] : [],
      );
    }
  },
);
