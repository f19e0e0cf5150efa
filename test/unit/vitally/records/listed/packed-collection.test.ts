import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../../../src/json/json.ts';
import type { CanonicalValue, ListedName } from '../../../../../src/vitally/records/listed/packed.ts';
import { PackedCollection } from '../../../../../src/vitally/records/listed/packed-collection.ts';

const MEBIBYTE = 2 ** 20;

function storeOf(bound: { records?: number; bytes?: number } = {}): PackedCollection {
  return new PackedCollection(valuesOf, { records: 1_000_000, bytes: 512 * MEBIBYTE, ...bound }, [17, 4]);
}

function valuesOf(record: JsonObject): CanonicalValue[] {
  return Object.entries(record.traits ?? {}).map(([name, value]) => [name, String(value)]);
}

function moment(second: number): string {
  return new Date(second * 1000).toISOString();
}

const ada = {
  id: '0b7a9c1e-0000-4000-8000-00000000000a',
  externalId: 'ada-ä',
  email: ' Ada@Acme.example',
  updatedAt: '2026-01-01T00:00:00.000250Z',
  archivedAt: null,
  traits: { plan: 'pro', seats: 5 },
};

describe('a record that a list showed', () => {
  test.each<[ListedName, string]>([
    ['id', ada.id],
    ['externalId', 'ada-ä'],
    ['email', 'ada@acme.EXAMPLE '],
  ])('is found by its %s', (by, name) => {
    const store = storeOf();
    expect(store.put(ada)).toBe(true);
    expect(store.get(by, name)).toMatchObject({
      id: ada.id,
      externalId: 'ada-ä',
      updatedAt: Date.UTC(2026, 0) + 0.25,
      archived: false,
    });
  });

  test.each<[string, string | undefined, boolean]>([
    ['plan', 'pro', true],
    ['plan', 'free', false],
    ['plan', undefined, false],
    ['seats', 'pro', false],
    ['other', undefined, true],
    ['other', 'pro', false],
  ])('holds in %s %s: %s', (name, text, holds) => {
    const store = storeOf();
    store.put(ada);
    store.put({ id: 'another', traits: { other: 'x' } });
    expect(held(store, ada.id, name, text)).toBe(holds);
  });

  test('is unsure by a name that two have, and told apart by their ids', () => {
    const store = storeOf();
    store.put(ada);
    store.put({ ...ada, id: 'b', externalId: 'b' });
    expect(store.get('email', 'ada@acme.example')).toBe('unsure');
    expect(store.get('id', 'b')).toMatchObject({ externalId: 'b' });
  });

  test('is found by its new name alone once it is renamed', () => {
    const store = storeOf();
    store.put(ada);
    store.put({ ...ada, externalId: 'new' });
    expect(store.get('externalId', 'ada-ä')).toBeUndefined();
    expect(store.get('externalId', 'new')).toMatchObject({ id: ada.id });
  });

  test('keeps what a newer page showed, whatever page comes last', () => {
    const store = storeOf();
    store.put({ ...ada, updatedAt: moment(2), traits: { plan: 'new' } });
    store.put({ ...ada, updatedAt: moment(1), traits: { plan: 'old' } });
    expect(held(store, ada.id, 'plan', 'new')).toBe(true);
  });

  test('of which a microsecond is newer counts as newer', () => {
    const store = storeOf();
    store.put({ ...ada, updatedAt: '2026-01-01T00:00:00.000002Z', traits: { plan: 'new' } });
    store.put({ ...ada, updatedAt: '2026-01-01T00:00:00.000001Z', traits: { plan: 'old' } });
    expect(held(store, ada.id, 'plan', 'new')).toBe(true);
  });

  test('has no values where it has more than are kept: its names are known all the same', () => {
    const store = storeOf();
    const traits = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`t${index}`, index]));
    store.put({ ...ada, traits });
    expect(store.get('id', ada.id)).toMatchObject({ externalId: 'ada-ä' });
    expect(held(store, ada.id, 't1', '1')).toBeUndefined();
  });

  test.each([{ id: 5 }, {}, { id: 'half a pair \ud800' }, { id: 'x'.repeat(5_000) }])(
    'is left out where its id is %j',
    (record) => {
      const store = storeOf();
      expect(store.put(record)).toBe(true);
      expect(store.size).toBe(0);
    },
  );
});

