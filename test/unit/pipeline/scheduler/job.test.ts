import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../../src/json/json.ts';
import { canMerge, combinationOf, mergeWrites } from '../../../../src/mapping/merge-writes.ts';
import type { Route, Write } from '../../../../src/mapping/route.ts';
import { OBJECTS } from '../../../../src/objects/index.ts';
import { canCoalesce, coalesce } from '../../../../src/pipeline/scheduler/job.ts';
import { jobOf, laneKeyOf, linesOf } from '../../../support/jobs.ts';
import { routeOf } from '../../../support/routes.ts';
import { writeOf } from '../../../support/workspace.ts';

describe('folding', () => {
  test('joins the rows in order and leaves one write', () => {
    const route = routeOf('account');
    const earlier = jobOf(route, 'a', 1, writeOf('a', { name: 'One' }, { plan: 'x', tier: 1 }));
    coalesce(earlier, jobOf(route, 'a', 2, writeOf('a', { name: 'Two' }, { plan: null })));
    expect(linesOf(earlier)).toEqual([1, 2]);
    expect(earlier.write).toEqual(writeOf('a', { name: 'Two' }, { plan: null, tier: 1 }));
  });

  const route = routeOf('account');
  test.each([
    { what: 'rows of one route', later: route, sealed: false, can: true },
    { what: 'a job whose content is on its way', later: route, sealed: true, can: false },
    {
      what: 'rows of another stream',
      later: routeOf('account', { stream: 'other' }),
      sealed: false,
      can: false,
    },
  ])('$what: $can', ({ later, sealed, can }) => {
    const earlier = { ...jobOf(route, 'a', 1), sealed };
    expect(canCoalesce(earlier, jobOf(later, 'a', 2))).toBe(can);
  });

  test('append: the first row of a key counts, so nothing is folded', () => {
    const append = routeOf('account', { mode: 'append' });
    expect(canCoalesce(jobOf(append, 'a', 1), jobOf(append, 'a', 2))).toBe(false);
  });
});

test.each<{ relations: Route['relations']; accountIds: string[] }>([
  { relations: 'add', accountIds: ['a', 'b', 'c'] },
  { relations: 'replace', accountIds: ['b', 'c'] },
])('relations $relations: a user’s accounts are $accountIds', ({ relations, accountIds }) => {
  const route = routeOf('user', { relations });
  const merged = mergeWrites(
    route,
    writeOf('u', { accountIds: ['a', 'b'], organizationIds: ['o'] }),
    writeOf('u', { accountIds: ['b', 'c'] }),
  );
  expect(Object.fromEntries(merged.fields)).toEqual({ accountIds, organizationIds: ['o'] });
});

test.each([
  { one: 'a 1', other: 'a 1', same: true },
  { one: 'a 1', other: 'A 1', same: false },
])('lane keys of $one and $other: $same', ({ one, other, same }) => {
  expect(laneKeyOf(routeOf('account'), writeOf(one)) === laneKeyOf(routeOf('account'), writeOf(other))).toBe(
    same,
  );
});

test('objects and key spaces have lanes of their own; routes and streams share them', () => {
  const lanes = [
    laneKeyOf(routeOf('account'), writeOf('1')),
    laneKeyOf(routeOf('user'), writeOf('1')),
    laneKeyOf(routeOf('user', { matchOn: 'id' }), writeOf('1')),
    laneKeyOf(routeOf('user', { matchOn: 'email' }), writeOf('1')),
  ];
  expect(new Set(lanes).size).toBe(4);
  expect(laneKeyOf(routeOf('account', { stream: 'x', mode: 'delete' }), writeOf('1'))).toBe(lanes[0]);
});

/** A record as Vitally keeps it: a null removes, relations are added or replaced, `if_empty` writes into gaps only. */
class Model {
  readonly held = new Map<string, JsonValue>();
  readonly #route: Route;

  constructor(route: Route, write?: Write) {
    this.#route = route;
    if (write !== undefined) this.apply(write);
  }

  apply(write: Write): this {
    for (const [name, value] of write.fields) this.#put(name, value);
    for (const [name, value] of write.traits) this.#put(`traits.${name}`, value);
    return this;
  }

