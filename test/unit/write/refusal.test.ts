import { describe, expect, test } from 'vitest';
import { objectByName } from '../../../src/objects/index.ts';
import { refusal } from '../../../src/write/refusal.ts';
import { no } from '../../support/scripted.ts';
import { writeOf } from '../../support/workspace.ts';

const account = objectByName('account');
const row = writeOf('a-1', { name: 'Geheimrat' }, { plan: 'goldrand', mrr: 'viel' });

test.each([
  { answer: no('refused', 'name must be a string', 400), code: 'refused', field: 'name' },
  { answer: no('refused', 'MRR must be a number', 422), code: 'refused', field: 'mrr' },
  { answer: no('refused', 'Bad Request', 400), code: 'refused', field: undefined },
  { answer: no('refused', '', 418), code: 'refused', field: undefined },
  { answer: no('too_large', 'Request Entity Too Large', 413), code: 'too_large', field: undefined },
  { answer: no('exists', 'name is already in use', 409), code: 'already_taken', field: 'name' },
  { answer: no('not_found', 'organizationId not found', 404), code: 'refused', field: 'organizationId' },
] as const)('$answer.kind ($answer.text) is $code', ({ answer, code, field }) => {
  const error = refusal(account, row, answer);
  expect(error).toMatchObject({ code, field, httpStatus: answer.status, detail: answer.text });
  expect(error.message).toContain(String(answer.status));
  expect(error.fix).not.toBe('');
});

describe('the message', () => {
  test('says what Vitally said, without the row’s words; the detail has them', () => {
    const text = 'name "Geheimrat" with plan goldrand is not allowed';
    const error = refusal(account, row, no('refused', text));
    expect(error.message).toBe('Vitally refused the account (HTTP 400): name "…" with plan … is not allowed');
    expect(error.detail).toBe(text);
  });

  test('ends without a colon where Vitally said nothing', () => {
    expect(refusal(account, row, no('refused', '')).message).toBe('Vitally refused the account (HTTP 400)');
  });
});