describe('a record that this run wrote', () => {
  test.each([{ id: ada.id }, { externalId: 'ada-ä' }, { email: 'ADA@acme.example' }])(
    'does not answer by any name once it is deleted by %j',
    (names) => {
      const store = storeOf();
      store.put(ada);
      store.delete(names);
      expect(store.get('id', ada.id)).toBe('unsure');
      expect(store.get('externalId', 'ada-ä')).toBe('unsure');
      expect(store.get('email', ada.email)).toBe('unsure');
    },
  );

  test('tells nothing over a finding from before', () => {
    const store = storeOf();
    store.put(ada);
    const before = store.get('id', ada.id);
    store.delete({ id: ada.id });
    expect(typeof before === 'object' ? before.holds('plan', 'pro') : 'no record').toBeUndefined();
  });

  test.each<[string, string | undefined, boolean]>([
    ['older', moment(1), false],
    ['as old', moment(2), false],
    ['newer', moment(3), true],
    ['undated', undefined, false],
  ])('answers again after a page that is %s: %s', (_, updatedAt, answers) => {
    const store = storeOf();
    store.put({ ...ada, updatedAt: moment(2) });
    store.delete({ id: ada.id });
    const { updatedAt: _date, ...undated } = ada;
    store.put(updatedAt === undefined ? undated : { ...ada, updatedAt });
    expect(store.get('id', ada.id) !== 'unsure').toBe(answers);
  });
});

describe('bounds', () => {
  test('no more records than it may keep: what it has still answers and is brought up to date', () => {
    const store = storeOf({ records: 2 });
    expect(['a', 'b', 'c'].map((id) => store.put({ id, updatedAt: moment(1) }))).toEqual([true, true, false]);
    expect(store.put({ id: 'a', updatedAt: moment(2), traits: { plan: 'new' } })).toBe(true);
    expect(held(store, 'a', 'plan', 'new')).toBe(true);
    expect(store.get('id', 'c')).toBeUndefined();
  });

  test('no more bytes than it may take: a record that changed since does not answer with what it was', () => {
    const store = storeOf({ bytes: MEBIBYTE });
    let kept = 0;
    while (store.put({ id: `r${kept}`, updatedAt: moment(1), traits: { name: kept } })) kept++;
    expect(kept).toBeGreaterThan(10_000);
    expect(store.get('id', 'r5')).toMatchObject({ id: 'r5' });
    const traits = { name: 'x', more: 1, and: 2, yet: 3, another: 4, one: 5 };
    expect(store.put({ id: 'r5', updatedAt: moment(2), traits })).toBe(false);
    expect(store.get('id', 'r5')).toBe('unsure');
  });

  test('a hundred thousand records in less than 400 bytes each; those replaced give their room back', () => {
    const store = storeOf();
    const names = Array.from({ length: 20 }, (_, index) => `trait${index}`);
    for (const second of [1, 2])
      for (let number = 0; number < 100_000; number++) {
        const traits = Object.fromEntries(names.map((name) => [name, number]));
        store.put({ id: `id${number}`, externalId: `e${number}`, updatedAt: moment(second), traits });
      }
    expect(store.size).toBe(100_000);
    expect(store.bytes / store.size).toBeLessThan(400);
    expect(held(store, 'id99999', 'trait7', '99999')).toBe(true);
    expect(store.get('externalId', 'e50000')).toMatchObject({ id: 'id50000' });
  });
});

test('a name that very many records share is unsure for good, and costs each of them no search through all', () => {
  const store = storeOf();
  for (let number = 0; number < 50_000; number++)
    store.put({ id: `r${number}`, email: 'shared@acme.example', updatedAt: moment(1) });
  expect(store.get('email', 'shared@acme.example')).toBe('unsure');
  for (let number = 1; number < 50_000; number++)
    store.put({ id: `r${number}`, email: `own${number}@acme.example`, updatedAt: moment(2) });
  expect(store.get('email', 'shared@acme.example')).toBe('unsure');
  expect(store.get('email', 'own49999@acme.example')).toMatchObject({ id: 'r49999' });
});

test('more names of fields than are kept: the records have no values, and their names are known', () => {
  const store = storeOf();
  for (let number = 0; number < 10; number++) {
    const traits = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, index) => [`${number} ${index}`, 1]),
    );
    store.put({ id: `r${number}`, traits });
  }
  expect(held(store, 'r0', '0 9999', '1')).toBe(true);
  expect(store.get('id', 'r9')).toMatchObject({ id: 'r9', hasValues: false });
  expect(held(store, 'r9', '9 9999', undefined)).toBeUndefined();
});

