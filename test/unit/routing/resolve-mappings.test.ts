import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../src/json/json.ts';
import { resolveRoutesOrFaults } from '../../../src/routing/routes.ts';
import { type CatalogStream, catalogOf, entryOf, settingsOf } from '../../support/routes.ts';

type Options = Partial<Parameters<typeof entryOf>[0]>;

function resolve(options: Options, stream: Partial<CatalogStream> = {}) {
  const entry = entryOf({ stream: 's', object: 'account', ...options });
  const settings = settingsOf({ streams: [entry], analyticsAuthorization: 'a' });
  return resolveRoutesOrFaults(settings, catalogOf({ name: 's', key: [['k']], ...stream }));
}

const to = (destination: string, source = destination) => ({ source, destination });
const constant = (destination: string, value: JsonValue) => ({ destination, value });

describe('fields and constants', () => {
  test.each<{ what: string; options: Options; path: string }>([
    { what: 'two fields', options: { fields: [to('name'), to('Name', 'b')] }, path: 'fields/1/destination' },
    {
      what: 'a field and a constant',
      options: { fields: [to('name')], constants: [{ destination: 'NAME', value: 'x' }] },
      path: 'constants/0/destination',
    },
    {
      what: 'two constants',
      options: {
        constants: [
          { destination: 'plan', value: 1 },
          { destination: 'traits.plan', value: 2 },
        ],
      },
      path: 'constants/1/destination',
    },
    {
      what: 'a trait and its field',
      options: { fields: [to('mrr'), to('traits.mrr', 'b')] },
      path: 'fields/1/destination',
    },
    {
      what: 'an alias and its field',
      options: { object: 'user', fields: [to('accountIds'), to('account_id')] },
      path: 'fields/1/destination',
    },
    {
      what: 'two objects of traits',
      options: { fields: [to('traits', 'a'), to('traits', 'b')] },
      path: 'fields/1/destination',
    },
    {
      what: 'two event properties',
      options: { object: 'event', fields: [to('properties.x', 'a'), to('x', 'b')] },
      path: 'fields/1/destination',
    },
  ])('$what for one place are a fault', ({ options, path }) => {
    const { faults } = resolve(options);
    expect(faults.map((fault) => fault.path)).toEqual([`/streams/0/${path}`]);
  });

  test.each<{ what: string; fields: Options['fields'] }>([
    { what: 'one column may go to two places', fields: [to('name', 'a'), to('traits.name', 'a')] },
    { what: 'a trait may bear the name of a field', fields: [to('traits.name', 'b'), to('name', 'a')] },
    {
      what: 'hostile names are traits',
      fields: [to('__proto__'), to('constructor'), to('traits.__proto__.x')],
    },
  ])('$what', ({ fields = [] }) => {
    expect(resolve({ fields }).faults).toEqual([]);
  });

  test.each([
    { what: 'for the key', constant: constant('externalId', 'x'), path: 'destination', says: 'one record' },
    { what: 'for all traits', constant: constant('traits', 'x'), path: 'destination', says: 'traits.<name>' },
    {
      what: 'for a nameless trait',
      constant: constant('traits.', 'x'),
      path: 'destination',
      says: 'traits.<name>',
    },
    { what: 'that does not fit', constant: constant('mrr', 'MARKER'), path: 'value', says: 'number' },
    { what: 'that is no date', constant: constant('churnedAt', 'MARKER'), path: 'value', says: 'ISO 8601' },
    {
      what: 'that empties a name',
      constant: constant('name', null),
      path: 'value',
      says: 'cannot be emptied',
    },
  ])('a constant $what is a fault', ({ constant: given, path, says }) => {
    const { faults } = resolve({ constants: [given] });
    expect(faults).toHaveLength(1);
    expect(faults[0]?.path).toBe(`/streams/0/constants/0/${path}`);
    expect(faults[0]?.message).toContain(says);
    expect(faults[0]?.message).not.toContain('MARKER');
  });

  test.each([
    constant('traits.plan', null),
    constant('churnedAt', null),
    constant('mrr', 12.5),
    constant('organizationId', 'o-1'),
    constant('anything', 'x'),
  ])('a constant may be %j', (allowed) => {
    expect(resolve({ constants: [allowed] }).faults).toEqual([]);
  });

  test('a source that the catalog does not list is a warning, where it lists columns', () => {
    const fields = [to('name', 'nmae')];
    expect(resolve({ fields }).warnings).toEqual([]);
    const { warnings, faults } = resolve({ fields }, { columns: ['k', 'name'] });
    expect(faults).toEqual([]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('/streams/0/fields/0/source');
    expect(warnings[0]).toContain('"k", "name"');
  });
});

describe('if_empty', () => {
  test.each([
    { given: 'Name', resolved: 'name' },
    { given: 'mrr', resolved: 'traits.mrr' },
    { given: 'traits.mrr', resolved: 'traits.mrr' },
    { given: 'traits.plan', resolved: 'traits.plan' },
    { given: 'plan', resolved: 'traits.plan' },
    { given: 'tier', resolved: 'traits.tier' },
  ])('$given means $resolved', ({ given, resolved }) => {
    const { routes, faults } = resolve(
      { ifEmpty: [given], fields: [to('tier', 'k2')] },
      { columns: ['k', 'k2', 'plan'] },
    );
    expect(faults).toEqual([]);
    expect(routes).toMatchObject([{ ifEmpty: [resolved] }]);
  });

  test.each(['externalId', 'plna', 'traits', 'toString'])('%s is a fault', (given) => {
    const { faults } = resolve({ ifEmpty: ['name', given] }, { columns: ['k', 'plan'] });
    expect(faults.map((fault) => fault.path)).toEqual(['/streams/0/if_empty/1']);
  });
});

test('a fault of the wildcard entry is told once, however many streams it decides', () => {
  const entry = entryOf({ stream: '*', object: 'account', constants: [constant('mrr', 'x')] });
  const catalog = catalogOf({ name: 'a', key: [['k']] }, { name: 'b', key: [['k']] });
  expect(resolveRoutesOrFaults(settingsOf({ streams: [entry] }), catalog).faults).toHaveLength(1);
});
