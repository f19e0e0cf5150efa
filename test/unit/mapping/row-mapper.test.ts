import { describe, expect, test } from 'vitest';
import { expectRejection } from '../../support/routes.ts';
import { type Case, expectMapped, type Mapped, map, to } from '../../support/rows.ts';

describe('columns by name', () => {
  test.each<Mapped>([
    { what: 'a field by its name', row: '{"externalId":1,"name":"A"}', key: '1', fields: { name: 'A' } },
    {
      what: 'fields by folded names, other columns as traits',
      row: '{"externalId":1,"NAME":"A","organization_id":7,"Plan Type":"x"}',
      fields: { name: 'A', organizationId: '7' },
      traits: { 'Plan Type': 'x' },
    },
    {
      what: 'standard fields that live among the traits',
      row: '{"externalId":1,"MRR":"12.50","next-renewal-date":"2026-01-02"}',
      traits: { mrr: 12.5, nextRenewalDate: '2026-01-02T00:00:00.000Z' },
    },
    {
      what: 'the exact name before a folded one, which becomes a trait',
      row: '{"externalId":1,"Name":"B","name":"A"}',
      fields: { name: 'A' },
      traits: { Name: 'B' },
    },
    {
      what: 'the exact name before two folded ones, in any order',
      row: '{"externalId":1,"Name":"B","NAME":"C","name":"A"}',
      fields: { name: 'A' },
      traits: { Name: 'B', NAME: 'C' },
    },
    {
      what: 'a folded column that lost is dropped where others are',
      route: { otherColumns: 'drop' },
      row: '{"externalId":1,"Name":"B","name":"A","x":1}',
      fields: { name: 'A' },
    },
    {
      what: 'traits as they are, nested ones too',
      row: '{"externalId":1,"a":[1,{"b":null}],"c":{"d":[]},"e":true,"f":12345678901234567890}',
      traits: { a: [1, { b: null }], c: { d: [] }, e: true, f: JSON.rawJSON('12345678901234567890') },
    },
    {
      what: 'never _airbyte_ columns',
      row: '{"externalId":1,"_airbyte_raw_id":"r","_AIRBYTE_META":{},"_airbyte":1}',
      traits: { _airbyte: 1 },
    },
    {
      what: 'dots are part of a plain column',
      row: '{"externalId":1,"traits.plan":"x","a.b":1}',
      traits: { 'traits.plan': 'x', 'a.b': 1 },
    },
    {
      what: 'traits.x of a mapped stream is the trait x, even where others are dropped',
      route: { mapped: true, otherColumns: 'drop' },
      row: '{"externalId":1,"traits.plan":"x","traits.mrr":"5","traits.":1,"other":1}',
      traits: { plan: 'x', mrr: 5 },
    },
    {
      what: 'both columns of a list, each id once',
      object: 'user',
      row: '{"externalId":1,"accountIds":["a","b"],"account_id":"c","accountId":"a"}',
      fields: { accountIds: ['a', 'b'] },
      traits: { account_id: 'c' },
    },
    {
      what: 'an alias of a list alone',
      object: 'user',
      row: '{"externalId":1,"account_id":"c","ORGANIZATION ID":["o"]}',
      fields: { accountIds: ['c'], organizationIds: ['o'] },
    },
    {
      what: 'an alias adds to a list',
      object: 'user',
      row: '{"externalId":1,"account_id":"c","accountIds":["a","c"]}',
      fields: { accountIds: ['c', 'a'] },
    },
    {
      what: 'an alias that is null takes nothing from a list',
      object: 'user',
      row: '{"externalId":1,"account_id":null,"accountIds":["a"]}',
      fields: { accountIds: ['a'] },
    },
    {
      what: "an event's fields and properties",
      object: 'event',
      row: '{"event_name":"Signed up","user_id":7,"timestamp":1700000000,"plan":"x","traits":{"a":1},"properties":{"b":2}}',
      fields: { event: 'Signed up', userId: '7', timestamp: '2023-11-14T22:13:20.000Z' },
      traits: { plan: 'x', a: 1, b: 2 },
    },
  ])('$what', expectMapped);

  test.each<Case & { names: string[] }>([
    { what: 'two folded names', row: '{"externalId":1,"Name":"A","NAME":"B"}', names: ['Name', 'NAME'] },
    {
      what: 'two folded names, one null',
      row: '{"externalId":1,"Name":null,"NAME":"B"}',
      names: ['Name', 'NAME'],
    },
    {
      what: 'two spellings of an alias',
      object: 'user',
      row: '{"externalId":1,"account_id":"A","ACCOUNTID":"B"}',
      names: ['account_id', 'ACCOUNTID'],
    },
    {
      what: 'a column and a member of traits',
      row: '{"externalId":1,"plan":"A","traits":{"plan":"B"}}',
      names: ['plan', 'traits'],
    },
    {
      what: 'a mapped trait and a column',
      route: { mapped: true },
      row: '{"externalId":1,"traits.plan":"A","plan":"B"}',
      names: ['traits.plan', 'plan'],
    },
    {
      what: 'a column that lost its field and a member of traits',
      row: '{"externalId":1,"name":"A","Name":"B","traits":{"Name":"C"}}',
      names: ['traits', 'Name'],
    },
  ])('$what are ambiguous', ({ names, ...given }) => {
    const error = expectRejection(() => map(given), 'ambiguous_column');
    for (const name of names) expect(error.message).toContain(JSON.stringify(name));
  });
});