  #put(name: string, value: JsonValue): void {
    const before = this.held.get(name);
    const isHeld = before !== undefined && before !== '';
    if (isHeld && (name === 'externalId' || this.#route.ifEmpty.includes(name))) return;
    if (value === null) this.held.delete(name);
    else if (Array.isArray(value) && Array.isArray(before) && this.#route.relations === 'add')
      this.held.set(name, [...new Set([...before, ...value])]);
    else this.held.set(name, Array.isArray(value) ? [...new Set(value)] : value);
  }
}

const scalar = fc.oneof(fc.constantFrom<JsonValue>('x', 'y', '', null), fc.integer({ max: 3, min: 0 }));
const ids = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 });
const write: fc.Arbitrary<Write> = fc
  .record({
    fields: fc.record(
      {
        name: scalar,
        email: scalar,
        externalId: fc.constantFrom('e-1', 'e-2'),
        accountIds: ids,
        organizationIds: ids,
      },
      { requiredKeys: [] },
    ),
    traits: fc.record({ plan: scalar, tier: scalar, name: scalar }, { requiredKeys: [] }),
  })
  .map(({ fields, traits }) => writeOf('u', fields, traits));
const route = fc
  .record({
    relations: fc.constantFrom<Route['relations']>('add', 'replace'),
    ifEmpty: fc.subarray(['name', 'traits.plan', 'traits.name']),
  })
  .map((overrides) => routeOf('user', { matchOn: 'email', ...overrides }));

test('one merged write leaves a record as the two would one after the other', () => {
  fc.assert(
    fc.property(route, fc.option(write, { nil: undefined }), write, write, (on, before, first, second) => {
      const oneByOne = new Model(on, before).apply(first).apply(second);
      const merged = new Model(on, before).apply(mergeWrites(on, first, second));
      expect(merged.held).toEqual(oneByOne.held);
    }),
    { numRuns: 2_000 },
  );
});

test('merging is the same whichever two of three rows are merged first', () => {
  fc.assert(
    fc.property(route, write, write, write, (on, a, b, c) => {
      const left = mergeWrites(on, mergeWrites(on, a, b), c);
      const right = mergeWrites(on, a, mergeWrites(on, b, c));
      expect(new Model(on, left).held).toEqual(new Model(on, right).held);
    }),
  );
});

const LISTS = OBJECTS.flatMap((object) =>
  Object.keys(object.fields).map((field) => ({ object: object.name, field })),
).filter(({ object, field }) =>
  (['add', 'replace'] as const).some((relations) =>
    ['set', 'list', 'unless empty'].includes(combinationOf(routeOf(object, { relations }), field)),
  ),
);

describe.each(['add', 'replace'] as const)('relations %s: a list that one row empties', (relations) => {
  test.each(LISTS)('stays emptied by a later empty list: $field of $object', ({ object, field }) => {
    const on = routeOf(object, { relations });
    if (combinationOf(on, field) === 'last') return;
    const merged = mergeWrites(on, writeOf('x', { [field]: null }), writeOf('x', { [field]: [] }));
    expect(merged.fields.get(field)).toBeNull();
  });

  test.each(LISTS)('is not joined with what a later row adds: $field of $object', ({ object, field }) => {
    const on = routeOf(object, { relations, mode: 'update' });
    if (!['set', 'list'].includes(combinationOf(on, field))) return;
    expect(canMerge(on, writeOf('x', { [field]: null }), writeOf('x', { [field]: ['a'] }))).toBe(false);
  });
});

const FIELDS = OBJECTS.filter(({ modes, rest }) => modes.includes('upsert') && rest !== undefined).flatMap(
  (object) => Object.keys(object.fields).map((field) => ({ object: object.name, field })),
);

describe('if_empty: a record that the earlier row makes may have a default that the later row must find', () => {
  test.each(FIELDS)('$field of $object is left to a write of its own', ({ object, field }) => {
    const on = routeOf(object, { ifEmpty: [field] });
    const made = Object.fromEntries(on.object.requiredToCreate.flat().map((name) => [name, ['a']]));
    for (const empty of [undefined, null, '']) {
      const { [field]: _, ...others } = made;
      const earlier = writeOf('x', empty === undefined ? others : { ...others, [field]: empty });
      expect(canMerge(on, earlier, writeOf('x', { [field]: ['b'] }))).toBe(false);
    }
  });

  test('rows of update find the record as it is, so they fold', () => {
    const on = routeOf('user', { mode: 'update', ifEmpty: ['name'] });
    expect(canMerge(on, writeOf('x', {}), writeOf('x', { name: 'N' }))).toBe(true);
  });

  test('what the earlier row fills is filled for the later one', () => {
    const on = routeOf('user', { ifEmpty: ['name'] });
    const earlier = writeOf('x', { accountIds: ['a'], name: 'N' });
    expect(canMerge(on, earlier, writeOf('x', { name: 'M' }))).toBe(true);
  });
});
