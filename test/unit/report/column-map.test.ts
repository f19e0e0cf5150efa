import { describe, expect, test } from 'vitest';
import type { Route } from '../../../src/mapping/route.ts';
import { createTraitNames } from '../../../src/mapping/trait-names.ts';
import { absentColumns, columnMap, dependsOnTraits } from '../../../src/report/column-map.ts';
import { routeOf } from '../../support/routes.ts';
import { computed, to } from '../../support/rows.ts';

const SEATS = 'vitally.custom.seats';
const KNOWN = createTraitNames(
  [
    { path: SEATS, label: 'Seats', type: 'number', options: [] },
    { path: 'owner', label: 'Owner', type: 'unknown', options: [] },
  ],
  () => {},
);

function accountOf(overrides: Partial<Route>): Route {
  return routeOf('account', { keyColumns: ['id'], ...overrides });
}

const listing = (...columns: string[]) => ({ listedColumns: new Set(columns) });

describe('where the columns of a stream go', () => {
  test('is one line: key, field, known trait with its type, new trait, dropped, excluded, template, constant', () => {
    const route = accountOf({
      ...listing('id', 'name', 'mrr', 'seats', 'owner', 'tier', 'ssn', '_airbyte_raw_id', 'traits'),
      exclude: ['SSN'],
      fields: [computed('{{ tier | upcase }}', 'traits.segment'), to('label', 'organizationId')],
      constants: [{ destination: 'source', value: 'x' }],
    });
    expect(columnMap(route, KNOWN)).toBe(
      'columns of stream rows (account, upsert): a template of "tier" → new trait segment, "id" → key (externalId), ' +
        '"tier" → new trait tier, "label" → organizationId, "name" → name, "mrr" → mrr, ' +
        `"seats" → trait ${SEATS} (known, number), "owner" → trait owner (known), "ssn" → excluded, ` +
        '"_airbyte_raw_id" → dropped, "traits" → traits, one by one, a constant → new trait source',
    );
  });

  test('says of traits neither known nor new where Vitally cannot be asked', () => {
    expect(columnMap(accountOf(listing('id', 'seats')))).toContain('"seats" → trait seats');
  });

  test('of an event are properties', () => {
    expect(columnMap(routeOf('event', listing('plan')))).toContain('"plan" → property plan');
  });

  test.each<{ route: Partial<Route>; says: string }>([
    { route: { otherColumns: 'drop', ...listing('x') }, says: '"x" → dropped' },
    { route: { otherColumns: 'reject', ...listing('x') }, says: '"x" → rejected' },
    { route: { mode: 'delete', ...listing('name') }, says: '"name" → not needed' },
    { route: {}, says: '; other columns go to fields and traits by their names' },
    { route: { fields: [computed('always', 'name')] }, says: 'a template of no column → name' },
    { route: listing(...Array.from({ length: 400 }, (_, n) => `c${n}`)), says: ', 101 more' },
  ])('$route: $says', ({ route, says }) => {
    expect(columnMap(accountOf(route), KNOWN)).toContain(says);
  });
});

test.each<{ route: Partial<Route>; asks: boolean }>([
  { route: listing('id', 'name', 'mrr'), asks: false },
  { route: listing('id', 'tier'), asks: true },
  { route: { fields: [to('x', 'traits.tier')] }, asks: true },
  { route: { fields: [computed('{{ x }}', 'tier')] }, asks: true },
  { route: { constants: [{ destination: 'tier', value: 1 }] }, asks: true },
  { route: { otherColumns: 'reject' }, asks: true },
  { route: { ...listing('id', 'tier'), mode: 'delete' }, asks: false },
  { route: {}, asks: false },
])('what Vitally knows of traits matters to $route: $asks', ({ route, asks }) => {
  expect(dependsOnTraits(accountOf(route))).toBe(asks);
});

test('mapped columns that no row had are told where there were rows', () => {
  const route = accountOf({});
  expect(absentColumns(route, ['a', 'b'], 5)).toEqual([
    'stream rows: no row had the mapped columns "a", "b"; check the spelling in the config.',
  ]);
  expect(absentColumns(route, ['a'], 0)).toEqual([]);
  expect(absentColumns(route, [], 5)).toEqual([]);
});
