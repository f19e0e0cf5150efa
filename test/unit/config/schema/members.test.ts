import { expect, test } from 'vitest';
import {
  discriminatorOf,
  discriminatorValues,
  memberSchemas,
  optionsOf,
} from '../../../../src/config/schema/members.ts';

const option = (kind: string, others: object = {}) => ({ properties: { kind: { const: kind }, ...others } });

test.each([
  { name: 'a choice', schema: { oneOf: [option('a'), option('b')] }, discriminator: 'kind' },
  {
    name: 'a const in one option only',
    schema: { oneOf: [option('a'), { properties: {} }] },
    discriminator: undefined,
  },
  { name: 'no choice', schema: option('a'), discriminator: undefined },
  { name: 'an empty choice', schema: { oneOf: [] }, discriminator: undefined },
  { name: 'no schema', schema: true, discriminator: undefined },
])('$name has the discriminator $discriminator', ({ schema, discriminator }) => {
  expect(discriminatorOf(schema)).toBe(discriminator);
});

test('the values of a discriminator come in the order of the options', () => {
  expect(discriminatorValues({ oneOf: [option('b'), option('a')] }, 'kind')).toEqual(['b', 'a']);
});

test('members are those of the schema and of all options', () => {
  const schema = { properties: { x: {} }, oneOf: [option('a', { y: {} }), option('b', { z: {} })] };
  expect([...memberSchemas(schema).keys()]).toEqual(['x', 'kind', 'y', 'z']);
  expect(memberSchemas('text').size).toBe(0);
  expect(optionsOf(null)).toEqual([]);
});
