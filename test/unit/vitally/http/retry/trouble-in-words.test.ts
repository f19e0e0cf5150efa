import { describe, expect, test } from 'vitest';
import type { Failure } from '../../../../../src/vitally/http/exchange.ts';
import { troubleInWords } from '../../../../../src/vitally/http/retry/trouble-in-words.ts';

function failure(code: string, status?: number): Failure {
  return { kind: 'failed', code, status, headers: {}, mayBeApplied: false, cause: new Error('a secret') };
}

describe('every failure is told in words, with its code to search for', () => {
  const CODES = [
    'ECONNREFUSED',
    'ECONNRESET',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ETIMEDOUT',
    'EPIPE',
    'UND_ERR_SOCKET',
    'UND_ERR_CONNECT_TIMEOUT',
    'UND_ERR_PRX_CONN',
    'UND_ERR_PRX_TLS',
    'UND_ERR_HEADERS_OVERFLOW',
    'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
    'CERT_HAS_EXPIRED',
    'TIMEOUT',
    'NOT_HTTP',
    'NOT_JSON',
    'TOO_LONG',
    'A_CODE_TO_COME',
  ];

  test.each(CODES)('%s', (code) => {
    const words = troubleInWords(failure(code));
    expect(words).toMatch(/^[a-z][a-zA-Z0-9, ]+ \([A-Z0-9_]+\)$/);
    expect(words).toContain(`(${code})`);
    expect(words.replace(code, '')).not.toMatch(/UND_ERR|[A-Z]{6}/);
  });
});

test.each([500, 502, 503, 504, 408, 599])('status %d', (status) => {
  expect(troubleInWords({ kind: 'answered', status, headers: {}, body: 'secret' })).toMatch(
    new RegExp(`^the server [a-zA-Z, ]+ \\(status ${status}\\)$`),
  );
});

test('an answer that cannot be used has both', () => {
  expect(troubleInWords(failure('NOT_JSON', 200))).toBe('the answer is no JSON (status 200, NOT_JSON)');
});
