import { createServer } from 'node:http';
import fc from 'fast-check';
import { Pool } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import { AnswerRoom } from '../../../../src/vitally/http/answer-room.ts';
import { exchange } from '../../../../src/vitally/http/exchange.ts';
import { listen, type Reply, startLoopback } from '../../../support/loopback.ts';

const never = new AbortController().signal;

describe('the room for answers', () => {
  test('lets answers in together while half of it is left', () => {
    const room = new AnswerRoom(100);
    const [first, second] = [room.begin(), room.begin()];
    expect(second.take(50, never)).toBeUndefined();
    expect(first.take(50, never)).toBeUndefined();
  });

  test('makes a later answer wait until an earlier one is done', async () => {
    const room = new AnswerRoom(100);
    const [first, second, third] = [room.begin(), room.begin(), room.begin()];
    expect(first.take(30, never)).toBeUndefined();
    expect(second.take(40, never)).toBeUndefined();
    const waiting = third.take(20, never);
    expect(waiting).toBeInstanceOf(Promise);
    second.release();
    await waiting;
    first.release();
    expect(third.take(500, never)).toBeUndefined();
  });

  test('always lets the first answer go on', () => {
    const room = new AnswerRoom(100);
    const [first, second] = [room.begin(), room.begin()];
    expect(second.take(60, never)).toBeInstanceOf(Promise);
    expect(first.take(50, never)).toBeUndefined();
    first.release();
    expect(second.take(50, never)).toBeUndefined();
  });

  test('waits no longer than the request may last', async () => {
    const room = new AnswerRoom(100);
    room.begin();
    const timeout = new AbortController();
    const waiting = room.begin().take(60, timeout.signal);
    timeout.abort();
    await waiting;
  });

  test('every answer gets to its end, in any order of chunks, and together they stay within the room', async () => {
    const CHUNK = 10;
    const chunks = fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(chunks, fc.scheduler(), async (answers, scheduler) => {
        const room = new AnswerRoom(200);
        let held = 0;
        const read = async (count: number) => {
          await scheduler.schedule(Promise.resolve());
          const share = room.begin();
          for (let n = 0; n < count; n++) {
            held += CHUNK;
            // Each reader may have one chunk that there was no room for.
            expect(held).toBeLessThanOrEqual(200 + CHUNK * answers.length);
            await share.take(CHUNK, never);
            await scheduler.schedule(Promise.resolve());
          }
          share.release();
          held -= count * CHUNK;
        };
        await scheduler.waitFor(Promise.all(answers.map(read)));
        expect(held).toBe(0);
      }),
    );
  });
});

test('large answers that come at once are read one after the other, each whole', async () => {
  const size = 1_000_000;
  const body = JSON.stringify({ text: 'x'.repeat(size) });
  const reply: Reply = (response) => {
    response.writeHead(200);
    response.end(body);
  };
  const server = await startLoopback(reply, reply, reply, reply);
  const pool = new Pool(server.url);
  onTestFinished(async () => {
    await pool.destroy();
    await server.close();
  });
  const request = {
    origin: server.url,
    method: 'GET',
    path: '/',
    headers: {},
    body: undefined,
    timeoutMs: 20_000,
  } as const;
  // Half of this room holds a part of one answer.
  const room = new AnswerRoom(200_000);
  const results = await Promise.all([1, 2, 3, 4].map(() => exchange(pool, request, room)));
  expect(results.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(results.every((result) => JSON.stringify('body' in result && result.body) === body)).toBe(true);
});

test('an answer that waits for the room of one that never ends is a time-out', async () => {
  const server = createServer((request, response) => {
    response.writeHead(200);
    response.write('x'.repeat(request.url === '/first' ? 1 : 300_000));
  });
  const url = `http://127.0.0.1:${await listen(server)}`;
  const pool = new Pool(url);
  onTestFinished(async () => {
    await pool.destroy();
    server.closeAllConnections();
    server.close();
  });
  const request = { origin: url, method: 'GET', headers: {}, body: undefined, timeoutMs: 200 } as const;
  const room = new AnswerRoom(100_000);
  const first = exchange(pool, { ...request, path: '/first' }, room);
  const second = exchange(pool, { ...request, path: '/second' }, room);
  expect(await Promise.all([first, second])).toMatchObject([{ code: 'TIMEOUT' }, { code: 'TIMEOUT' }]);
});
