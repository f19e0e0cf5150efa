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

/** The ids that an object is known by, under every name of theirs. */
const ids = OBJECTS.filter(({ byPath }) => byPath !== true).flatMap(
  ({ name, keys, keyOf, fieldOfKey, modes }) =>
    [
      ...keys.filter((key) => key !== 'email'),
      ...(keyOf ? [`${keyOf}Id`] : []),
      ...(fieldOfKey ? [fieldOfKey] : []),
    ]
      .flatMap((key) => [key, key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)])
      .flatMap((key) => modes.map((mode) => ({ name, key, mode }))),
);

describe('a constant that names the record', () => {
  test.each(ids.filter(({ mode }) => mode === 'upsert' || mode === 'append'))(
    'is a fault in mode $mode: $key of $name',
    ({ name, key, mode }) => {
      const { faults } = resolve(name, key, '17', { mode });
      expect(faults).toContainEqual({
        path: '/streams/0/constants/0/destination',
        message: expect.stringMatching(/all its rows would (?:be one record|have one id)/),
      });
    },
  );

  test.each([
    { first: 'externalId', second: 'id' },
    { first: 'id', second: 'external_id' },
  ])('is a fault beside another one: $first, $second', ({ first, second }) => {
    for (const mode of ['update', 'delete'] as const) {
      const constants = [first, second].map((destination) => ({ destination, value: '17' }));
      const { faults } = resolve('account', first, '17', { mode, constants });
      expect(faults).toEqual([
        {
          path: `/streams/0/constants/${second === 'id' ? 1 : 0}/destination`,
          message: expect.stringContaining('another constant is the key already, the externalId'),
        },
      ]);
    }
  });

  test('is a fault where rows are matched on something else', () => {
    for (const [destination, matchOn] of [
      ['id', 'externalId'],
      ['externalId', 'id'],
      ['externalId', 'email'],
    ] as const) {
      const { faults } = resolve('user', destination, '17', { mode: 'update', matchOn, syncKey: ['k'] });
      expect(faults).toEqual([
        {
          path: '/streams/0/constants/0/destination',
          message: expect.stringContaining(`matched on ${matchOn}, so that this is not their key`),
        },
      ]);
    }
  });

  test('is a fault on a mapped stream, whose key the connection maps', () => {
    const constants = [{ destination: 'externalId', value: '17' }];
    const entry = entryOf({ stream: 's', object: 'account', constants });
    const stream = {
      name: 's',
      object: 'account',
      syncMode: 'update',
      key: [['externalId']],
      columns: ['externalId'],
    };
    expect(resolveRoutesOrFaults(settingsOf({ streams: [entry] }), catalogOf(stream)).faults).toEqual([
      {
        path: '/streams/0/constants/0/destination',
        message: expect.stringContaining('its key is mapped in the connection'),
      },
    ]);
  });

  test('is a trait where it says so, and a member of the body of a request', () => {
    const { faults } = resolve('account', 'traits.id', '17', { mode: 'upsert' });
    expect(faults).toEqual([]);
    const request = { mode: 'update', requestPath: '/resources/things/{k}' } as const;
    expect(resolve('request', 'externalId', '17', request).faults).toEqual([]);
  });
});

test.each([
  { object: 'user_account', mode: 'append', given: ['userId', 'accountId'] },
  { object: 'user_account', mode: 'delete', given: ['user_id', 'account'] },
  { object: 'project', mode: 'append', given: ['templateId', 'organizationId', 'name'] },
] as const)('constants that make the whole key are told: $object, $mode', ({ object, mode, given }) => {
  const constants = given.map((destination) => ({ destination, value: 'x' }));
  const { faults, warnings } = resolve(object, 'x', 'x', { mode, constants });
  expect(faults).toEqual([]);
  expect(warnings).toContainEqual(
    expect.stringContaining('all its rows are one record, since constants give'),
  );
  const some = resolve(object, 'x', 'x', { mode, constants: constants.slice(1) });
  expect(some.warnings.join()).not.toContain('all its rows are one record');
});

test('users may be matched on a constant e-mail where the entry says so', () => {
  const matched = resolve('user', 'email', 'ann@x.io', { mode: 'update', matchOn: 'email' });
  expect(matched.routes).toMatchObject([{ matchOn: 'email', keyConstant: 'ann@x.io' }]);
  const written = resolve('user', 'email', 'ann@x.io', { mode: 'update' });
  expect(written.routes).toMatchObject([{ matchOn: 'externalId', keyColumns: ['k'] }]);
});
