import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  analyticsCredential,
  parseCredentials,
  restCredential,
} from '../../../../src/config/connection/credentials.ts';
import { createFindings } from '../../../../src/errors/findings.ts';

const TOKEN = 'sk_live_9f+8/e7';
const ENCODED = btoa(`${TOKEN}:`);
const HEADER = `Basic ${ENCODED}`;

const wrappings: { name: string; wrap: (text: string) => string }[] = [
  { name: 'bare', wrap: (text) => text },
  { name: 'white space', wrap: (text) => ` \t${text}\r\n` },
  { name: 'double quotes', wrap: (text) => `"${text}"` },
  { name: 'single quotes and white space', wrap: (text) => `' ${text} '\n` },
  { name: 'typographic quotes', wrap: (text) => `“${text}”` },
  { name: 'Basic', wrap: (text) => `Basic ${text}` },
  { name: 'basic', wrap: (text) => `basic   ${text}` },
  { name: 'Basic twice', wrap: (text) => `Basic Basic ${text}` },
  { name: 'Basic with a quoted token', wrap: (text) => `Basic "${text}"` },
  { name: 'a header line', wrap: (text) => `Authorization: Basic ${text}` },
  { name: 'a header line in lower case', wrap: (text) => `authorization:basic ${text}` },
  { name: 'a line of JSON', wrap: (text) => `"Authorization": "Basic ${text}",` },
];

const restTexts = [
  { name: 'the token', text: TOKEN },
  { name: 'the token with a colon', text: `${TOKEN}:` },
  { name: 'base64', text: ENCODED },
  { name: 'base64 without padding', text: ENCODED.replace(/=+$/, '') },
  { name: 'base64 in the alphabet of URLs', text: Buffer.from(`${TOKEN}:`).toString('base64url') },
  { name: 'base64 and a colon', text: `${ENCODED}:` },
  { name: 'base64 encoded again', text: btoa(`${ENCODED}:`) },
];

describe.each(wrappings)('pasted with $name', ({ wrap }) => {
  test.each(restTexts)('$name becomes the REST header', ({ text }) => {
    expect(restCredential(wrap(text))).toMatchObject({ authorization: HEADER, fault: undefined });
  });

  test.each(['tok_5f3a', 'dG9rOnRvaw==', 'abc=', 'a:b'])(
    '%s becomes the Analytics header, unchanged',
    (text) => {
      expect(analyticsCredential(wrap(text))).toMatchObject({
        authorization: `Basic ${text}`,
        fault: undefined,
      });
    },
  );
});

test('base64 that needs padding in every length', () => {
  for (const token of ['token-0001', 'token-00012', 'token-000123']) {
    const header = `Basic ${btoa(`${token}:`)}`;
    for (const text of [token, btoa(`${token}:`), btoa(`${token}:`).replace(/=+$/, '')]) {
      expect(restCredential(text).authorization).toBe(header);
    }
  }
});

test("text that only looks like base64 is a token: Vitally's sample too", () => {
  expect(restCredential('c2VjcmV0X2tleTo=').authorization).toBe('Basic c2VjcmV0X2tleTo=');
  expect(restCredential('secret_key').authorization).toBe('Basic c2VjcmV0X2tleTo=');
  expect(restCredential('Og==').authorization).toBe(`Basic ${btoa('Og==:')}`);
  expect(restCredential('/zo=').authorization).toBe(`Basic ${btoa('/zo=:')}`);
  expect(restCredential('abcdefghijklmnop').authorization).toBe(`Basic ${btoa('abcdefghijklmnop:')}`);
});

test('any token gives one header, however it is pasted, and every form of it is known as secret', () => {
  const token = fc.stringMatching(/^sk_live_[A-Za-z0-9_+/.-]{12,40}$/);
  fc.assert(
    fc.property(token, fc.constantFrom(...wrappings), (text, { wrap }) => {
      const header = `Basic ${btoa(`${text}:`)}`;
      for (const pasted of [text, `${text}:`, btoa(`${text}:`)]) {
        const credential = restCredential(wrap(pasted));
        expect(credential.authorization).toBe(header);
        expect(credential.secrets).toEqual(expect.arrayContaining([text, btoa(`${text}:`)]));
      }
    }),
  );
});

