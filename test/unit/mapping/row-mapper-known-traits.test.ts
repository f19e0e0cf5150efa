import { describe, expect, test } from 'vitest';
import { isJsonObject } from '../../../src/json/guards.ts';
import type { JsonObject } from '../../../src/json/json.ts';
import { parseLossless } from '../../../src/json/parse.ts';
import type { Route, Write } from '../../../src/mapping/route.ts';
import { createRowMapper } from '../../../src/mapping/row-mapper.ts';
import type { ObjectName } from '../../../src/objects/object.ts';
import { knownNames, knownTrait } from '../../support/known-traits.ts';
import { expectRejection, NOTHING_NULLED, routeOf } from '../../support/routes.ts';
import { to } from '../../support/rows.ts';

const SEATS = 'vitally.custom.seats';
const KNOWN = knownNames(
  knownTrait(SEATS, 'Number of seats', 'number'),
  knownTrait('plan', 'Plan', 'select', [{ label: 'Pro', value: 'p1' }]),
  knownTrait('mrr', 'Monthly revenue', 'text'),
  knownTrait('since', 'Customer since', 'date'),
);

interface Case {
  readonly what: string;
  readonly object?: ObjectName;
  readonly route?: Partial<Route>;
  readonly row: string;
}

function rowOf(json: string): JsonObject {
  const row = parseLossless(json);
  if (!isJsonObject(row)) throw new Error('a row is an object');
  return row;
}

function map({ object = 'account', route = {}, row }: Case): Write {
  return createRowMapper(routeOf(object, route), KNOWN)(rowOf(row), NOTHING_NULLED);
}

describe('columns of known traits', () => {
  test.each<Case & { traits: Record<string, unknown>; coerced?: string[] }>([
    {
      what: 'find their path by label, spelling or own name, and the type',
      row: '{"externalId":"1","NUMBER_OF_SEATS":"5","Plan":"pro","Customer Since":"2026-01-31"}',
      traits: { [SEATS]: 5, plan: 'p1', since: '2026-01-31' },
      coerced: [`traits.${SEATS}`, 'traits.plan'],
    },
    {
      what: 'stay as they are where nothing is to be brought into form',
      row: `{"externalId":"1","${SEATS}":5,"plan":"p1"}`,
      traits: { [SEATS]: 5, plan: 'p1' },
    },
    {
      what: 'leave those alone that nobody knows',
      row: '{"externalId":"1","tier":"5","SEATS":null}',
      traits: { tier: '5', [SEATS]: null },
    },
    {
      what: 'keep what is there, where nulls are kept',
      route: { nulls: 'keep' },
      row: '{"externalId":"1","seats":null}',
      traits: {},
    },
    {
      what: 'are a standard field where their path is',
      row: '{"externalId":"1","Monthly revenue":"12.5"}',
      traits: { mrr: 12.5 },
      coerced: ['mrr'],
    },
    {
      what: 'that lost their field are looked up too',
      row: '{"externalId":"1","mrr":1,"MRR":"9"}',
      traits: { mrr: 1, MRR: '9' },
    },
    {
      what: 'are dropped where others are',
      route: { otherColumns: 'drop' },
      row: '{"externalId":"1","seats":"5"}',
      traits: {},
    },
    {
      what: 'named by config with their label go to their path',
      route: { fields: [to('n', 'Number of seats')], constants: [{ destination: 'Plan', value: 'p1' }] },
      row: '{"externalId":"1","n":"5","plan":"x"}',
      traits: { [SEATS]: 5, plan: 'p1' },
      coerced: [`traits.${SEATS}`],
    },
    {
      what: 'said to be a trait of exactly that name are it',
      route: { fields: [to('n', 'traits.Number of seats')] },
      row: '{"externalId":"1","n":"5"}',
      traits: { 'Number of seats': '5' },
    },
    {
      what: 'in a traits column are traits of exactly that name, and typed',
      row: `{"externalId":"1","traits":{"seats":"5","${SEATS}":"6"}}`,
      traits: { seats: '5', [SEATS]: 6 },
      coerced: [`traits.${SEATS}`],
    },
    {
      what: 'of a mapped stream are traits of exactly that name, and typed',
      route: { mapped: true },
      row: `{"externalId":"1","traits.seats":"5","traits.${SEATS}":"6"}`,
      traits: { seats: '5', [SEATS]: 6 },
      coerced: [`traits.${SEATS}`],
    },
  ])('$what', ({ traits, coerced, ...given }) => {
    const write = map(given);
    expect(Object.fromEntries(write.traits)).toEqual(traits);
    expect(write.coerced).toEqual(coerced);
  });

  test.each<Case & { names: string[] }>([
    {
      what: 'a label and a path',
      row: `{"externalId":1,"Number of seats":1,"${SEATS}":2}`,
      names: ['Number of seats', SEATS],
    },
    { what: 'two spellings', row: '{"externalId":1,"seats":1,"Seats":null}', names: ['seats', 'Seats'] },
    {
      what: 'a column and a member of traits',
      row: '{"externalId":1,"Plan":"Pro","traits":{"plan":"Pro"}}',
      names: ['Plan', 'traits'],
    },
    {
      what: 'two destinations of config',
      route: { fields: [to('a', 'seats'), to('b', `traits.${SEATS}`)] },
      row: '{"externalId":1,"a":1,"b":2}',
      names: ['a', 'b'],
    },
  ])('$what of one trait are ambiguous', ({ names, ...given }) => {
    const error = expectRejection(() => map(given), 'ambiguous_column');
    for (const name of names) expect(error.message).toContain(JSON.stringify(name));
  });

  test('a value that does not fit rejects the row', () => {
    const error = expectRejection(
      () => map({ what: '', row: '{"externalId":"1","Number of seats":"secret"}' }),
      'bad_value',
      'secret',
    );
    expect(error.message).toBe(
      `column "Number of seats" (for "${SEATS}"): a number was wanted, but it is a text of another form`,
    );
  });
});

