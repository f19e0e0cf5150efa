import { expect, onTestFinished, test } from 'vitest';
import { closedPort, json, startLoopback } from '../support/loopback.ts';
import { configFor } from '../support/messages.ts';
import { runInProcess } from '../support/run-command.ts';
import { JumpingClock, START_MS } from '../support/virtual-clock.ts';

test('a server that nobody answers for is tried again for seconds, not minutes, and then named', async () => {
  const url = `http://127.0.0.1:${await closedPort()}`;
  const clock = new JumpingClock();
  const result = await runInProcess('check', { config: configFor({ url }), clock });
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
  expect(clock.now() - START_MS).toBeGreaterThan(5_000);
  expect(clock.now() - START_MS).toBeLessThan(60_000);
});

test.each(['check', 'write'])(
  '%s on a shared platform tells of both private addresses and sends nothing',
  async (command) => {
    const server = await startLoopback(json({}));
    onTestFinished(() => server.close());
    const config = configFor({ url: server.url });
    const result = await runInProcess(command, { config, env: { DEPLOYMENT_MODE: 'CLOUD' } });
    const text = JSON.stringify(result.messages);
    expect(text).toContain('/data_center/rest_url: must not be a loopback address');
    expect(text).toContain('/data_center/analytics_url: must not be a loopback address');
    expect(server.received).toEqual([]);
  },
);
