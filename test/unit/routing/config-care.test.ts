import { describe, expect, test } from 'vitest';
import type { StreamEntry } from '../../../src/config/stream-options.ts';
import { OBJECTS } from '../../../src/objects/index.ts';
import { resolveRoutesOrFaults } from '../../../src/routing/routes.ts';
import { type CatalogStream, catalogOf, entryOf, settingsOf } from '../../support/routes.ts';

function resolve(entries: readonly StreamEntry[], ...streams: readonly CatalogStream[]) {
  return resolveRoutesOrFaults(settingsOf({ streams: entries }), catalogOf(...streams));
}

describe('a destination one slip from a field', () => {
  const slips = OBJECTS.filter(({ others }) => others !== 'nowhere').flatMap(({ name, fields }) =>
    Object.keys(fields)
      .filter((field) => field.length >= 5 && !(`${field}s` in fields))
      .flatMap((field) => [
        { name, field, slip: `${field}x` },
        { name, field, slip: field.slice(0, -1) },
        { name, field, slip: `${field[1]}${field[0]}${field.slice(2)}` },
      ]),
  );

  test.each(slips)('$slip for $field of $name is told', ({ name, field, slip }) => {
    const custom = name === 'custom_object' ? { customObject: 'Site' } : {};
    const entry = entryOf({
      stream: 's',
      object: name,
      ...custom,
      fields: [{ source: 'a', destination: slip }],
      constants: [{ destination: `traits.${slip}2`, value: 'x' }],
    });
    const { warnings } = resolve([entry], { name: 's', key: [['k']] });
    const isField = Object.values(OBJECTS).some(
      (object) =>
        object.name === name && Object.values(object.fields).some(({ aliases }) => aliases?.includes(slip)),
    );
    if (isField || slip === field || slip in (OBJECTS.find((object) => object.name === name)?.fields ?? {}))
      return;
    expect(warnings.filter((warning) => warning.includes('did you mean'))).toEqual([
      expect.stringMatching(new RegExp(`^/streams/0/fields/0/destination: "${slip}" .*traits\\.${slip}`)),
    ]);
  });

  test.each(['plan', 'nam', 'traits.nmae', 'renewal_date', 'mrr', 'Name', 'account_tier'])(
    '%s of an account is none',
    (destination) => {
      const fields = [{ source: 'a', destination }];
      const { warnings } = resolve([entryOf({ stream: 's', object: 'account', fields })], {
        name: 's',
        key: [['k']],
      });
      expect(warnings.filter((warning) => warning.includes('did you mean'))).toEqual(
        destination === 'nam' ? [expect.stringContaining('"name"')] : [],
      );
    },
  );
});

describe('events of a closed schema', () => {
  const closed = { name: 's', closed: true };

  test.each<{ columns: readonly string[]; options?: Partial<StreamEntry>; lacks: readonly string[] }>([
    { columns: ['event', 'user_id'], lacks: [] },
    { columns: ['Event', 'organizationId', 'x'], lacks: [] },
    { columns: ['event', 'x'], lacks: ['accountId or userId or organizationId'] },
    { columns: ['x', 'accountId'], lacks: ['event'] },
    { columns: ['x'], lacks: ['event', 'accountId or userId or organizationId'] },
    {
      columns: ['x', 'y'],
      options: {
        fields: [{ source: 'x', destination: 'userId' }],
        constants: [{ destination: 'event', value: 'Seen' }],
      },
      lacks: [],
    },
    {
      columns: ['event', 'user_id'],
      options: { syncKey: ['user_id'] },
      lacks: ['accountId or userId or organizationId'],
    },
    {
      columns: ['event', 'user_id'],
      options: { fields: [{ source: 'event', destination: 'properties.event' }] },
      lacks: ['event'],
    },
  ])('$columns with $options lack $lacks', ({ columns, options, lacks }) => {
    const entry = entryOf({ stream: 's', object: 'event', ...options });
    const { faults } = resolve([entry], { ...closed, columns });
    expect(faults).toEqual(
      lacks.map((what) => ({
        path: '/streams/0/fields',
        message: expect.stringContaining(`gives its events ${what},`),
      })),
    );
    expect(resolve([entry], { name: 's', columns }).faults).toEqual([]);
  });

  test('of a stream without an entry are a fault of the catalog', () => {
    const { faults } = resolve([], { name: 'events', closed: true, columns: ['event'] });
    expect(faults.map(({ path }) => path)).toEqual(['catalog/streams/0/stream/json_schema']);
  });
});

describe('several streams through "*"', () => {
  const wild = (object: string) => entryOf({ stream: '*', object, syncKey: ['id'] });
  const shared = (warnings: readonly string[]) =>
    warnings.filter((warning) => warning.startsWith('"*" sends'));

  test('to one object with equal key columns are one warning that names them', () => {
    const { warnings, routes } = resolve(
      [wild('account')],
      { name: 'a' },
      { name: 'b', namespace: 'x' },
      { name: 'c' },
    );
    expect(routes).toHaveLength(3);
    expect(shared(warnings)).toEqual([expect.stringContaining('"a", "x.b", "c" to accounts by "id"')]);
  });

  test('are none where their keys differ, where an entry names them, or where they are events', () => {
    const byCatalog = entryOf({ stream: '*', object: 'account' });
    expect(
      shared(resolve([byCatalog], { name: 'a', key: [['x']] }, { name: 'b', key: [['y']] }).warnings),
    ).toEqual([]);
    const own = entryOf({ stream: 'b', object: 'account', syncKey: ['id'] });
    expect(shared(resolve([wild('account'), own], { name: 'a' }, { name: 'b' }).warnings)).toEqual([]);
    expect(shared(resolve([wild('event')], { name: 'a' }, { name: 'b' }).warnings)).toEqual([]);
  });
});

test.each(
  OBJECTS.filter(({ byPath }) => byPath !== true).flatMap(({ name, modes }) =>
    (['upsert', 'update', 'append', 'delete'] as const).map((mode) => ({
      name,
      mode,
      takes: modes.includes(mode),
    })),
  ),
)('mode $mode of $name: $takes', ({ name, mode, takes }) => {
  const custom = name === 'custom_object' ? { customObject: 'Site' } : {};
  const entry = entryOf({ stream: 's', object: name, mode, ...custom });
  const { faults } = resolve([entry], { name: 's', key: [['k']] });
  expect(faults.map(({ path }) => path)).toEqual(takes ? [] : ['/streams/0/mode']);
});

test.each(['event', 'user_account'])(
  '"if_empty" of %s is a fault: nothing of it could be empty',
  (object) => {
    const { faults } = resolve([entryOf({ stream: 's', object, ifEmpty: ['name'] })], { name: 's' });
    expect(faults.map(({ path }) => path)).toContain('/streams/0/if_empty');
  },
);
