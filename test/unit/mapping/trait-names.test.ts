import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTraitNames, type TraitNames, withTraitPaths } from '../../../src/mapping/trait-names.ts';
import { folded } from '../../../src/objects/index.ts';
import { knownTrait } from '../../support/known-traits.ts';
import { routeOf } from '../../support/routes.ts';
import { to } from '../../support/rows.ts';

const TRAITS = [
  knownTrait('vitally.custom.seatCount', 'Number of seats'),
  knownTrait('plan_type', 'Plan'),
  knownTrait('plan', 'Old plan'),
  knownTrait('hspot.owner', 'Owner'),
  knownTrait('vitally.custom.region', 'Region'),
  knownTrait('region_code', 'region'),
  knownTrait('mrr', 'Monthly revenue'),
  knownTrait('bare', ''),
];

function namesOf(): { names: TraitNames; ambiguous: [string, readonly string[]][] } {
  const ambiguous: [string, readonly string[]][] = [];
  const names = createTraitNames(TRAITS, (name, paths) => ambiguous.push([name, paths]));
  return { names, ambiguous };
}

describe('a column', () => {
  test.each([
    ['vitally.custom.seatCount', 'vitally.custom.seatCount'],
    ['VITALLY.CUSTOM.SEAT_COUNT', 'vitally.custom.seatCount'],
    ['Number of seats', 'vitally.custom.seatCount'],
    ['NUMBER_OF_SEATS', 'vitally.custom.seatCount'],
    ['seat_count', 'vitally.custom.seatCount'],
    ['plan-type', 'plan_type'],
    ['hspot.owner', 'hspot.owner'],
    ['owner', 'hspot.owner'],
    ['Bare', 'bare'],
    // Exactly its path goes before the label of another.
    ['plan', 'plan'],
    ['region_code', 'region_code'],
    ['seats', undefined],
    ['custom.seatCount', undefined],
    ['', undefined],
    ['constructor', undefined],
    ['__proto__', undefined],
  ])('%j means %j', (column, path) => {
    const { names, ambiguous } = namesOf();
    expect(names.named(column)?.path).toBe(path);
    expect(ambiguous).toEqual([]);
  });

  test.each([
    ['PLAN', ['plan_type', 'plan']],
    ['Region', ['vitally.custom.region', 'region_code']],
    ['region', ['vitally.custom.region', 'region_code']],
  ])('%j could mean several and means none; that is told once', (column, paths) => {
    const { names, ambiguous } = namesOf();
    expect(names.named(column)).toBeUndefined();
    expect(names.named(column.toUpperCase())).toBeUndefined();
    expect(ambiguous).toEqual([[column, paths]]);
  });

  test('by its path alone means that path and no label', () => {
    const { names } = namesOf();
    expect(names.at('plan')?.label).toBe('Old plan');
    for (const name of ['Plan', 'Number of seats', 'seatCount', 'toString'])
      expect(names.at(name)).toBeUndefined();
  });
});

test('whatever the traits, a name means the trait of that path, or the only one that it is folded alike to', () => {
  const words = fc.constantFrom('a', 'A', 'b', 'a_b', 'A b', 'vitally.custom.a', 'vitally.custom.aB', '');
  fc.assert(
    fc.property(fc.array(fc.tuple(words, words)), words, (pairs, name) => {
      const traits = [...new Map(pairs.map(([path, label]) => [path, knownTrait(path, label)])).values()];
      const found = createTraitNames(traits, () => {}).named(name);
      const exact = traits.find(({ path }) => path === name);
      const alike = traits.filter(({ path, label }) =>
        [path, label, path.replace(/^vitally\.custom\./, '')].some(
          (own) => own !== '' && folded(own) === folded(name),
        ),
      );
      expect(found).toBe(exact ?? (alike.length === 1 ? alike[0] : undefined));
    }),
  );
});

describe('what config names', () => {
  test.each([
    ['Number of seats', 'traits.vitally.custom.seatCount'],
    ['seat_count', 'traits.vitally.custom.seatCount'],
    ['plan', 'traits.plan'],
    // Said with `traits.` in front, it is exactly that trait.
    ['traits.Number of seats', 'traits.Number of seats'],
    ['traits.plan', 'traits.plan'],
    // A field goes before a label, and what nobody knows stays.
    ['name', 'name'],
    ['mrr', 'mrr'],
    ['Name', 'Name'],
    ['new', 'new'],
    ['Region', 'Region'],
    ['Monthly revenue', 'traits.mrr'],
  ])('as destination %j goes to %j', (destination, resolved) => {
    const route = routeOf('account', {
      fields: [to('column', destination)],
      constants: [{ destination, value: 1 }],
    });
    expect(withTraitPaths(route, namesOf().names)).toMatchObject({
      fields: [{ source: 'column', destination: resolved }],
      constants: [{ destination: resolved, value: 1 }],
    });
  });

  test.each([
    ['traits.seatCount', ['traits.seatCount', 'traits.vitally.custom.seatCount']],
    ['traits.Number of seats', ['traits.Number of seats', 'traits.vitally.custom.seatCount']],
    ['traits.vitally.custom.seatCount', ['traits.vitally.custom.seatCount']],
    ['traits.new', ['traits.new']],
    ['traits.mrr', ['traits.mrr']],
    ['name', ['name']],
  ])('as if_empty %j is held to where the column may go: %j', (given, resolved) => {
    const route = routeOf('account', { ifEmpty: [given] });
    expect(withTraitPaths(route, namesOf().names).ifEmpty).toEqual(resolved);
  });
});
