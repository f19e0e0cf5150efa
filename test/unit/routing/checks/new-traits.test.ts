import { describe, expect, test } from 'vitest';
import type { Route } from '../../../../src/mapping/route.ts';
import { createRowMapper } from '../../../../src/mapping/row-mapper.ts';
import type { ObjectName } from '../../../../src/objects/object.ts';
import { faultNewTraits } from '../../../../src/routing/checks/new-traits.ts';
import { resolveRoutesOrFaults } from '../../../../src/routing/routes.ts';
import { knownNames, knownTrait } from '../../../support/known-traits.ts';
import {
  catalogOf,
  configErrorOf,
  entryOf,
  expectRejection,
  NOTHING_NULLED,
  routeOf,
  settingsOf,
} from '../../../support/routes.ts';
import { to } from '../../../support/rows.ts';

type Options = Partial<Parameters<typeof entryOf>[0]>;

interface Given {
  readonly options?: Options;
  readonly object?: ObjectName;
  readonly columns?: readonly string[] | undefined;
  readonly mapped?: boolean;
  readonly rest?: boolean;
}

function resolve({ options = {}, object = 'account', columns, mapped = false, rest = true }: Given) {
  const entry = entryOf({ stream: 's', object, preventNewTraits: true, ...options });
  const settings = settingsOf({ streams: [entry], ...(!rest && { restAuthorization: undefined }) });
  const key = mapped ? [['externalId']] : [['k']];
  const stream = { name: 's', key, ...(columns && { columns }), ...(mapped && { object }) };
  return resolveRoutesOrFaults(settings, catalogOf(stream));
}

const KNOWN = knownNames(
  knownTrait('vitally.custom.seats', 'Number of seats', 'number'),
  knownTrait('plan', 'Plan', 'text'),
);

describe('without a REST token', () => {
  test.each([
    { columns: ['k', 'plan', 'Name', 'tier'], says: '"plan", "tier" would become new traits' },
    { columns: ['k', 'traits'], says: '"traits" would become new traits' },
  ])('columns that no field takes are faults: $columns', ({ columns, says }) => {
    const { faults } = resolve({ columns, rest: false });
    expect(faults.map((fault) => fault.path)).toEqual(['/streams/0/prevent_new_traits']);
    expect(faults[0]?.message).toContain(says);
  });

  test('a catalog that lists no columns is at fault', () => {
    const { faults } = resolve({ rest: false });
    expect(faults.map((fault) => fault.path)).toEqual(['catalog/streams/0/stream/json_schema']);
    expect(faults[0]?.message).toContain('set "other_columns" to "drop" instead');
  });

  test.each<Given>([
    { columns: ['k', 'name', 'MRR', 'organization_id', '_AIRBYTE_META', '_ab_cdc_lsn', ''] },
    { columns: ['k', 'plan'], options: { fields: [to('plan', 'traits.plan')] } },
    { columns: ['k', 'plan'], options: { otherColumns: 'drop' } },
    { options: { otherColumns: 'drop' } },
  ])('%j is fine', (given) => {
    const { faults, routes } = resolve({ ...given, rest: false });
    expect(faults).toEqual([]);
    expect(routes[0]?.newTraits).toBeUndefined();
  });
});

describe('with a REST token', () => {
  test.each<Given & { left: string[] }>([
    { columns: ['k', 'plan', 'Name', 'tier'], left: ['plan', 'tier'] },
    { columns: ['k', 'name'], left: [] },
    { columns: undefined, left: [] },
    { columns: ['k', 'plan', 'tier'], options: { fields: [to('tier', 'traits.tier')] }, left: ['plan'] },
    {
      columns: ['externalId', 'traits.plan', 'traits.mrr'],
      mapped: true,
      left: ['traits.plan', 'traits.mrr'],
    },
  ])('columns are held against what Vitally knows: $columns', ({ left, ...given }) => {
    const { faults, routes } = resolve(given);
    expect(faults).toEqual([]);
    expect(routes).toMatchObject([
      { otherColumns: 'reject', newTraits: { columns: left, path: '/streams/0/prevent_new_traits' } },
    ]);
  });

  test.each<Given>([{ options: { otherColumns: 'drop' } }, { options: { preventNewTraits: false } }])(
    'there is nothing to hold against anything: %j',
    (given) => {
      expect(resolve({ ...given, columns: ['k', 'plan'] })).toMatchObject({ faults: [] });
      expect(resolve({ ...given, columns: ['k', 'plan'] }).routes[0]?.newTraits).toBeUndefined();
    },
  );

  test.each<ObjectName>(['meeting', 'nps_response', 'event'])(
    'the traits of a %s are listed nowhere, so that columns are faults at once',
    (object) => {
      const { faults } = resolve({ object, columns: ['k', 'tier'] });
      expect(faults.map(({ path }) => path)).toEqual(['/streams/0/prevent_new_traits']);
    },
  );
});