test('every stage of what was pasted is a secret', () => {
  const twice = btoa(`${ENCODED}:`);
  expect(restCredential(`Basic ${twice}`).secrets).toEqual(
    expect.arrayContaining([`Basic ${twice}`, twice, ENCODED, TOKEN, `${btoa(`${TOKEN}:`)}`]),
  );
});

test.each([
  { pasted: 'two words', says: 'space or line break inside' },
  { pasted: 'tok_1\ntok_2', says: 'space or line break inside' },
  { pasted: 'Bearer abcdefgh', says: 'space or line break inside' },
  { pasted: 'tok_1\u0000x', says: 'a character that no token has' },
  { pasted: 'tok_schlüssel', says: 'a character that no token has' },
  { pasted: '**********', says: 'the asterisks that hide a token' },
  { pasted: 'Basic', says: 'holds no token' },
  { pasted: '""', says: 'holds no token' },
])('$pasted is no token', ({ pasted, says }) => {
  expect(restCredential(pasted).fault).toContain(says);
  expect(analyticsCredential(pasted).fault).toContain(says);
});

test('user:password is no REST token', () => {
  for (const pasted of ['token:password', btoa('token:password:')]) {
    expect(restCredential(pasted).fault).toContain('a colon inside');
  }
});

test.each([
  { name: 'no token', rest: undefined, analytics: undefined, paths: ['/rest_api_token'], says: 'no token' },
  { name: 'empty tokens', rest: '', analytics: ' ', paths: ['/rest_api_token'], says: 'no token' },
  { name: 'REST alone', rest: TOKEN, analytics: '', paths: [], says: '' },
  { name: 'Analytics alone', rest: undefined, analytics: 'tok_5f3a', paths: [], says: '' },
  { name: 'a wrong type', rest: 17, analytics: undefined, paths: [], says: '' },
  { name: 'both', rest: TOKEN, analytics: 'tok_5f3a', paths: [], says: '' },
  {
    name: 'a REST token in the Analytics field',
    rest: undefined,
    analytics: `Basic ${TOKEN}`,
    paths: ['/analytics_api_token'],
    says: 'belongs in rest_api_token',
  },
  {
    name: 'the REST header in the Analytics field',
    rest: TOKEN,
    analytics: HEADER,
    paths: ['/analytics_api_token'],
    says: 'belongs in rest_api_token',
  },
  {
    name: 'one token in both fields',
    rest: btoa('tok_5f3a:'),
    analytics: 'Basic tok_5f3a',
    paths: ['/analytics_api_token'],
    says: 'is the same token as rest_api_token',
  },
  {
    name: 'faults in both',
    rest: 'a b',
    analytics: 'c d',
    paths: ['/rest_api_token', '/analytics_api_token'],
    says: 'space or line break',
  },
])('$name', ({ rest, analytics, paths, says }) => {
  const findings = createFindings();
  parseCredentials(...given(rest, analytics), findings);
  const { faults } = findings;
  expect(faults.map(({ path }) => path)).toEqual(paths);
  for (const { message } of faults) expect(message).toContain(says);
});

test('one token for both is no fault where that may be', () => {
  const findings = createFindings();
  const credentials = parseCredentials(...given('tok_5f3a', 'tok_5f3a'), findings, { mayBeSame: true });
  expect(findings.faults).toEqual([]);
  expect(credentials.analyticsAuthorization).toBe('Basic tok_5f3a');
});

test('the secrets of both tokens are known, those of a faulty one too', () => {
  const { secrets } = parseCredentials(...given('sk_live_faulty token', 'Basic tok_5f3a'), createFindings());
  expect(secrets).toEqual(expect.arrayContaining(['sk_live_faulty token', 'Basic tok_5f3a', 'tok_5f3a']));
  expect(secrets).not.toContain('');
});

/** Both tokens as a config gives them. */
function given(rest: unknown, analytics: unknown) {
  return [
    { value: rest, place: '/rest_api_token' },
    { value: analytics, place: '/analytics_api_token' },
  ] as const;
}
