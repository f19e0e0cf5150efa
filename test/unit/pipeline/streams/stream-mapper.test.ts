import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/json/json.ts';
import { parseLossless } from '../../../../src/json/parse.ts';
import type { Route } from '../../../../src/mapping/route.ts';
import { StreamMapper } from '../../../../src/pipeline/streams/stream-mapper.ts';
import type { RecordMessage } from '../../../../src/protocol/messages.ts';
import { knownNames, knownTrait } from '../../../support/known-traits.ts';
import { routeOf } from '../../../support/routes.ts';

const SEATS = 'vitally.custom.seats';
const KNOWN = knownNames(knownTrait(SEATS, 'Seats', 'number'));

function recordOf(data: JsonObject, nulled: readonly string[] = []): RecordMessage {
  const stream = { name: 'rows', namespace: undefined };
  return { type: 'RECORD', line: 1, raw: JSON.stringify(data), stream, data, nulled: new Set(nulled) };
}

/** A line, and how often it asked what Vitally knows. */
function lineOf(route: Route): { line: StreamMapper; asked: () => number } {
  let asked = 0;
  const line = new StreamMapper(route, async () => {
    asked++;
    return KNOWN;
  });
  return { line, asked: () => asked };
}

describe('what Vitally knows is asked', () => {
  test.each<{ what: string; route?: Partial<Route>; rows: JsonObject[]; asked: number[] }>([
    {
      what: 'before the first row with a trait, and once',
      rows: [{ name: 'A' }, { seats: 1 }, { seats: 2 }, { tier: 1 }],
      asked: [0, 1, 1, 1],
    },
    { what: 'not for fields', rows: [{ name: 'A', mrr: 5, organization_id: 'o' }], asked: [0] },
    { what: 'for a null that removes a trait', rows: [{ seats: null }], asked: [1] },
    {
      what: 'not for a null that is left out',
      route: { nulls: 'keep' },
      rows: [{ seats: null }],
      asked: [0],
    },
    {
      what: 'not where traits are dropped',
      route: { otherColumns: 'drop' },
      rows: [{ seats: 1 }],
      asked: [0],
    },
    { what: 'not for a delete', route: { mode: 'delete' }, rows: [{ seats: 1 }], asked: [0] },
    { what: 'for members of a traits column', rows: [{ traits: {} }, { traits: { a: 1 } }], asked: [0, 1] },
    {
      what: 'for a constant',
      route: { constants: [{ destination: 'source', value: 'w' }] },
      rows: [{ name: 'A' }],
      asked: [1],
    },
    {
      what: 'at the first row where new traits are ruled out',
      route: { otherColumns: 'reject', newTraits: { columns: ['Seats'], path: '' } },
      rows: [{ name: 'A' }],
      asked: [1],
    },
  ])('$what', async ({ route, rows, asked }) => {
    const given = lineOf(routeOf('account', route));
    const seen: number[] = [];
    for (const row of rows) {
      await given.line.map(recordOf({ externalId: '1', ...row }));
      seen.push(given.asked());
    }
    expect(seen).toEqual(asked);
  });

  test.each(['event', 'meeting', 'nps_response'] as const)('never for a %s', async (object) => {
    const { line, asked } = lineOf(routeOf(object));
    await line.map(recordOf({ externalId: '1', event: 'x', seats: 1 }));
    expect(asked()).toBe(0);
  });

  test('never without a REST token', async () => {
    const line = new StreamMapper(routeOf('account'), undefined);
    const { write } = await line.map(recordOf({ externalId: '1', Seats: '5' }));
    expect(Object.fromEntries(write.traits)).toEqual({ Seats: '5' });
  });

  test('and a failure is the caller’s', async () => {
    const line = new StreamMapper(routeOf('account'), () => Promise.reject(new Error('down')));
    await expect(async () => await line.map(recordOf({ externalId: '1', a: 1 }))).rejects.toThrow('down');
  });
});

describe('a row', () => {
  test('is mapped by what Vitally knows from the first one with traits on', async () => {
    const { line } = lineOf(routeOf('account'));
    for (const seats of ['5', '6']) {
      const { write } = await line.map(recordOf({ externalId: '1', Seats: seats }));
      expect(Object.fromEntries(write.traits)).toEqual({ [SEATS]: Number(seats) });
    }
  });

  test('that is refused has its key where it can be named', async () => {
    const { line } = lineOf(routeOf('account'));
    const refused = await line.map(recordOf({ externalId: 7, mrr: 'x' }));
    expect(refused).toMatchObject({ write: { key: '7' }, error: { code: 'bad_value' } });
    const nameless = await line.map(recordOf({ externalId: null, mrr: 'x' }));
    expect(nameless).toMatchObject({ write: { key: undefined }, error: { code: 'missing_key' } });
  });

  test('with a new trait that is ruled out ends the run', async () => {
    const newTraits = { columns: ['Seats', 'tier'], path: '/streams/0/prevent_new_traits' };
    const { line } = lineOf(routeOf('account', { otherColumns: 'reject', newTraits }));
    await expect(async () => await line.map(recordOf({ externalId: '1', Seats: 5 }))).rejects.toThrow(
      '/streams/0/prevent_new_traits: stream "rows": "tier" would become new traits',
    );
  });
});

test('the route names traits by their paths once they are known', async () => {
  const { line } = lineOf(routeOf('account', { ifEmpty: ['traits.Seats', 'name'] }));
  await line.map(recordOf({ externalId: '1', name: 'A' }));
  expect(line.route.ifEmpty).toEqual(['traits.Seats', 'name']);
  await line.map(recordOf({ externalId: '1', Seats: 5 }));
  expect(line.route.ifEmpty).toEqual(['traits.Seats', `traits.${SEATS}`, 'name']);
});

test('what was changed is counted for rows that are mapped, not for refused ones', async () => {
  const { line } = lineOf(routeOf('account'));
  const rows: JsonObject[] = [
    { mrr: '5' },
    { mrr: 5, Seats: '1' },
    { mrr: '5', Seats: 'many' },
    { mrr: 'x' },
  ];
  for (const row of rows) await line.map(recordOf({ externalId: '1', ...row }));
  expect(line.values.summary()).toEqual({ coerced: { mrr: 1, [`traits.${SEATS}`]: 1 }, stripped: {} });
});

test('a long number of a text trait keeps its digits', async () => {
  const line = new StreamMapper(routeOf('account'), async () =>
    knownNames(knownTrait('code', 'Code', 'text')),
  );
  const { write } = await line.map(
    recordOf({ externalId: '1', CODE: parseLossless('12345678901234567890') }),
  );
  expect(Object.fromEntries(write.traits)).toEqual({ code: '12345678901234567890' });
});

test('a row of more than 10,000 columns is rejected with its key before they are mapped', async () => {
  const columns = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`c${at}`, 1]));
  const { line, asked } = lineOf(routeOf('account'));
  expect(await line.map(recordOf({ externalId: '1', ...columns(9_999) }))).not.toHaveProperty('error');
  expect(asked()).toBe(1);
  const { write, error } = await line.map(recordOf({ externalId: '1', ...columns(10_000) }));
  expect(error).toMatchObject({
    code: 'too_large',
    message: 'the row has 10001 columns; the limit is 10000',
  });
  expect(write).toMatchObject({ key: '1', traits: new Map() });
});