interface Entry {
  readonly id: string;
  readonly externalId: string | undefined;
  readonly email: string | undefined;
  readonly second: number;
  readonly traits: Readonly<Record<string, string>>;
  spent: boolean;
}

/** The same store as a map of objects. */
class Oracle {
  readonly #entries = new Map<string, Entry>();

  put(entry: Entry): void {
    const before = this.#entries.get(entry.id);
    if (before !== undefined && (before.spent ? entry.second <= before.second : entry.second < before.second))
      return;
    this.#entries.set(entry.id, { ...entry });
  }

  delete(by: ListedName, name: string): void {
    for (const entry of this.#named(by, name)) entry.spent = true;
  }

  get(by: ListedName, name: string): Entry | 'unsure' | undefined {
    const [first, ...others] = this.#named(by, name);
    return first === undefined ? undefined : others.length > 0 || first.spent ? 'unsure' : first;
  }

  #named(by: ListedName, name: string): Entry[] {
    return [...this.#entries.values()].filter((entry) => entry[by] === name);
  }
}

const few = fc.integer({ min: 0, max: 12 }).map((number) => `n${number}`);
const uuid = fc.integer({ min: 0, max: 3 }).map((number) => `00000000-0000-4000-8000-00000000000${number}`);
const name = fc.oneof(few, uuid, fc.constantFrom('', '__proto__', 'ä😀', ' x'));
const email = fc.oneof(few, fc.constantFrom('a@b.example', ''));
const entry = fc.record({
  id: name,
  externalId: fc.option(name, { nil: undefined }),
  email: fc.option(email, { nil: undefined }),
  second: fc.integer({ min: 1, max: 20 }),
  traits: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('', 'x', 'y')),
  spent: fc.constant(false),
});
const space = fc.constantFrom<ListedName>('id', 'externalId', 'email');
const step = fc.oneof(
  { weight: 3, arbitrary: entry.map((put) => ({ put })) },
  { weight: 1, arbitrary: fc.record({ by: space, name: fc.oneof(name, email) }) },
);

test('answers as a map of objects does, whatever is put, renamed and deleted', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const [store, oracle] = [storeOf(), new Oracle()];
      for (const each of steps) {
        if ('put' in each) {
          oracle.put(each.put);
          store.put(recordOf(each.put));
        } else {
          oracle.delete(each.by, each.name);
          store.delete({ [each.by]: each.name });
        }
      }
      for (const each of steps) {
        const names = 'put' in each ? each.put : { id: each.name, externalId: each.name, email: each.name };
        for (const by of ['id', 'externalId', 'email'] as const) {
          const asked = names[by];
          if (asked !== undefined && asked.trim() === asked)
            expect(answer(store, by, asked)).toEqual(expected(oracle.get(by, asked)));
        }
      }
    }),
    { numRuns: 300 },
  );
});

function recordOf({ id, externalId, email: address, second, traits }: Entry): JsonObject {
  return {
    id,
    ...(externalId !== undefined && { externalId }),
    ...(address !== undefined && { email: address }),
    updatedAt: moment(second),
    traits: { ...traits },
  };
}

function expected(entry: Entry | 'unsure' | undefined): unknown {
  if (typeof entry !== 'object') return entry;
  const { id, externalId, second, traits } = entry;
  return { id, externalId, updatedAt: second * 1000, traits: ['a', 'b', 'c'].map((key) => traits[key]) };
}

function answer(store: PackedCollection, by: ListedName, asked: string): unknown {
  const found = store.get(by, asked);
  if (typeof found !== 'object') return found;
  const { id, externalId, updatedAt } = found;
  const traits = ['a', 'b', 'c'].map((key) =>
    [undefined, '', 'x', 'y'].filter((value) => found.holds(key, value) === true),
  );
  return {
    id,
    externalId,
    updatedAt,
    traits: traits.map(([value, ...more]) => (more.length > 0 ? more : value)),
  };
}

function held(store: PackedCollection, id: string, trait: string, text: string | undefined): unknown {
  const found = store.get('id', id);
  return typeof found === 'object' ? found.holds(trait, text) : 'no record';
}
