import { describe, expect, test } from 'vitest';
import { catalogOf, configFor, record, state } from '../../support/messages.ts';
import { runCommand } from '../../support/run-command.ts';
import { openSandbox } from '../../support/sandboxes.ts';

const WRITE = ['write', '--config', 'config.json', '--catalog', 'catalog.json'];
const REST = 'VITALLY_REST_API_TOKEN';
const ANALYTICS = 'VITALLY_ANALYTICS_API_TOKEN';

async function write(config: Record<string, unknown>, env: Record<string, string>) {
  const sandbox = await openSandbox();
  const result = await runCommand(WRITE, {
    config: configFor(sandbox, config),
    catalog: catalogOf('accounts'),
    stdin: [record('accounts', { id: 'a', name: 'A' }), state('accounts', 1)],
    env,
  });
  return { sandbox, result };
}

describe('a token of the environment', () => {
  test.each([undefined, '', '   ', null])('is taken where the config has %j', async (token) => {
    const none = { rest_api_token: token, analytics_api_token: token };
    for (const [env, via] of [
      [{ [REST]: 'rest-token' }, 'rest'],
      [{ [REST]: `Basic ${Buffer.from('rest-token:').toString('base64')}` }, 'rest'],
      [{ [ANALYTICS]: ' analytics-token\n' }, 'analytics'],
      [{ [REST]: 'rest-token', [ANALYTICS]: 'analytics-token' }, 'analytics'],
    ] as const) {
      const { sandbox, result } = await write(none, env);
      expect(result.failure).toBeUndefined();
      expect(result.summary).toMatchObject({ streams: [{ via, received: 1 }] });
      await sandbox.settle();
      expect(sandbox.accounts.size).toBe(1);
    }
  });

  test('gives way to the config’s', async () => {
    const { result } = await write({}, { [REST]: 'sk_live_wrong', [ANALYTICS]: 'wrong-token' });
    expect(result.code).toBe(0);
  });

  test('counts as none where it is blank', async () => {
    const { result } = await write(
      { rest_api_token: undefined, analytics_api_token: undefined },
      { [REST]: ' ' },
    );
    expect(result.failure).toContain('the config has no token');
    expect(result.failure).toContain(REST);
  });

  test('is named by its variable where it is at fault, and never shown', async () => {
    const token = 'sk_live_marker of-a-token';
    const { result } = await write({ rest_api_token: undefined }, { [REST]: token });
    expect(result.failure).toContain(`${REST}: has a space`);
    expect(result.lines.join()).not.toContain('marker');
  });

  test('is redacted in every form', async () => {
    const token = 'sk_live_0123456789abcdef';
    const { result } = await write(
      { rest_api_token: undefined, analytics_api_token: undefined },
      { [REST]: token },
    );
    expect(result.failure).toMatch(/^config_error: /);
    for (const form of [token, Buffer.from(`${token}:`).toString('base64')])
      expect(result.lines.join()).not.toContain(form);
  });

  test('serves check and discover too', async () => {
    const sandbox = await openSandbox();
    const config = configFor(sandbox, { rest_api_token: undefined, analytics_api_token: undefined });
    for (const command of ['check', 'discover']) {
      const result = await runCommand([command, '--config', 'config.json'], {
        config,
        env: { [REST]: 'rest-token' },
      });
      expect(result.failure).toBeUndefined();
      expect(JSON.stringify(result.messages)).not.toContain('FAILED');
    }
  });
});
