import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/json/json.ts';
import { NamedColumns, type RowColumns, storedName } from '../../../../src/mapping/columns/named-columns.ts';
import { foldedName } from '../../../../src/mapping/columns/spelling.ts';

const NONE: ReadonlySet<string> = new Set();

function rowOf(data: JsonObject, nulled: ReadonlySet<string> = NONE): RowColumns {
  return { data, nulled };
}

const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,5}$/);
/** A name of several words, and the same words in another spelling. */
const spellings = fc
  .tuple(fc.array(word, { minLength: 1, maxLength: 3 }), fc.constantFrom('_', '-', '.', ' ', ''))
  .chain(([words, sign]) =>
    fc
      .tuple(fc.constantFrom('_', '-', '.', ' ', ''), fc.boolean())
      .map(([other, upper]): [string, string] => {
        const name = words.join(sign);
        const spelt = words.join(other);
        return [name, upper ? spelt.toUpperCase() : spelt.toLowerCase()];
      }),
  )
  .filter(([name, spelt]) => name !== spelt);

describe('a column that a route names and the row spells otherwise', () => {
  test('is found, taken under the name that the route has for it, and not repeated under its own', () => {
    fc.assert(
      fc.property(spellings, fc.jsonValue(), ([name, spelt], value) => {
        const row = rowOf(Object.fromEntries([[spelt, value as string]]));
        expect(new NamedColumns([name]).in(row).data).toEqual({ [name]: value });
      }),
    );
  });

  test('is not guessed: two equal columns, an earlier row with the named one, another word', () => {
    fc.assert(
      fc.property(spellings, ([name, spelt]) => {
        const third = `${spelt}_`;
        const two = rowOf({ [spelt]: 1, [third]: 2 });
        expect(new NamedColumns([name]).in(two)).toBe(two);
        const sparse = new NamedColumns([name]);
        sparse.in(rowOf({ [name]: null }));
        const later = rowOf({ [spelt]: 1 });
        expect(sparse.in(later)).toBe(later);
        const other = rowOf({ [`${spelt}x`]: 1 });
        expect(new NamedColumns([name]).in(other)).toBe(other);
      }),
    );
  });

  test('is only its stored form where the catalog lists the named one', () => {
    fc.assert(
      fc.property(spellings, ([name, spelt]) => {
        const found = new NamedColumns([name], new Set([name])).in(rowOf({ [spelt]: 1 })).data;
        expect(found).toEqual({ [spelt === storedName(name) ? name : spelt]: 1 });
        const own = rowOf({ [storedName(name)]: 1 });
        const bothListed = new NamedColumns([name], new Set([name, storedName(name)]));
        expect(bothListed.in(own).data).toEqual(own.data);
      }),
    );
  });

  test('keeps its unknown value unknown, and its own name where the route names that too', () => {
    const names = new NamedColumns(['Id', 'Plan.Name', 'plan name']);
    const row = names.in(rowOf({ id: 7, 'plan name': null }, new Set(['plan name'])));
    expect(row.data).toEqual({ Id: 7, 'plan name': null, 'Plan.Name': null });
    expect(row.nulled).toEqual(new Set(['plan name', 'Plan.Name']));
  });

  test('a row that has every named column is left as it is', () => {
    const row = rowOf({ Id: 1, id: 2 });
    expect(new NamedColumns(['Id']).in(row)).toBe(row);
  });

  test('names are data', () => {
    const row = rowOf(JSON.parse('{"__PROTO__":1,"":2,"_":3}'));
    expect(Object.entries(new NamedColumns(['__proto__', '', '-']).in(row).data)).toEqual([
      ['__proto__', 1],
      ['', 2],
      ['_', 3],
    ]);
  });

  test.each([
    ['CustomerId', 'customerid'],
    ['first name', 'first_name'],
    ['a.b-c', 'a_b_c'],
  ])('%s is stored as %s', (name, stored) => {
    expect(storedName(name)).toBe(stored);
    expect(foldedName(name)).toBe(foldedName(stored));
  });
});