describe('the traits column', () => {
  test.each<Mapped>([
    { what: 'is spread', row: '{"externalId":1,"traits":{"a":1,"b":null}}', traits: { a: 1, b: null } },
    {
      what: 'is spread from its JSON text',
      row: '{"externalId":1,"TRAITS":"{\\"a\\":1}"}',
      traits: { a: 1 },
    },
    { what: 'that is null brings nothing', row: '{"externalId":1,"traits":null}' },
    {
      what: 'is spread where other columns are dropped',
      route: { otherColumns: 'drop' },
      row: '{"externalId":1,"traits":{"a":1},"b":2}',
      traits: { a: 1 },
    },
    {
      what: 'has its standard fields coerced',
      row: '{"externalId":1,"traits":{"mrr":"5"}}',
      traits: { mrr: 5 },
    },
    {
      what: 'is its members, not fields',
      row: '{"externalId":1,"traits":{"name":"A"}}',
      traits: { name: 'A' },
    },
    {
      what: 'may be any column',
      route: { fields: [to('attrs', 'traits')] },
      row: '{"externalId":1,"attrs":{"a":1}}',
      traits: { a: 1 },
    },
    {
      what: 'leaves to config what config fills',
      route: { fields: [to('p', 'traits.a')] },
      row: '{"externalId":1,"traits":{"a":1},"p":2}',
      traits: { a: 2 },
    },
  ])('$what', expectMapped);

  test.each(['"x"', '[1]', '1', 'true'])('that holds %s is rejected', (json) => {
    const error = expectRejection(
      () => map({ what: '', row: `{"externalId":1,"traits":${json}}` }),
      'bad_value',
    );
    expect(error.field).toBe('traits');
  });
});

describe('fields and constants of the config', () => {
  test.each<Mapped>([
    {
      what: 'go first',
      route: { fields: [to('company', 'name')] },
      row: '{"externalId":1,"company":"A","name":"B"}',
      fields: { name: 'A' },
    },
    {
      what: 'claim their place though their column is missing',
      route: { fields: [to('company', 'name')] },
      row: '{"externalId":1,"NAME":"B"}',
    },
    {
      what: 'may send one column to several places',
      route: { fields: [to('company', 'name'), to('company', 'traits.company')] },
      row: '{"externalId":1,"company":"A"}',
      fields: { name: 'A' },
      traits: { company: 'A' },
    },
    {
      what: 'may name a trait like a field',
      route: { fields: [to('n', 'traits.name')] },
      row: '{"externalId":1,"n":"A"}',
      traits: { name: 'A' },
    },
    {
      what: 'may name an _airbyte_ column',
      route: { fields: [to('_airbyte_extracted_at', 'traits.synced')] },
      row: '{"externalId":1,"_airbyte_extracted_at":5}',
      traits: { synced: 5 },
    },
    {
      what: 'claim a list for all its aliases',
      object: 'user',
      route: { fields: [to('acc', 'account_id')] },
      row: '{"externalId":1,"acc":"a","accountIds":["b"],"accountId":"c"}',
      fields: { accountIds: ['a'] },
    },
    {
      what: 'constants are always there, and never overridden',
      route: {
        constants: [
          { destination: 'name', value: 'C' },
          { destination: 'mrr', value: '5' },
          { destination: 'source', value: 'warehouse' },
          { destination: 'traits.gone', value: null },
        ],
      },
      row: '{"externalId":1,"Name":"A","source":"x","traits":{"source":"y","mrr":1}}',
      fields: { name: 'C' },
      traits: { mrr: 5, source: 'warehouse', gone: null },
    },
    {
      what: 'drop the rest',
      route: { otherColumns: 'drop', fields: [to('a', 'traits.a')] },
      row: '{"externalId":1,"a":1,"b":2}',
      traits: { a: 1 },
    },
  ])('$what', expectMapped);
});
