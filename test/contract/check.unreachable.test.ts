import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { configFor } from '../support/messages.ts';
import { runCommand } from '../support/run-command.ts';

/** A port of the loopback interface that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

test('a server that nobody answers for is tried again for seconds, not minutes, and then named', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const result = await runCommand(['check', '--config', 'config.json'], { config: configFor({ url }) });
  expect(result.code).toBe(0);
  expect(result.messages).toMatchObject([
    {
      type: 'CONNECTION_STATUS',
      connectionStatus: {
        status: 'FAILED',
        message: expect.stringMatching(/127\.0\.0\.1:\d+ kept failing .*ECONNREFUSED/),
      },
    },
  ]);
}, 40_000);
