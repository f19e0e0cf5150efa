import { describe, expect, test } from 'vitest';
import type { StreamEntry } from '../../../../src/config/stream-options.ts';
import { OBJECTS } from '../../../../src/objects/index.ts';
import { resolveRoutesOrFaults } from '../../../../src/routing/routes.ts';
import { type CatalogStream, catalogOf, entryOf, settingsOf } from '../../../support/routes.ts';
import { computed, to } from '../../../support/rows.ts';

type Options = Partial<StreamEntry>;

function resolve(object: string, options: Options, stream: Partial<CatalogStream>) {
  const custom = object === 'custom_object' ? { customObject: '6f9619ff-8b86-4d01-b42d-00cf4fc964ff' } : {};
  const key = stream.key === undefined && object !== 'user_account' ? { syncKey: ['k'] } : {};
  const streams = [entryOf({ stream: 'rows', object, ...custom, ...key, ...options })];
  return resolveRoutesOrFaults(settingsOf({ streams }), catalogOf({ name: 'rows', ...stream }));
}

const needsIn = (said: readonly string[]) =>
  said.filter((text) => text.includes('no column, constant or template'));
const adding = OBJECTS.filter(
  ({ modes, requiredToCreate }) => modes.includes('append') && requiredToCreate.length > 0,
);
// A project that a column names is known by Vitally's id, under which none is created.
const upserted = OBJECTS.filter(
  ({ modes, keys, requiredToCreate }) =>
    modes.includes('upsert') && keys.includes('externalId') && requiredToCreate.length > 0,
);

describe('a stream that can give no row what creation needs', () => {
  test.each(adding.map(({ name, requiredToCreate }) => ({ name, requiredToCreate })))(
    'of $name, appended of a closed schema, is a fault for each need',
    ({ name, requiredToCreate }) => {
      const { faults } = resolve(name, { mode: 'append' }, { columns: ['k', 'x'], closed: true });
      expect(faults.map(({ path }) => path)).toEqual(requiredToCreate.map(() => '/streams/0/fields'));
      for (const [index, need] of requiredToCreate.entries()) {
        expect(faults[index]?.message).toContain(`${[need].flat().join(' or ')}, which Vitally needs`);
      }
    },
  );

  test.each(upserted.map(({ name }) => ({ name })))('of $name, upserted, is one warning', ({ name }) => {
    for (const closed of [true, false]) {
      const { faults, warnings } = resolve(name, { mode: 'upsert' }, { columns: ['k', 'x'], closed });
      expect(faults).toEqual([]);
      expect(needsIn(warnings)).toEqual([expect.stringContaining('which creation needs')]);
    }
  });

  test('appended of an open schema is a warning: rows may bring more than it lists', () => {
    const { faults, warnings } = resolve('account', { mode: 'append' }, { columns: ['k'] });
    expect(faults).toEqual([]);
    expect(needsIn(warnings)).toHaveLength(1);
  });

  test('names all that is missing', () => {
    const { warnings } = resolve('note', { mode: 'upsert' }, { columns: ['k'] });
    expect(needsIn(warnings)[0]).toContain(
      'its notes note, noteDate, and accountId or organizationId, which',
    );
  });

  test.each<{ why: string; options: Options; stream?: Partial<CatalogStream> }>([
    { why: 'a constant gives it', options: { constants: [{ destination: 'name', value: 'A' }] } },
    { why: 'a template gives it', options: { fields: [computed('{{ x }}', 'name')] } },
    { why: 'a template without columns gives it', options: { fields: [computed('A', 'name')] } },
    { why: 'a column gives it', options: { fields: [to('x', 'name')] } },
    { why: 'nothing is created', options: { mode: 'update' } },
    { why: 'things are deleted', options: { mode: 'delete' } },
    { why: "Vitally's ids create nothing", options: { matchOn: 'id' } },
  ])('is none where $why', ({ options }) => {
    const { warnings, faults } = resolve('account', options, { columns: ['k', 'x'], closed: true });
    expect(faults).toEqual([]);
    expect(needsIn(warnings)).toEqual([]);
  });

  test.each<{ why: string; options: Options }>([
    { why: 'an empty constant', options: { constants: [{ destination: 'traits.a', value: null }] } },
    { why: 'a template of columns that never come', options: { fields: [computed('{{ y }}', 'name')] } },
    { why: 'a source that never comes', options: { fields: [to('y', 'name')] } },
    { why: 'an excluded column', options: { exclude: ['NAME'] } },
    { why: 'a column that is the key', options: { syncKey: ['name'] } },
  ])('is one despite $why', ({ options }) => {
    const { warnings } = resolve('account', options, {
      columns: ['k', 'name', 'x'].filter(
        (column) => column !== 'name' || options.exclude !== undefined || options.syncKey !== undefined,
      ),
      closed: true,
    });
    expect(needsIn(warnings)).toHaveLength(1);
  });

  test('matched by e-mail, it lacks the external id that creation takes too', () => {
    const options: Options = { matchOn: 'email', syncKey: ['email'] };
    const { warnings } = resolve('user', options, { columns: ['email', 'account_id'] });
    expect(needsIn(warnings)).toEqual([expect.stringContaining('gives its users externalId, which')]);
  });

  test('is not told where the catalog lists no columns', () => {
    expect(needsIn(resolve('account', {}, {}).warnings)).toEqual([]);
  });
});
