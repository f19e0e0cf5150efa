import { describe, expect, test } from 'vitest';
import { expectRejection } from '../../support/routes.ts';
import { type Case, computed, expectMapped, type Mapped, map, to } from '../../support/rows.ts';

const NAME = computed('{{ first }} {{ last }}', 'name');

describe('a computed value', () => {
  test.each<Mapped>([
    {
      what: 'goes to its field; the columns that it reads go where they go by name',
      route: { fields: [computed('{{ email | split: "@" | last }}', 'traits.domain')] },
      row: '{"externalId":1,"name":"A","email":"a@b.example"}',
      fields: { name: 'A' },
      traits: { domain: 'b.example', email: 'a@b.example' },
    },
    {
      what: 'wins over a column of the same name',
      route: { fields: [computed('{{ name | upcase }}', 'name')] },
      row: '{"externalId":1,"name":"a"}',
      fields: { name: 'A' },
    },
    {
      what: "is brought into the field's type as a column's text is",
      route: { fields: [computed('{{ cents | divided_by: 100.0 }}', 'mrr')], otherColumns: 'drop' },
      row: '{"externalId":1,"cents":1250}',
      traits: { mrr: 12.5 },
    },
    {
      what: 'is a text where nothing says otherwise',
      route: { fields: [computed('{{ a | plus: 1 }}', 'traits.n')], otherColumns: 'drop' },
      row: '{"externalId":1,"a":1}',
      traits: { n: '2' },
    },
    {
      what: 'is none for a number that is blank',
      route: { fields: [computed('{{ a }}', 'mrr')], otherColumns: 'drop' },
      row: '{"externalId":1,"a":null}',
      traits: { mrr: null },
    },
    {
      what: 'may make the ids of a list',
      object: 'user',
      route: { fields: [computed('["{{ a }}","{{ b }}"]', 'accountIds')], otherColumns: 'drop' },
      row: '{"externalId":1,"a":7,"b":12345678901234567890}',
      fields: { accountIds: ['7', '12345678901234567890'] },
    },
    {
      what: 'may be a whole object of traits',
      route: { fields: [computed('{"plan":"{{ p }}"}', 'traits')], otherColumns: 'traits' },
      row: '{"externalId":1,"p":"pro"}',
      traits: { plan: 'pro', p: 'pro' },
    },
    {
      what: 'without columns is the same for every row',
      route: { fields: [computed('always', 'traits.a')] },
      row: '{"externalId":1}',
      traits: { a: 'always' },
    },
    {
      what: 'reads the key, and columns of the source that nothing else takes',
      route: { fields: [computed('{{ externalId }}@{{ _ab_cdc_lsn }}', 'traits.version')] },
      row: '{"externalId":1,"_ab_cdc_lsn":77,"_airbyte_raw_id":"r"}',
      traits: { version: '1@77' },
    },
    {
      what: 'is left out where the row has none of its columns',
      route: { fields: [NAME] },
      row: '{"externalId":1,"seats":5}',
      traits: { seats: 5 },
    },
    {
      what: 'is left out where all of its columns are unknown',
      route: { fields: [NAME], otherColumns: 'drop' },
      nulled: ['first', 'last'],
      row: '{"externalId":1,"first":null,"last":null}',
    },
    {
      what: 'takes a column that is missing beside others as empty',
      route: { fields: [NAME], otherColumns: 'drop' },
      nulled: ['last'],
      row: '{"externalId":1,"first":"Ann","last":"x"}',
      fields: { name: 'Ann ' },
    },
    {
      what: 'names an account where the object has no field for it',
      object: 'conversation',
      route: { fields: [computed('Account {{ account_id }}', 'subject')] },
      row: '{"externalId":1,"account_id":7}',
      fields: { subject: 'Account 7' },
    },
  ])('$what', (mapped) => expectMapped(mapped));

  test.each<Case & { field: string; says: string }>([
    {
      what: 'fails',
      route: { fields: [to('x', 'traits.x'), computed('{{ x | url_decode }}', 'traits.url')] },
      row: '{"externalId":1,"x":"%MARKER"}',
      field: 'url',
      says: 'the template for "url": fails at this row in {{ x | url_decode }}',
    },
    {
      what: 'never ends',
      route: { fields: [computed('{% for i in (1..1000000000) %}{% endfor %}', 'name')] },
      row: '{"externalId":1}',
      field: 'name',
      says: 'takes more than 4,000,000 steps',
    },
    {
      what: 'makes no number for a number',
      route: { fields: [computed('{{ x }} seats', 'mrr')] },
      row: '{"externalId":1,"x":"MARKER"}',
      field: 'mrr',
      says: 'the template for "mrr": a number was wanted',
    },
  ])('a row whose template $what is rejected by its field', ({ field, says, ...given }) => {
    const error = expectRejection(() => map(given), 'bad_value', 'MARKER');
    expect(error.field).toBe(field);
    expect(error.message).toContain(says);
  });

  test('a column whose name a template spells otherwise stays what it is', () => {
    const fields = [computed('{{ Plan }}', 'traits.copy')];
    expectMapped({ what: '', route: { fields }, row: '{"externalId":1,"plan":"x"}', traits: { plan: 'x' } });
  });
});
