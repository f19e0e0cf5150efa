import { Pool } from 'undici';
import { afterEach, describe, expect, test } from 'vitest';
import { AnswerRoom } from '../../../../src/vitally/http/answer-room.ts';
import { describe as describeExchange, exchange, isTlsCode } from '../../../../src/vitally/http/exchange.ts';
import {
  closedPort,
  json,
  type Reply,
  reset,
  silence,
  startLoopback,
  text,
  truncated,
} from '../../../support/loopback.ts';

/** 32 MiB: Contract 6. */
const MAX_ANSWER_BYTES = 33_554_432;
/** 64 KiB. */
const MAX_ERROR_BODY_BYTES = 65_536;
const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function exchanged(url: string, timeoutMs = 5_000, room = new AnswerRoom()) {
  const pool = new Pool(url);
  open.push(() => pool.destroy());
  return exchange(
    pool,
    {
      origin: url,
      method: 'POST',
      path: '/resources/accounts',
      headers: {},
      body: '{}',
      timeoutMs,
    },
    room,
  );
}

async function answeredBy(reply: Reply, timeoutMs?: number) {
  const server = await startLoopback(reply);
  open.push(() => server.close());
  return exchanged(server.url, timeoutMs);
}

/** Says no length: the end of the connection is the end of the body. */
function long(bytes: number, status: number): Reply {
  return (response) => {
    response.writeHead(status);
    response.end(Buffer.alloc(bytes, 'x'));
  };
}

describe('exchange', () => {
  test.each([
    ['a body', json({ id: '1' }), { kind: 'answered', status: 200, body: { id: '1' } }],
    ['a null', text('null'), { kind: 'answered', body: null }],
    ['no body', text(''), { kind: 'answered', status: 200, body: undefined }],
    [
      'a refusal, as text',
      json({ error: 'no' }, 400),
      { kind: 'answered', status: 400, body: '{"error":"no"}' },
    ],
    [
      'a page',
      text('<p>', 200, 'text/html'),
      { kind: 'failed', code: 'NOT_JSON', status: 200, mayBeApplied: true },
    ],
    ['a reset', reset, { kind: 'failed', status: undefined, mayBeApplied: true }],
    ['an answer cut short', truncated(), { kind: 'failed', status: 200, mayBeApplied: true }],
    ['a server error cut short', truncated(500), { kind: 'failed', status: 500, mayBeApplied: true }],
    ['a refusal cut short', truncated(429), { kind: 'failed', status: 429, mayBeApplied: false }],
    [
      'an answer beyond its bound',
      long(MAX_ANSWER_BYTES + 1, 200),
      { kind: 'failed', code: 'TOO_LONG', status: 200, mayBeApplied: true },
    ],
  ] as [string, Reply, object][])('%s', async (_name, reply, expected) => {
    expect(await answeredBy(reply)).toMatchObject(expected);
  });

  test('headers come in lower case', async () => {
    const result = await answeredBy(json({}, 200, { 'RateLimit-Remaining': '7', 'RETRY-AFTER': '1' }));
    expect(result.headers).toMatchObject({ 'ratelimit-remaining': '7', 'retry-after': '1' });
  });

  test("an error's body is cut at its bound", async () => {
    const result = await answeredBy(long(10 * MAX_ERROR_BODY_BYTES, 500));
    expect(result.kind === 'answered' && result.body).toBe('x'.repeat(MAX_ERROR_BODY_BYTES));
  });

  test('silence is a time-out', async () => {
    expect(await answeredBy(silence, 50)).toMatchObject({
      kind: 'failed',
      code: 'TIMEOUT',
      mayBeApplied: true,
    });
  });

  test('no timer stays behind', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    for (const reply of [json({}), reset, text('', 500)]) await answeredBy(reply, 60_000);
    expect(timers()).toBeLessThanOrEqual(before + 1);
  });

  test('a refused connection applied nothing', async () => {
    const result = await exchanged(`http://127.0.0.1:${await closedPort()}`);
    expect(result).toMatchObject({
      kind: 'failed',
      code: 'ECONNREFUSED',
      status: undefined,
      mayBeApplied: false,
    });
  });

  test('what is no HTTP is a failure that bears none of its bytes', async () => {
    const result = await answeredBy((_response, request) => request.socket.end('marker-of-a-row\r\n\r\n'));
    expect(result).toMatchObject({
      kind: 'failed',
      code: 'NOT_HTTP',
      mayBeApplied: true,
      cause: undefined,
    });
    expect(JSON.stringify(result)).not.toContain('marker');
  });
});

test.each([
  [{ kind: 'answered', status: 502, headers: {}, body: 'marker' }, 'status 502'],
  [
    {
      kind: 'failed',
      code: 'ECONNRESET',
      status: undefined,
      headers: {},
      mayBeApplied: true,
      cause: new Error('marker'),
    },
    'error ECONNRESET',
  ],
  [
    { kind: 'failed', code: 'NOT_JSON', status: 200, headers: {}, mayBeApplied: true, cause: undefined },
    "status 200 with an answer that can't be used (NOT_JSON)",
  ],
] as const)('in words for a log: %j', (result, words) => {
  expect(describeExchange(result)).toBe(words);
});

test.each([
  ['ERR_TLS_CERT_ALTNAME_INVALID', true],
  ['ERR_SSL_WRONG_VERSION_NUMBER', true],
  ['CERT_HAS_EXPIRED', true],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', true],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', true],
  ['SELF_SIGNED_CERT_IN_CHAIN', true],
  ['EPROTO', true],
  ['ECONNRESET', false],
  ['TIMEOUT', false],
])('%s is about TLS: %s', (code, expected) => {
  expect(isTlsCode(code)).toBe(expected);
});