describe('columns held against known traits', () => {
  const path = '/streams/3/prevent_new_traits';
  const reject = (columns: readonly string[], overrides: Partial<Route> = {}): void =>
    faultNewTraits(routeOf('account', { newTraits: { columns, path }, ...overrides }), KNOWN);

  test.each<{ columns: string[]; route?: Partial<Route> }>([
    { columns: [] },
    { columns: ['plan', 'PLAN', 'SEATS', 'number_of_seats', 'vitally.custom.seats'] },
    {
      columns: ['traits.plan', 'traits.mrr', 'traits.vitally.custom.seats', 'Plan'],
      route: { mapped: true },
    },
  ])('$columns are fine', ({ columns, route }) => {
    expect(() => reject(columns, route)).not.toThrow();
  });

  test.each<{ columns: string[]; route?: Partial<Route>; says: string }>([
    { columns: ['plan', 'tier', 'Seat'], says: 'stream "rows": "tier", "Seat" would become new traits' },
    { columns: ['traits'], says: 'stream "rows": "traits" would' },
    { columns: ['traits.plan'], says: 'stream "rows": "traits.plan" would' },
    {
      columns: ['traits.seats', 'traits.plan'],
      route: { mapped: true },
      says: 'stream "rows": "traits.seats" would',
    },
    {
      columns: ['tier'],
      route: { namespace: 'mart' },
      says: 'stream "rows" of namespace "mart": "tier" would',
    },
  ])('$columns are a fault of the config', ({ columns, route, says }) => {
    const error = configErrorOf(() => reject(columns, route));
    expect(error.faults).toMatchObject([{ path }]);
    expect(error.message).toContain(`${path}: ${says}`);
    expect(error.message).toContain('map them in "fields"');
  });

  test('a route that rules nothing out is fine', () => {
    expect(() => faultNewTraits(routeOf('account'), KNOWN)).not.toThrow();
  });
});

describe('a column that the catalog did not list', () => {
  const rejecting = (row: Record<string, string>, overrides: Partial<Route> = {}) =>
    createRowMapper(routeOf('account', { otherColumns: 'reject', ...overrides }), KNOWN)(
      { externalId: '1', ...row },
      NOTHING_NULLED,
    );

  test.each<{ row: Record<string, string>; route?: Partial<Route>; column: string }>([
    { row: { tier: 'secret' }, column: 'tier' },
    { row: { plan: 'x', traits: '{"plan":"secret"}' }, column: 'traits' },
    { row: { 'traits.tier': 'secret' }, route: { mapped: true }, column: 'traits.tier' },
    { row: { 'traits.seats': 'secret' }, route: { mapped: true }, column: 'traits.seats' },
  ])('$row is rejected', ({ row, route, column }) => {
    const error = expectRejection(() => rejecting(row, route), 'unknown_column', 'secret');
    expect(error.field).toBe(column);
  });

  test('is fine where it is a trait that Vitally knows', () => {
    expect(Object.fromEntries(rejecting({ PLAN: 'x', seats: '5' }).traits)).toEqual({
      plan: 'x',
      'vitally.custom.seats': 5,
    });
    const mapped = rejecting({ 'traits.plan': 'x', 'traits.mrr': '5' }, { mapped: true });
    expect(Object.fromEntries(mapped.traits)).toEqual({ plan: 'x', mrr: 5 });
  });
});
