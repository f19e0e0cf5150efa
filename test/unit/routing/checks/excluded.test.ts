import { describe, expect, test } from 'vitest';
import type { StreamEntry } from '../../../../src/config/stream-options.ts';
import { resolveRoutesOrFaults } from '../../../../src/routing/routes.ts';
import { type CatalogStream, catalogOf, entryOf, settingsOf } from '../../../support/routes.ts';
import { computed, to } from '../../../support/rows.ts';

function resolve(entry: Partial<StreamEntry>, stream: Partial<CatalogStream> = {}, object = 'account') {
  const key = stream.key === undefined ? { syncKey: ['id'] } : {};
  const streams = [entryOf({ stream: 'rows', object, ...key, ...entry })];
  return resolveRoutesOrFaults(settingsOf({ streams }), catalogOf({ name: 'rows', ...stream }));
}

describe('exclude', () => {
  test.each([
    { what: 'the key', entry: { exclude: ['x', 'I_D'] }, says: '"sync_key" needs this column' },
    {
      what: 'a source',
      entry: { exclude: ['x', 'company name'], fields: [to('company_name', 'name')] },
      says: '/streams/0/fields/0/source needs this column',
    },
    {
      what: 'a column of a template',
      entry: { exclude: ['x', 'LAST'], fields: [computed('{{ first }} {{ last }}', 'name')] },
      says: '/streams/0/fields/0/template needs this column',
    },
    {
      what: "a member of a template's traits",
      entry: { exclude: ['x', 'traits.ssn'], fields: [computed('{{ traits.ssn }}', 'name')] },
      says: '/streams/0/fields/0/template needs this column',
    },
  ])('of $what is a fault', ({ entry, says }) => {
    const { faults } = resolve(entry);
    expect(faults.map(({ path }) => path)).toEqual(['/streams/0/exclude/1']);
    expect(faults[0]?.message).toContain(says);
  });

  test('of a key that the catalog names is a fault of both', () => {
    const { faults } = resolve({ exclude: ['ID'] }, { key: [['id']], columns: ['id'] });
    expect(faults).toHaveLength(1);
    expect(faults[0]?.path).toMatch(/primary_key$/);
    expect(faults[0]?.message).toContain('/streams/0/exclude/0');
  });

  test('of a column that the catalog lists nowhere warns with the nearest name', () => {
    const { warnings, faults } = resolve(
      { exclude: ['snn', 'traits.x'] },
      { columns: ['id', 'name', 'ssn'] },
    );
    expect(faults).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(/\/streams\/0\/exclude\/0 is no column.*did you mean "ssn"\?/),
    ]);
  });

  test('of a new column satisfies prevent_new_traits', () => {
    const entry = { preventNewTraits: true, exclude: ['extra'] };
    const { faults, routes } = resolve(entry, { columns: ['id', 'name', 'extra'] });
    expect(faults).toEqual([]);
    expect(routes[0]?.newTraits?.columns).toEqual([]);
  });

  test("of an account's id settles where it goes on an object without accounts", () => {
    const columns = { columns: ['id', 'subject', 'account_id'] };
    expect(resolve({}, columns, 'conversation').faults).toHaveLength(1);
    expect(resolve({ exclude: ['accountId'] }, columns, 'conversation').faults).toEqual([]);
  });

  test('of what an event needs leaves it without', () => {
    const columns = { columns: ['id', 'event', 'user_id'], closed: true };
    expect(resolve({}, columns, 'event').faults).toEqual([]);
    expect(resolve({ exclude: ['userId'] }, columns, 'event').faults).toHaveLength(1);
  });
});
