import { describe, expect, test } from 'vitest';
import { SANDBOX_SWITCHES } from '../../src/sandbox/index.ts';
import { runCommand, Sink, startCommand } from '../support/run-command.ts';
import { Api } from '../support/sandbox/client.ts';

/** Starts the command, and gives its URL and what ends it. */
async function start(...args: readonly string[]): Promise<{ url: string; end: () => Promise<number> }> {
  const listens = Promise.withResolvers<() => void>();
  const { output, ended } = startCommand(['sandbox', '--port', '0', ...args], {
    onSignal: (handler) => {
      listens.resolve(() => handler('SIGTERM'));
      return () => {};
    },
  });
  const end = await listens.promise;
  expect(output.messages).toHaveLength(1);
  return {
    url: String(output.messages[0]?.url),
    end: async () => {
      end();
      return (await ended).code;
    },
  };
}

test('says its URL in one line of JSON, answers, and ends with a signal', async () => {
  const { url, end } = await start();
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect((await new Api(url).get('/accounts')).status).toBe(200);
  expect(await end()).toBe(0);
  await expect(new Api(url).get('/accounts')).rejects.toThrow(Error);
});

test('flags reach it', async () => {
  const { url, end } = await start(
    '--rest-token=rest-token',
    '--profile',
    'not-found-400,no-created-at',
    '--fault-rate=1',
    '--fault-kinds=503',
  );
  const api = new Api(url);
  expect((await api.get('/accounts/x')).status).toBe(503);
  await api.control('PUT', 'faults', { rate: 0 });
  expect(await end()).toBe(0);
});

test('--help lists flags and switches', async () => {
  const stdout = new Sink();
  const result = await runCommand(['sandbox', '--help'], { stdout });
  expect(result).toMatchObject({ code: 0, stderr: '' });
  for (const word of ['--write-cost', '--analytics-delay-ms', ...Object.keys(SANDBOX_SWITCHES)])
    expect(stdout.text).toContain(word);
});

describe('what can’t be: exit 2 and a line on stderr', () => {
  test.each([
    { args: ['--profile', 'no-such-switch'], says: 'unknown sandbox switch: no-such-switch' },
    { args: ['--latency-ms', 'soon'], says: '--latency-ms must be a number' },
    { args: ['--write-cost=-1'], says: '--write-cost must be a number' },
    { args: ['--fault-kinds', 'earthquake'], says: 'earthquake is no kind of fault' },
  ])('$args', async ({ args, says }) => {
    const result = await runCommand(['sandbox', '--port', '0', ...args]);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(says);
    expect(result.lines).toEqual([]);
  });

  test('a port that is taken', async () => {
    const { url, end } = await start();
    const result = await runCommand(['sandbox', '--port', new URL(url).port]);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('EADDRINUSE');
    await end();
  });
});
