import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { OBJECTS } from '../../src/objects/index.ts';
import type { KnownTrait } from '../../src/vitally/traits/known-traits.ts';
import { traitType } from '../../src/vitally/traits/trait-type.ts';
import { TABLES, withTable } from './tables.ts';

const read = (page: string): string => readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8');

describe('the tables of the documentation', () => {
  test.each(TABLES)(
    '$page says of $name what src/objects declares (npm run docs)',
    ({ page, name, table }) => {
      expect(read(page)).toBe(withTable(read(page), name, table()));
    },
  );
});

/** Read from the page alone: its objects, and each one's fields with type and association. */
function documented(): Map<string, Map<string, { type: string; association: string }>> {
  const sections = read('docs/objects.md').split(/^## /m).slice(1);
  return new Map(
    sections.map((section) => {
      const name = /^- in `object`: `(\w+)`/m.exec(section)?.[1] ?? '';
      const rows = [...section.matchAll(/^\| `(\w+)` \| (\w+) \| [^|]* \| (\S+) \|/gm)];
      return [
        name,
        new Map(rows.map(([, field = '', type = '', association = '']) => [field, { type, association }])),
      ];
    }),
  );
}

describe('docs/objects.md', () => {
  test('has each object once, and no other', () => {
    expect([...documented().keys()]).toEqual(OBJECTS.map(({ name }) => name));
  });

  test.each(OBJECTS)('has each field of $name, and no other', ({ name, fields, deleteFields }) => {
    const declared = Object.entries({ ...fields, ...deleteFields }).map(([field, { type, association }]) => [
      field,
      { type, association: association ?? '–' },
    ]);
    expect(Object.fromEntries(documented().get(name) ?? [])).toEqual(Object.fromEntries(declared));
  });

  test('explains every type of field', () => {
    const explained = [...read('docs/objects.md').matchAll(/^\| (\w+) \| /gm)].map(([, type]) => type);
    const types = new Set(OBJECTS.flatMap(({ fields }) => Object.values(fields).map(({ type }) => type)));
    expect([...types].filter((type) => !explained.includes(type))).toEqual([]);
  });
});

describe('a table', () => {
  const page = 'before\n<!-- x: begin (npm run docs) -->\nold\n<!-- x: end -->\nafter\n';

  test('replaces what stands between its marks, and nothing else', () => {
    const written = withTable(page, 'x', 'new\n');
    expect(written).toBe(page.replace('old', 'new'));
    expect(withTable(written, 'x', 'new\n')).toBe(written);
  });

  test('is refused by a page without its marks', () => {
    expect(() => withTable(page, 'y', 'new\n')).toThrow('no marks for y');
  });
});

describe('the table of traits', () => {
  const rows = [...read('docs/objects.md').matchAll(/^\| (\w+) \| (`[^|]*) \| ([^|]+) \|$/gm)].map(
    ([, type = '', names = '', taken = '']) => ({
      type,
      names: [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
      taken,
    }),
  );
  test('has every type once', () => {
    const all: Record<KnownTrait['type'], true> = {
      text: true,
      number: true,
      boolean: true,
      date: true,
      datetime: true,
      select: true,
      multiselect: true,
      json: true,
      unknown: true,
    };
    expect(rows.map(({ type }) => type)).toEqual(Object.keys(all));
  });

  test.each(rows)('says which of Vitally’s types are $type, and what is taken', ({ type, names, taken }) => {
    expect(names.length).toBeGreaterThan(0);
    expect(names.map(traitType)).toEqual(names.map(() => type));
    expect(taken).not.toBe('');
  });
});
