import { expect, test } from 'vitest';
import { BY_REST, catalogOf, configFor, configured, record, state } from '../support/messages.ts';
import { runCommand } from '../support/run-command.ts';
import { openSandbox } from '../support/sandboxes.ts';

const WRITE = ['write', '--config', 'config.json', '--catalog', 'catalog.json'];
const streams = [
  { stream: 'a', object: 'custom_object', custom_object: 'Spaceship' },
  { stream: 'b', object: 'custom_object:Sites' },
  { stream: 'c', object: 'custom_object', custom_object: 'Unicorn' },
];

test.each([{ tokens: {} }, { tokens: BY_REST }])(
  'a custom object that is not there is told before the first record is read ($tokens)',
  async ({ tokens }) => {
    const sandbox = await openSandbox();
    sandbox.seed('customObjects', [{ name: 'sites', label: 'Sites', writeMode: 'writable' }]);
    const result = await runCommand(WRITE, {
      config: configFor(sandbox, { streams, ...tokens }),
      catalog: catalogOf('a', 'b', 'accounts'),
      stdin: [record('accounts', { id: 'x', name: 'X' }), state('accounts', 1)],
    });
    expect(result.code).toBe(1);
    // The entry of a stream that this connection lacks may be another connection's.
    expect(result.failure).toMatch(
      /^config_error: \/streams\/0\/custom_object: stream a: .*"Spaceship"; it has "sites"/,
    );
    expect(result.messagesOf('STATE')).toEqual([]);
    expect(sandbox.requests().map(({ method, path }) => `${method} ${path}`)).toEqual([
      expect.stringMatching(/^GET \/resources\/customObjects/),
    ]);
  },
);

test('a mapped stream names it in the catalog', async () => {
  const sandbox = await openSandbox();
  const mapped = {
    ...configured('s', { key: 'externalId' }),
    destination_object_name: 'custom_object:Spaceship',
  };
  const result = await runCommand(WRITE, {
    config: configFor(sandbox),
    catalog: { streams: [mapped] },
    stdin: [],
  });
  expect(result.failure).toMatch(/catalog\/streams\/0\/destination_object_name: .*shows none at all/);
});
