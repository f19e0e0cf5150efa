import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../../src/errors/config-error.ts';
import type { Route } from '../../../src/mapping/route.ts';
import { deleteGuard } from '../../../src/write/delete-limit.ts';
import type { BeforeDelete } from '../../../src/write/rest/before-delete.ts';
import { BY_REST, catalogOf, configFor, record } from '../../support/messages.ts';
import { routeOf } from '../../support/routes.ts';
import { runCommand } from '../../support/run-command.ts';
import { openSandbox } from '../../support/sandboxes.ts';
import { no, ok, Script } from '../../support/scripted.ts';
import { openWorkspace, writeOf } from '../../support/workspace.ts';

const LIST = 'GET /accounts?limit=100&sortBy=createdAt&status=activeOrChurned';

function deletesOf(deleteLimit: Route['deleteLimit'], stream = 'gone'): Route {
  return routeOf('account', { mode: 'delete', stream, deleteLimit });
}

/** How many deletes pass before the guard stops the run. */
async function passed(guard: BeforeDelete, route: Route, tries: number): Promise<number> {
  for (let count = 0; count < tries; count++) {
    try {
      const ended = await guard(route, async () => true);
      if (ended !== 'absent') ended(true);
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      return count;
    }
  }
  return tries;
}

test.each([
  { limit: { count: 0 }, tries: 5, pass: 0 },
  { limit: { count: 3 }, tries: 5, pass: 3 },
  { limit: { count: 1_000 }, tries: 5, pass: 5 },
])('a limit of $limit lets $pass of $tries through and asks nothing', async ({ limit, tries, pass }) => {
  const script = new Script();
  expect(await passed(deleteGuard({ send: script.send }), deletesOf(limit), tries)).toBe(pass);
  expect(script.asked()).toEqual([]);
});

test('streams have limits of their own', async () => {
  const guard = deleteGuard({ send: new Script().send });
  expect(await passed(guard, deletesOf({ count: 1 }), 3)).toBe(1);
  expect(await passed(guard, deletesOf({ count: 2 }, 'other'), 3)).toBe(2);
});

test('the fault names the stream, the limit and what to do', async () => {
  const guard = deleteGuard({ send: new Script().send });
  await expect(guard(deletesOf({ count: 0 }), async () => true)).rejects.toThrow(
    /stream gone .* delete_limit of 0 accounts.*Raise delete_limit/,
  );
});

describe('a percent', () => {
  const page = (count: number, next: string | null) =>
    ok({ results: Array.from({ length: count }, () => ({})), next });

  test.each([
    { percent: 10, of: 25, pass: 2 },
    { percent: 0, of: 25, pass: 0 },
    { percent: 100, of: 25, pass: 25 },
    { percent: 50, of: 0, pass: 0 },
  ])('$percent % of $of lets $pass through', async ({ percent, of, pass }) => {
    const script = new Script({ [LIST]: page(of, null) });
    expect(await passed(deleteGuard({ send: script.send }), deletesOf({ percent }), 30)).toBe(pass);
    expect(script.asked()).toEqual([LIST]);
  });

  test('counts every page, once for deletes at the same time', async () => {
    const script = new Script({ [LIST]: page(100, 'c/1'), [`${LIST}&from=c%2F1`]: page(50, '') });
    const guard = deleteGuard({ send: script.send });
    const route = deletesOf({ percent: 2 });
    const results = await Promise.allSettled(
      Array.from({ length: 5 }, async () => {
        const ended = await guard(route, async () => true);
        if (ended !== 'absent') ended(true);
      }),
    );
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    expect(script.asked()).toEqual([LIST, `${LIST}&from=c%2F1`]);
  });

  test.each([{ answer: no('refused', 'no') }, { answer: ok({}) }, { answer: ok([]) }])(
    'of what Vitally doesn’t list is a fault of the config: $answer',
    async ({ answer }) => {
      const guard = deleteGuard({ send: new Script({ [LIST]: answer }).send });
      await expect(guard(deletesOf({ percent: 5 }), async () => true)).rejects.toThrow(/give it as a count/);
    },
  );
});

