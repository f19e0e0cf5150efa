import { expect, test } from 'vitest';
import { record } from '../support/messages.ts';
import { sync } from '../support/objects/syncs.ts';
import { at } from '../support/sandbox/client.ts';
import { openSandbox } from '../support/sandboxes.ts';

test('the summary says what was read for each stream, and which APIs carried its rows', async () => {
  const sandbox = await openSandbox();
  sandbox.seed('accounts', [
    { externalId: 'a', name: 'A', traits: { plan: 'pro' } },
    { externalId: 'b', name: 'B' },
  ]);
  sandbox.seed('organizations', [{ externalId: 'o', name: 'O' }]);
  const program = await sync(sandbox, {
    streams: [
      { stream: 'accounts', object: 'account' },
      { stream: 'users', object: 'user' },
      { stream: 'notes', object: 'note' },
      { stream: 'none', object: 'organization' },
    ],
    rows: [
      record('accounts', { id: 'a', name: 'A', plan: null }),
      record('accounts', { id: 'c', name: 'C' }),
      record('users', { id: 'u', email: 'u@example.com', organizationId: 'o' }),
      record('notes', { id: 'n', note: 'Hi', noteDate: '2026-01-01', accountId: 'b' }),
    ],
  });
  expect(program.code).toBe(0);
  const streams = at(program.summary, 'streams');
  const told = Array.isArray(streams)
    ? streams.map((one) => ({ via: at(one, 'via'), reads: at(one, 'reads') }))
    : streams;
  expect(told).toEqual([
    { via: 'analytics, rest', reads: { nulls: 1, verify: 1 } },
    { via: 'analytics', reads: { parents: 1, verify: 1 } },
    { via: 'rest', reads: { known: 2 } },
    { via: 'analytics', reads: undefined },
  ]);
});
