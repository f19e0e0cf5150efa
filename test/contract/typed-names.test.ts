import { expect, test } from 'vitest';
import { catalogOf, configFor } from '../support/messages.ts';
import { runCommand } from '../support/run-command.ts';
import { openSandbox } from '../support/sandboxes.ts';

const TOKEN = 'rest-token';
const SOUND = { stream: 'accounts', object: 'account', sync_key: ['id'] };

/** Each place of an entry whose text is shown, with a token pasted into it. */
const PASTED: readonly Record<string, unknown>[] = [
  { ...SOUND, object: TOKEN },
  { ...SOUND, object: `custom_object:${TOKEN}` },
  { ...SOUND, object: 'custom_object', custom_object: TOKEN },
  { ...SOUND, stream: TOKEN, object: 'spaceship' },
  { ...SOUND, namespace: TOKEN },
  {
    ...SOUND,
    sync_key: [TOKEN],
    fields: [
      { source: TOKEN, destination: 'externalId' },
      { source: 'x', destination: 'externalId' },
    ],
  },
  {
    ...SOUND,
    fields: [
      { source: 'a', destination: TOKEN },
      { source: 'b', destination: TOKEN },
    ],
  },
  { ...SOUND, if_empty: [TOKEN] },
  {
    ...SOUND,
    constants: [
      { destination: TOKEN, value: 'x' },
      { destination: TOKEN, value: 'y' },
    ],
  },
  { ...SOUND, [TOKEN.replace('-', '_')]: TOKEN },
  { ...SOUND, mode: TOKEN },
];

test.each(PASTED)('a token pasted into an entry is not shown by check or write: %j', async (entry) => {
  const sandbox = await openSandbox();
  const config = configFor(sandbox, { streams: [entry], rest_api_token: TOKEN });
  const catalog = catalogOf('accounts');
  for (const args of [
    ['check', '--config', 'config.json'],
    ['write', '--config', 'config.json', '--catalog', 'catalog.json'],
  ]) {
    const { lines, stderr } = await runCommand(args, { config, catalog, stdin: [] });
    expect(lines.join('\n') + stderr).not.toContain(TOKEN);
  }
});