describe('what was brought into another form', () => {
  test.each<Case & { coerced: string[] | undefined }>([
    {
      what: 'numbers, dates, lists and ids of an account',
      row: '{"externalId":"1","name":"A","organizationId":7,"mrr":"5","trialEndDate":"2026-01-31"}',
      coerced: ['organizationId', 'mrr', 'trialEndDate'],
    },
    {
      what: 'nothing where all is as wanted',
      row: '{"externalId":"1","name":"A","organizationId":"o","mrr":5,"trialEndDate":"2026-01-31T00:00:00Z"}',
      coerced: undefined,
    },
    {
      what: 'one value made a list',
      object: 'user',
      row: '{"externalId":"1","accountId":"a","organizationIds":["o"]}',
      coerced: ['accountIds'],
    },
    {
      what: 'not a null, nor what is left out',
      row: '{"externalId":"1","mrr":null,"name":null}',
      coerced: undefined,
    },
  ])('is named: $what', ({ coerced, ...given }) => {
    expect(map(given).coerced).toEqual(coerced);
  });

  test('HTML counts as stripped, not as coerced', () => {
    const row = '{"externalId":"1","note":"<p>a</p><script>x</script>","noteDate":"2026-01-31T00:00:00Z"}';
    expect(map({ what: '', object: 'note', row })).toMatchObject({ stripped: ['note'] });
    expect(map({ what: '', object: 'note', row }).coerced).toBeUndefined();
  });
});

describe('the derived key of a row without one', () => {
  const route = routeOf('note', { mode: 'append', keyColumns: [], fields: [to('n', 'Number of seats')] });
  const row = rowOf('{"note":"a","noteDate":"2026-01-31","accountId":"a","n":"5","Plan":"pro","tier":1}');

  test('is the same whether Vitally knows the traits or not', () => {
    const before = createRowMapper(route)(row, NOTHING_NULLED);
    const after = createRowMapper(route, KNOWN)(row, NOTHING_NULLED);
    expect(after.key).toBe(before.key);
    expect(Object.fromEntries(before.traits)).toEqual({ 'Number of seats': '5', Plan: 'pro', tier: 1 });
    expect(Object.fromEntries(after.traits)).toEqual({ [SEATS]: 5, plan: 'p1', tier: 1 });
  });

  test('is another for another row', () => {
    const map = createRowMapper(route, KNOWN);
    expect(map(row, NOTHING_NULLED).key).not.toBe(map({ ...row, n: 5 }, NOTHING_NULLED).key);
  });

  test('is there where new traits are ruled out', () => {
    const rejecting = createRowMapper({ ...route, otherColumns: 'reject' }, KNOWN);
    const { tier: _tier, ...known } = row;
    expect(rejecting(known, NOTHING_NULLED).key).toBe(createRowMapper(route)(known, NOTHING_NULLED).key);
  });
});
