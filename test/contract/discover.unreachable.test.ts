import { expect, test } from 'vitest';
import { closedPort } from '../support/loopback.ts';
import { configFor } from '../support/messages.ts';
import { runCommand } from '../support/run-command.ts';

// In a file of its own: it takes as long as a discover tries before it gives up.
test('a discover of a Vitally that nobody reaches is a transient_error', async () => {
  const target = { url: `http://127.0.0.1:${await closedPort()}` };
  const result = await runCommand(['discover', '--config', 'config.json'], { config: configFor(target) });
  expect(result.code).toBe(1);
  expect(result.failure).toMatch(/^transient_error: /);
  expect(result.messagesOf('DESTINATION_CATALOG')).toEqual([]);
});
