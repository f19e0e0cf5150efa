import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecordError } from '../../../src/errors/record-error.ts';
import { isJsonObject } from '../../../src/json/guards.ts';
import type { JsonObject } from '../../../src/json/json.ts';
import { parseLossless } from '../../../src/json/parse.ts';
import type { Route, Write } from '../../../src/mapping/route.ts';
import { createRowMapper } from '../../../src/mapping/row-mapper.ts';
import { OBJECTS } from '../../../src/objects/index.ts';
import { NOTHING_NULLED, routeOf } from '../../support/routes.ts';

const names = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '',
    'traits',
    'properties',
    'externalId',
    'EXTERNAL_ID',
    'id',
    'email',
    'Name',
    'name',
    'accountId',
    'account_ids',
    'mrr',
    'traits.mrr',
    'event',
    'timestamp',
    '_airbyte_meta',
  ),
);

/** Rows of any JSON, own `__proto__` members included: built as JSON text. */
const rows = fc.array(fc.tuple(names, fc.json()), { maxLength: 8 }).map((members) => {
  const texts = members.map(([name, json]) => `${JSON.stringify(name)}:${json}`);
  const row = parseLossless(`{"externalId":"k-1",${texts.concat('"last":0').join(',')}}`);
  if (!isJsonObject(row)) throw new Error('a row is an object');
  return row;
});

const routes: fc.Arbitrary<Route> = fc
  .record({
    object: fc.constantFrom(...OBJECTS.map((object) => object.name)),
    otherColumns: fc.constantFrom('traits' as const, 'drop' as const),
    nulls: fc.constantFrom('clear' as const, 'keep' as const),
    mapped: fc.boolean(),
    keyColumns: fc.constantFrom(['externalId'], ['last'], ['externalId', 'last']),
    fields: fc.uniqueArray(
      fc.record({ source: names, destination: fc.constantFrom('name', 'traits.a', 'traits') }),
      {
        selector: (field) => field.destination,
      },
    ),
  })
  .map(({ object, ...options }) => routeOf(object, options));

function mapOrRefuse(route: Route, row: JsonObject, nulled: ReadonlySet<string>): Write | undefined {
  try {
    return createRowMapper(route)(row, nulled);
  } catch (error) {
    if (error instanceof RecordError) return undefined;
    throw error;
  }
}

test('any row is mapped or rejected, with nothing that the row does not hold and nothing polluted', () => {
  const before = Object.getOwnPropertyNames(Object.prototype).join();
  fc.assert(
    fc.property(routes, rows, (route, row) => {
      const text = JSON.stringify(row);
      const write = mapOrRefuse(route, row, NOTHING_NULLED);
      expect(JSON.stringify(row)).toBe(text);
      if (write === undefined) return;
      expect(write.key === undefined || write.key.length <= 1_000).toBe(true);
      for (const field of write.fields.keys()) {
        expect(field === 'externalId' || Object.hasOwn(route.object.fields, field)).toBe(true);
      }
      const known = [route.object.fields, row, ...Object.values(row).map(unwrapped)];
      for (const trait of write.traits.keys()) {
        const isHeld = known.some((holder) => Object.hasOwn(holder, trait));
        const isMapped = route.fields.some(({ destination }) =>
          [trait, `traits.${trait}`].includes(destination),
        );
        expect(isHeld || isMapped || Object.hasOwn(row, `traits.${trait}`)).toBe(true);
      }
      if (route.nulls === 'keep') {
        expect([...write.fields.values(), ...write.traits.values()]).not.toContain(null);
      }
      if (route.otherColumns === 'drop') expect(write.traits.has('last')).toBe(false);
    }),
    { numRuns: 500 },
  );
  expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(before);
});

test('the order of columns changes nothing', () => {
  fc.assert(
    fc.property(routes, rows, (route, row) => {
      const reversed: JsonObject = Object.fromEntries(Object.entries(row).reverse());
      const write = mapOrRefuse(route, row, NOTHING_NULLED);
      const mirrored = mapOrRefuse(route, reversed, NOTHING_NULLED);
      expect(mirrored?.key).toBe(write?.key);
      expect(mirrored?.traits).toEqual(write?.traits);
      expect([...(mirrored?.fields.keys() ?? [])].sort()).toEqual([...(write?.fields.keys() ?? [])].sort());
    }),
  );
});

test('a NULLED column is the same as one that is not there', () => {
  fc.assert(
    fc.property(routes, rows, names, (route, row, name) => {
      const without: JsonObject = Object.fromEntries(
        Object.entries(row).filter(([column]) => column !== name),
      );
      expect(mapOrRefuse(route, row, new Set([name]))).toEqual(mapOrRefuse(route, without, NOTHING_NULLED));
    }),
  );
});

/** What a column may spread: an object, or the object that its JSON text holds. */
function unwrapped(value: unknown): object {
  if (isJsonObject(value)) return value;
  try {
    const parsed = typeof value === 'string' ? parseLossless(value) : null;
    return isJsonObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}
