import { expect, onTestFinished, test } from 'vitest';
import { json, type Reply, startLoopback } from '../support/loopback.ts';
import { catalogOf, configFor, record } from '../support/messages.ts';
import { type Result, runCommand } from '../support/run-command.ts';
import { QuickClock } from '../support/virtual-clock.ts';
import { openWorkspace } from '../support/workspace.ts';

async function sync(config: object, name: string, rows: readonly object[]): Promise<Result> {
  return await runCommand(['write', '--config', 'config.json', '--catalog', 'catalog.json'], {
    config,
    catalog: catalogOf(name),
    stdin: rows.map((row) => record(name, row)),
    clock: new QuickClock(200),
  });
}

/** A server before the sandbox that answers requests for lists by what changed last, and passes on all others. */
async function before(url: string, reply: Reply): Promise<string> {
  const server = await startLoopback(async (response, request, index) => {
    if (request.url?.includes('sortBy=updatedAt')) return reply(response, request, index);
    const { authorization = '' } = request.headers;
    const body = server.received[index]?.body ?? '';
    const answer = await fetch(url + request.url, {
      method: request.method ?? 'GET',
      headers: { authorization, 'content-type': 'application/json' },
      ...(body !== '' && { body }),
    });
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(await answer.text());
  });
  onTestFinished(() => server.close());
  return server.url;
}

const tooLong: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(`{"results": [], "pad": "${'x'.repeat(33 * 1024 * 1024)}"}`);
};

test.each([
  ['404', json({ error: 'not found' }, 404)],
  ['400', json({ error: 'no such order' }, 400)],
  ["403 in Vitally's envelope", json({ error: 'forbidden' }, 403)],
  ['a page above 32 MiB', tooLong],
  ['a list of nothing that can be read', json({ results: 'none' })],
  ['a list that names one cursor for ever', json({ results: [], next: 'again' })],
])('a list that ends in %s is told, and fails no run', async (_, reply) => {
  const { sandbox } = await openWorkspace();
  const url = await before(sandbox.url, reply);
  const config = configFor({ url }, { verify_accepted: 'all' });
  const result = await sync(config, 'accounts', [{ id: 'a', name: 'A' }]);
  expect(result.code).toBe(0);
  expect(result.summary).toMatchObject({ status: 'succeeded', streams: [{ accepted: 1, rejected: 0 }] });
  expect(result.logsOf('WARN').join()).toMatch(/could not be read .*not checked/);
});

const ROWS = {
  accounts: { id: 'a', name: 'A', plan: 'pro' },
  organizations: { id: 'o', name: 'O', plan: 'pro' },
  users: { id: 'u', name: 'U', email: 'u@acme.test', accountId: 'known', plan: 'pro' },
} as const;

test.each(Object.keys(ROWS) as (keyof typeof ROWS)[])(
  '%s: lost, altered and kept messages are told apart',
  async (name) => {
    const counts = [];
    for (const profile of [[], ['analytics-loses'], ['analytics-alters']] as const) {
      const { sandbox, seed } = await openWorkspace({ profile: [...profile] });
      await seed('accounts', { externalId: 'known', name: 'Known' });
      const config = configFor(sandbox, { verify_accepted: 'all' });
      const result = await sync(config, name, [ROWS[name]]);
      expect(result.code).toBe(0);
      counts.push(result.summary);
    }
    expect(counts).toMatchObject([
      { streams: [{ accepted: 1, verified: 1, not_shown: 0, differs: 0 }] },
      { streams: [{ accepted: 1, verified: 0, not_shown: 1, differs: 0 }] },
      { streams: [{ accepted: 1, verified: 0, not_shown: 0, differs: 1 }] },
    ]);
  },
);