test('a delete past the limit never reaches Vitally; unknown keys don’t count', async () => {
  const { write, seed, sandbox } = await openWorkspace();
  const route = deletesOf({ count: 2 });
  for (const key of ['a', 'b', 'c']) seed('accounts', { externalId: key, name: key });
  await write(route, writeOf('0b7b41f4-15d2-4c7c-9d3f-2f1c4e6a8b90'));
  await write(route, writeOf('a'));
  await write(route, writeOf('b'));
  await expect(write(route, writeOf('c'))).rejects.toThrow(ConfigError);
  expect(sandbox.accounts.all()).toHaveLength(1);
});

describe.each([{ limit: { count: 2 } }, { limit: { percent: 50 } }])('a limit of $limit', ({ limit }) => {
  const keys = ['gone-1', 'a', 'gone-2', 'gone-3', 'b', 'gone-4', 'c', 'gone-5'];

  test.each([{ together: false }, { together: true }])(
    'counts what was there alone, and says how far it came; rows together: $together',
    async ({ together }) => {
      const workspace = await openWorkspace();
      const { outcome, seed, sandbox } = workspace;
      for (const key of ['a', 'b', 'c', 'd']) seed('accounts', { externalId: key, name: key });
      const route = deletesOf(limit);
      const outcomes: string[] = [];
      const one = async (key: string): Promise<void> => {
        outcomes.push(await outcome(route, writeOf(key)).catch((error: Error) => error.message));
      };
      if (together) await Promise.all(keys.map(one));
      else for (const key of keys) await one(key);
      expect(outcomes.filter((text) => text === 'deleted')).toHaveLength(2);
      expect(outcomes.filter((text) => text === 'skipped')).toHaveLength(5);
      expect(outcomes.filter((text) => /2 are deleted already/.test(text))).toHaveLength(1);
      expect(sandbox.accounts.size).toBe(2);
    },
  );
});

test('churned accounts count too', async () => {
  const { write, seed, sandbox } = await openWorkspace();
  for (const key of ['a', 'b', 'c', 'd'])
    seed('accounts', { externalId: key, name: key, traits: { churnedAt: '2026-01-01T00:00:00.000Z' } });
  await write(deletesOf({ percent: 25 }), writeOf('a'));
  expect(sandbox.accounts.all()).toHaveLength(3);
});

test('instances of a custom object are counted where they are listed', async () => {
  const list = 'GET /customObjects/v-9/instances?limit=100&sortBy=createdAt&archived=false';
  const script = new Script({
    'GET /customObjects?limit=100&sortBy=createdAt': ok({
      results: [{ id: 'v-9', name: 'site' }],
      next: null,
    }),
    [list]: ok({ results: [{}, {}, {}, {}], next: null }),
  });
  const route = routeOf('custom_object', {
    mode: 'delete',
    stream: 'gone',
    customObject: 'site',
    deleteLimit: { percent: 50 },
  });
  expect(await passed(deleteGuard({ send: script.send }), route, 5)).toBe(2);
  expect(script.asked()).toContain(list);
});

test('the error says as many rows left as the summary', async () => {
  const sandbox = await openSandbox();
  const keys = Array.from({ length: 60 }, (_, index) => `a-${index}`);
  sandbox.seed(
    'accounts',
    keys.map((externalId) => ({ externalId, name: externalId })),
  );
  const result = await runCommand(['write', '--config', 'config.json', '--catalog', 'catalog.json'], {
    config: configFor(sandbox, {
      ...BY_REST,
      streams: [
        {
          stream: 'accounts',
          object: 'account',
          mode: 'delete',
          sync_key: ['id'],
          delete_limit: { count: 5 },
        },
      ],
    }),
    catalog: catalogOf('accounts'),
    stdin: keys.flatMap((id) => [record('accounts', { id: `gone-${id}` }), record('accounts', { id })]),
  });
  const stream = (result.summary as { streams: { deleted: number; unsettled: number }[] }).streams[0];
  expect(stream?.deleted).toBe(5);
  expect(stream?.unsettled).toBeGreaterThan(0);
  expect(result.failure).toContain(
    `5 are deleted already, ${stream?.unsettled} rows read and not settled are left`,
  );
  expect(result.failure).toContain(`${stream?.unsettled} of them with unknown fate`);
});
