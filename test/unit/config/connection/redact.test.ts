import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerRedactor, redactor } from '../../../../src/config/connection/redact.ts';
import { planRedactor, redactedLine } from '../../../../src/config/connection/redact-values.ts';

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
  expect(redactor(['[a-z]{6}\\d'])('abcdef7 [a-z]{6}\\d')).toBe('abcdef7 ***');
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
        expect(redact(`${around}${swapCase(one)}${around}`)).not.toContain(swapCase(one));
        expect(redact(JSON.stringify({ [around]: one }))).not.toContain(JSON.stringify(one).slice(1, -1));
      }
    }),
  );
});

/** Of ASCII letters alone: others may become several. */
function swapCase(text: string): string {
  return text.replaceAll(/[a-z]/gi, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );
}

const TOKEN = 'sk_live_SECRETTOKENabcdef0123';
const BODY = TOKEN.slice('sk_live_'.length);
const SECRETS = [TOKEN, Buffer.from(`${TOKEN}:`).toString('base64')];

/** The longest run of the token's own characters that a text shows, in any case. */
function longestShown(text: string, token: string): number {
  const lower = text.toLowerCase();
  for (let length = token.length; length > 0; length--)
    for (let at = 0; at + length <= token.length; at++)
      if (lower.includes(token.slice(at, at + length).toLowerCase())) return length;
  return 0;
}

test('of what a server quotes, no part of a token is shown, wherever it was cut', () => {
  const redact = answerRedactor(SECRETS);
  for (let from = 0; from < TOKEN.length; from++) {
    for (let to = from + 1; to <= TOKEN.length; to++) {
      for (const part of [TOKEN.slice(from, to), TOKEN.slice(from, to).toUpperCase()])
        expect(longestShown(redact(`no rights for "${part}": ask`), BODY)).toBeLessThan(8);
    }
  }
});

test.each([
  ['alone', ''],
  ['as user', ':'],
])('its base64 %s is not shown either, after whatever it stands, wherever it was cut', (_, after) => {
  const redact = answerRedactor(SECRETS);
  for (const before of ['', 'u', 'us', 'user:', 'x-key:']) {
    const encoded = Buffer.from(`${before}${TOKEN}${after}`).toString('base64');
    for (let to = 1; to <= encoded.length; to++) {
      const shown = redact(`Basic ${encoded.slice(0, to)}!`);
      expect(longestShown(Buffer.from(shown.slice(6), 'base64').toString('latin1'), BODY)).toBeLessThan(8);
    }
  }
});

test('how all tokens begin is no secret, nor are words that look like one', () => {
  const redact = answerRedactor([...SECRETS, 'analytics-token', 'Authorization: Basic Zm9vYmFyYmF6cXV4']);
  for (const text of ['sk_live_ is how tokens begin', 'the Authorization header', 'SECRETT is seven', ''])
    expect(redact(text)).toBe(text);
});

test('a token that this program cut is redacted', () => {
  const redact = redactor(SECRETS);
  for (let to = 1; to <= TOKEN.length; to++)
    expect(
      longestShown(redact(`key ${TOKEN.slice(0, to)}… and "${TOKEN.slice(0, to)}…"`), BODY),
    ).toBeLessThan(8);
  expect(redact('SECRETTO stands without being cut')).toBe('SECRETTO stands without being cut');
});

test('a plan shows no token, neither in rows nor in what Vitally holds, and keeps its numbers', () => {
  const write = planRedactor([...SECRETS, '12345678']);
  const line = write({
    key: TOKEN,
    request: { body: { a: [TOKEN.toLowerCase()], n: JSON.rawJSON('12345678901234567890') } },
    changes: { name: { from: { deep: ['…SECRETTO'], count: 12345678 }, to: 'SECRETTO' } },
  });
  expect(line).toBe(
    '{"key":"***","request":{"body":{"a":["***"],"n":12345678901234567890}},' +
      '"changes":{"name":{"from":{"deep":["…***"],"count":12345678},"to":"SECRETTO"}}}',
  );
});

test('a line without a secret stays as it came, byte for byte', () => {
  const redact = redactor(SECRETS);
  const line = '{ "a":1.0, "b" : "SECRETTO" }';
  expect(redactedLine(line, redact)).toBe(line);
  expect(redactedLine(`{ "a":12345678901234567890, "b" : ${JSON.stringify(TOKEN)} }`, redact)).toBe(
    '{"a":12345678901234567890,"b":"***"}',
  );
});

test('a value that counts whole alone is shown in part, and nowhere whole', () => {
  const whole = 'gateway-key-0123456789';
  const secrets = [TOKEN, { whole }];
  for (const redact of [redactor(secrets), answerRedactor(secrets)]) {
    expect(redact(`${whole} ${whole.toUpperCase()} ${encodeURIComponent(whole)}`)).toBe('*** *** ***');
    expect(redact(whole.slice(1))).toBe(whole.slice(1));
    expect(redact(`${whole.slice(0, -1)}…`)).toBe(`${whole.slice(0, -1)}…`);
  }
  const line = { changes: { plan: { from: whole, to: [whole] } } };
  expect(planRedactor(secrets)(line)).toBe('{"changes":{"plan":{"from":"***","to":["***"]}}}');
});
