import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redactor } from '../../src/settings/redact.ts';

const SECRET = 'sk"live/+1é';

test.each([
  { name: 'as it is', text: `token ${SECRET}!`, redacted: 'token ***!' },
  { name: 'twice', text: `${SECRET} ${SECRET}`, redacted: '*** ***' },
  { name: 'in JSON', text: JSON.stringify({ token: SECRET }), redacted: '{"token":"***"}' },
  {
    name: 'in JSON within JSON',
    text: JSON.stringify(JSON.stringify({ token: SECRET })),
    redacted: JSON.stringify('{"token":"***"}'),
  },
  { name: 'in an address', text: `?key=${encodeURIComponent(SECRET)}&x`, redacted: '?key=***&x' },
  {
    name: 'in an address with lower-case escapes',
    text: `?key=${encodeURIComponent(SECRET).replaceAll(/%../g, (byte) => byte.toLowerCase())}&x`,
    redacted: '?key=***&x',
  },
  { name: 'not at all', text: 'nothing to hide', redacted: 'nothing to hide' },
])('a secret $name', ({ text, redacted }) => {
  expect(redactor([SECRET])(text)).toBe(redacted);
});

test('the longest form goes first, whatever the order', () => {
  expect(redactor(['abcdef', 'abcdef=='])('abcdef== abcdef')).toBe('*** ***');
  expect(redactor(['abcdef==', 'abcdef'])('abcdef== abcdef')).toBe('*** ***');
});

test('texts of fewer than six characters are no secrets', () => {
  expect(redactor(['', 'us', 'abcde'])('us abcde')).toBe('us abcde');
  expect(redactor(['abcdef'])('abcdef')).toBe('***');
});

test('characters that mean something in patterns and replacements are text', () => {
  expect(redactor(['a.c$&d*'])('a.c$&d* abc$&d*')).toBe('*** abc$&d*');
});

test('half a surrogate pair is no obstacle', () => {
  expect(redactor(['secret\uD800'])('secret\uD800')).toBe('***');
});

test('no secret survives, whatever surrounds it', () => {
  const secret = fc
    .string({ minLength: 6, maxLength: 30, unit: 'grapheme' })
    .filter((text) => !text.includes('*'));
  fc.assert(
    fc.property(fc.array(secret, { minLength: 1, maxLength: 4 }), fc.string(), (secrets, around) => {
      const redact = redactor(secrets);
      for (const one of secrets) {
        expect(redact(`${around}${one}${around}`)).not.toContain(one);
        expect(redact(JSON.stringify({ [around]: one }))).not.toContain(JSON.stringify(one).slice(1, -1));
      }
    }),
  );
});
