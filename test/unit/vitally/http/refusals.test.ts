import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classify, errorText, isRefusalBody } from '../../../../src/vitally/http/refusals.ts';

describe('errorText finds the words of a refusal', () => {
  test.each([
    [
      'the documented envelope',
      '{"error":"Authorization header not present."}',
      'Authorization header not present.',
    ],
    ['an error object', '{"error":{"message":"name is required","code":3}}', 'name is required'],
    ['message', '{"message":"externalId is required"}', 'externalId is required'],
    ['a list of messages', '{"message":["a is bad","b is bad"]}', 'a is bad; b is bad'],
    ['errors as texts', '{"errors":["a is bad","b is bad"]}', 'a is bad; b is bad'],
    ['errors as objects', '{"errors":[{"message":"a is bad"},{"error":"b is bad"}]}', 'a is bad; b is bad'],
    ['both error and message', '{"message":"second","error":"first"}', 'first; second'],
    ['all three', '{"error":"one","message":"two","errors":["three"]}', 'one; two; three'],
    [
      "NestJS' envelope",
      '{"statusCode":400,"message":["name must be a string","mrr must be a number"],"error":"Bad Request"}',
      'Bad Request; name must be a string; mrr must be a number',
    ],
    [
      'no words twice',
      '{"error":"Name is bad.","message":"name is bad","errors":["name is bad","no"]}',
      'Name is bad.; no',
    ],
    ['the fuller of two', '{"error":"is bad","message":"name is bad"}', 'name is bad'],
    [
      'errors by field',
      '{"errors":{"name":["is required"],"mrr":"is no number"}}',
      'name: is required; mrr: is no number',
    ],
    ['message where error is empty', '{"error":"","message":"told"}', 'told'],
    ['message where error is null', '{"error":null,"message":"told"}', 'told'],
    ['message where error has no words', '{"error":{"code":3},"message":"told"}', 'told'],
    ['a JSON text', '"no"', 'no'],
    ['a page', '<html>Bad Gateway</html>', '<html>Bad Gateway</html>'],
    ['plain text with blanks around', '  Bad Request\n', 'Bad Request'],
    ['JSON without words', '{"code":17}', '{"code":17}'],
    ['nothing', '', ''],
    ['a hostile key', '{"__proto__":{"error":"inherited"},"message":"own"}', 'own'],
  ])('%s', (_name, body, expected) => {
    expect(errorText(body)).toBe(expected);
  });

  test.each([
    [{ error: 'Account not found' }, 'Account not found'],
    [{ id: 'x' }, '{"id":"x"}'],
    [null, 'null'],
  ])('in JSON that has been parsed: %j', (body, expected) => {
    expect(errorText(body)).toBe(expected);
  });

  test('is bounded', () => {
    expect(errorText('x'.repeat(100_000)).length).toBeLessThanOrEqual(2_001);
    expect(errorText(JSON.stringify({ errors: Array(1_000).fill('no') })).length).toBeLessThan(200);
  });

  test('never throws and never grows, whatever the body', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json({ maxDepth: 8 })), (body) => {
        expect(errorText(body).length).toBeLessThanOrEqual(Math.max(body.length + 1, 2_001));
      }),
    );
  });
});

describe('classify tells what a refusal means', () => {
  test.each([
    [404, '', 'not_found'],
    [404, 'Duplicate', 'not_found'],
    [400, 'Account not found', 'not_found'],
    [422, 'User does not exist', 'not_found'],
    [400, "organization doesn't exist", 'not_found'],
    [400, 'organization doesn’t exist', 'not_found'],
    [400, 'No such user', 'not_found'],
    [500, 'Could not find user', 'not_found'],
    [200, 'not found', 'not_found'],
    [409, '', 'exists'],
    [409, 'version conflict', 'exists'],
    [400, 'externalId already exists', 'exists'],
    [422, 'externalId is already in use', 'exists'],
    [400, 'externalId has already been taken', 'exists'],
    [400, 'externalId already taken', 'exists'],
    [400, 'Duplicate key', 'exists'],
    [422, 'externalId must be unique', 'exists'],
    [400, 'externalId is not unique', 'exists'],
    [200, 'already exists', 'exists'],
    [405, 'already exists', 'refused'],
    [413, '', 'too_large'],
    [400, 'Payload too large', 'too_large'],
    [400, 'name is too long', 'too_large'],
    [400, 'batch exceeds the limit of 100', 'too_large'],
    [400, 'request entity exceeds maximum size', 'too_large'],
    [422, 'too long', 'refused'],
    [400, 'Must specify at least one of: accountIds or organizationIds', 'refused'],
    [400, '', 'refused'],
    [422, 'name is required', 'refused'],
  ] as const)('%i %j is %s', (status, text, kind) => {
    expect(classify(status, text)).toBe(kind);
  });
});

describe('isRefusalBody: an object with `error` and no `id`', () => {
  test.each([
    [{ error: 'not found' }, true],
    [{ error: { message: 'not found' } }, true],
    [{ error: '' }, true],
    [{ error: null }, false],
    [{ error: false }, false],
    [{ id: '1', error: 'a trait of this name' }, false],
    [{ results: [], next: null }, false],
    [{ message: 'Success.' }, false],
    [[{ error: 'x' }], false],
    ['error', false],
    [null, false],
    [undefined, false],
  ])('%j: %s', (body, expected) => {
    expect(isRefusalBody(body)).toBe(expected);
  });
});
