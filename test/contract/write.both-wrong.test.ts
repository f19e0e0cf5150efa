import { expect, test } from 'vitest';
import { catalogOf, configured } from '../support/messages.ts';
import { runCommand } from '../support/run-command.ts';

const WRITE = ['write', '--config', 'config.json', '--catalog', 'catalog.json'];
const SOUND = { data_center: { region: 'eu' }, rest_api_token: 'sk_live_0123456789' };
const UNKNOWN_MODE = { streams: [configured('accounts', { mode: 'replace' })] };

test.each([
  {
    what: 'no catalog file',
    config: { ...SOUND, write_via: 'x' },
    catalog: undefined,
    says: [/^\/write_via: /m, /catalog\.json is not there/],
  },
  {
    what: 'a catalog that is no JSON',
    config: { ...SOUND, write_via: 'x' },
    catalog: '{',
    says: [/^\/write_via: /m, /catalog file .* is not JSON/],
  },
  {
    what: 'a config that is no JSON',
    config: '{',
    catalog: UNKNOWN_MODE,
    says: [/config file .* is not JSON/, /^catalog\/streams\/0\/destination_sync_mode: /m],
  },
  {
    what: 'a config that is a list',
    config: [],
    catalog: UNKNOWN_MODE,
    says: [/the config must be a JSON object/, /^catalog\/streams\/0\/destination_sync_mode: /m],
  },
  {
    what: 'both no JSON',
    config: '',
    catalog: '',
    says: [/config file .* is empty/, /catalog file .* is empty/],
  },
  {
    what: 'faults in both',
    config: { ...SOUND, write_via: 'x' },
    catalog: UNKNOWN_MODE,
    says: [/^\/write_via: /m, /^catalog\/streams\/0\/destination_sync_mode: /m],
  },
])('$what beside another fault: both are told at once', async ({ config, catalog, says }) => {
  const result = await runCommand(WRITE, { config, catalog, stdin: [] });
  expect(result.code).toBe(1);
  for (const pattern of says) expect(result.failure?.replace(/^config_error: /, '')).toMatch(pattern);
  expect(result.failure).toMatch(/^config_error: 2 faults in config and catalog:/);
});

test('a config that cannot be read, beside a sound catalog, is one fault', async () => {
  const result = await runCommand(WRITE, { catalog: catalogOf('accounts'), stdin: [] });
  expect(result.failure).toMatch(/^config_error: the config file \S+config\.json is not there$/);
});
