import { expect, test } from 'vitest';
import { withoutNulls } from '../../src/settings/without-nulls.ts';

const schema = {
  type: 'object',
  properties: {
    text: { type: 'string' },
    any: { title: 'any JSON value' },
    list: { type: 'array', items: { type: 'object', properties: { text: { type: 'string' } } } },
    choice: {
      type: 'object',
      oneOf: [
        { properties: { kind: { const: 'a', type: 'string' } } },
        { properties: { kind: { const: 'b', type: 'string' }, text: { type: 'string' } } },
      ],
    },
  },
};

test.each([
  { given: { text: null }, kept: {} },
  { given: { unheard_of: null, other: { deep: null } }, kept: { other: { deep: null } } },
  { given: { any: null }, kept: { any: null } },
  { given: { any: { deep: null } }, kept: { any: { deep: null } } },
  { given: { list: [{ text: null }, null] }, kept: { list: [{}, null] } },
  { given: { choice: { kind: 'a', text: null } }, kept: { choice: { kind: 'a' } } },
  { given: { choice: { kind: null, text: null } }, kept: {} },
  { given: { choice: {} }, kept: { choice: {} } },
  { given: { choice: 'text', list: 17 }, kept: { choice: 'text', list: 17 } },
])('$given becomes $kept', ({ given, kept }) => {
  expect(withoutNulls(given, schema)).toEqual(kept);
});

test('hostile names are names', () => {
  const given: unknown = JSON.parse('{"__proto__": {"polluted": true}, "constructor": null}');
  const kept = withoutNulls(given, schema);
  expect(JSON.stringify(kept)).toBe('{"__proto__":{"polluted":true}}');
  expect(kept).not.toHaveProperty('polluted');
});

test('the original stays as it was', () => {
  const given = { list: [{ text: null }] };
  withoutNulls(given, schema);
  expect(given).toEqual({ list: [{ text: null }] });
});
