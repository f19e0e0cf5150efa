import { expect, test } from 'vitest';
import { closedPort } from '../support/loopback.ts';
import { configFor } from '../support/messages.ts';
import { runInProcess } from '../support/run-command.ts';
import { JumpingClock } from '../support/virtual-clock.ts';

test('a discover of a Vitally that nobody reaches is a transient_error', async () => {
  const target = { url: `http://127.0.0.1:${await closedPort()}` };
  const result = await runInProcess('discover', { config: configFor(target), clock: new JumpingClock() });
  expect(result.code).toBe(1);
  expect(result.failure).toMatch(/^transient_error: /);
  expect(result.messagesOf('DESTINATION_CATALOG')).toEqual([]);
});
