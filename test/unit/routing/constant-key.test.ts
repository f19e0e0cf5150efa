import { describe, expect, test } from 'vitest';
import type { StreamEntry } from '../../../src/config/stream-options.ts';
import type { JsonValue } from '../../../src/json/json.ts';
import { createRowMapper } from '../../../src/mapping/row-mapper.ts';
import { OBJECTS } from '../../../src/objects/index.ts';
import { resolveRoutesOrFaults } from '../../../src/routing/routes.ts';
import { catalogOf, entryOf, NOTHING_NULLED, settingsOf } from '../../support/routes.ts';

function resolve(object: string, destination: string, value: JsonValue, options: Partial<StreamEntry> = {}) {
  const custom = object === 'custom_object' ? { customObject: 'Site' } : {};
  const constants = [{ destination, value }];
  const entry = entryOf({ stream: 's', object, ...custom, constants, ...options });
  return resolveRoutesOrFaults(settingsOf({ streams: [entry] }), catalogOf({ name: 's', key: [['k']] }));
}

const keyed = OBJECTS.flatMap(({ name, keys, modes }) =>
  keys
    .filter((key) => key !== 'email')
    .flatMap((key) =>
      modes.filter((mode) => mode === 'update' || mode === 'delete').map((mode) => ({ name, key, mode })),
    ),
);

describe.each(keyed)('a constant $key of $name in mode $mode', ({ name, key, mode }) => {
  test.each([{ value: '17' }, { value: 17 }, { value: JSON.rawJSON('17.0') }])(
    'is the key of every row: $value',
    ({ value }) => {
      const { routes, faults, warnings } = resolve(name, key, value, { mode });
      expect(faults).toEqual([]);
      expect(routes).toMatchObject([{ matchOn: key, keyColumns: [], keyConstant: '17' }]);
      expect(warnings).toContainEqual(expect.stringContaining('all its rows are one record'));
      const [route] = routes;
      if (route === undefined) throw new Error('no route');
      const map = createRowMapper(route);
      const rows = [{ k: 1 }, { k: 2, name: 'Two' }, {}];
      expect(rows.map((row) => map(row, NOTHING_NULLED).key)).toEqual(['17', '17', '17']);
      for (const row of rows) expect(map(row, NOTHING_NULLED).traits.has(key)).toBe(false);
    },
  );

  test.each([null, '', ' ', true, [1], { a: 1 }])('cannot be %j', (value) => {
    expect(resolve(name, key, value, { mode }).faults).toEqual([
      { path: '/streams/0/constants/0/value', message: expect.stringContaining('cannot be a key') },
    ]);
  });

  test('beside a sync key is one too many', () => {
    const { faults } = resolve(name, key, '17', { mode, syncKey: ['k'] });
    expect(faults.map(({ path }) => path)).toEqual(['/streams/0/constants/0/destination']);
  });
});

test.each(['upsert', 'append'] as const)('a constant key in mode %s is a fault', (mode) => {
  expect(resolve('account', 'externalId', '17', { mode }).faults).toEqual([
    {
      path: '/streams/0/constants/0/destination',
      message: expect.stringContaining('update and delete alone'),
    },
  ]);
});

test('users may be matched on a constant e-mail where the entry says so', () => {
  const matched = resolve('user', 'email', 'ann@x.io', { mode: 'update', matchOn: 'email' });
  expect(matched.routes).toMatchObject([{ matchOn: 'email', keyConstant: 'ann@x.io' }]);
  const written = resolve('user', 'email', 'ann@x.io', { mode: 'update' });
  expect(written.routes).toMatchObject([{ matchOn: 'externalId', keyColumns: ['k'] }]);
});
