import { expect, test } from 'vitest';
import { serverThat } from '../support/hostile-server.ts';
import { catalogOf, configFor, record, state } from '../support/messages.ts';
import { contentOf, countsOf, imbalance } from '../support/output.ts';
import { runInProcess } from '../support/run-command.ts';
import { at } from '../support/sandbox/client.ts';
import { openSandbox } from '../support/sandboxes.ts';

const ROWS = [
  record('organizations', { id: 'o', name: 'Org' }),
  record('accounts', { id: 'old', name: 'After', organizationId: 'o', plan: 'pro', gone: null }),
  record('accounts', { id: 'new', name: 'New', organizationId: 'o', plan: 'pro' }),
  record('users', { id: 'u', name: 'User', accountIds: ['old', 'new'], email: 'u@example.com' }),
  record('events', { id: 'e', event: 'Opened', userId: 'u', accountId: 'new', screen: 'start' }),
  record('accounts', { id: 'new', seats: 3, plan: 'team' }),
];
const NAMES = ['organizations', 'accounts', 'users', 'events'];
const STATES = NAMES.map((name) => state(name, 1));

const CONTENT = {
  organizations: { o: { name: 'Org' } },
  accounts: {
    old: { name: 'After', organization: 'o', traits: { plan: 'pro', kept: true } },
    new: { name: 'New', organization: 'o', traits: { plan: 'team', seats: 3 } },
  },
  users: { u: { name: 'User', email: 'u@example.com', accounts: ['new', 'old'], traits: {} } },
};

test.each([
  { profile: [] },
  { profile: ['analytics-rejects-whole-batch'] },
  { profile: ['analytics-skips-bad'] },
  { profile: ['analytics-drops-bad'] },
  { profile: ['analytics-reverses-batch'] },
  { profile: ['analytics-null-kept'] },
  { profile: ['analytics-413'] },
  { profile: ['message-envelope', 'not-found-400'] },
  { profile: ['not-found-200'] },
  { profile: ['no-rate-headers'] },
  { profile: ['x-rate-headers-only', 'reset-epoch'] },
  { profile: [], analyticsDelayMs: 300 },
  { profile: ['analytics-reverses-batch', 'analytics-null-kept'], analyticsDelayMs: 300 },
])('Analytics writes the same under every reading: $profile', async (options) => {
  const sandbox = await openSandbox(options);
  sandbox.seed('accounts', [{ externalId: 'old', name: 'Before', traits: { kept: true, gone: 1 } }]);
  const files = { config: configFor(sandbox), catalog: catalogOf(...NAMES) };
  const program = await runInProcess('write', files, [...ROWS, ...STATES]);
  expect({ code: program.code, errors: program.errors }).toEqual({ code: 0, errors: [] });
  const { events, ...content } = await contentOf(sandbox);
  expect(content).toMatchObject(CONTENT);
  expect(at(content, 'accounts', 'old', 'traits')).not.toHaveProperty('gone');
  expect(Object.values(events)).toMatchObject([
    { event: 'Opened', userId: 'u', accountId: 'new', properties: { screen: 'start' } },
  ]);
  for (const name of NAMES) expect(imbalance(program.summary, name)).toBe(0);
  expect(program.messagesOf('STATE')).toHaveLength(4);

  // The same input once more: events keep their ids, so that nothing is added twice.
  const again = await runInProcess('write', files, ROWS);
  expect(again.code).toBe(0);
  expect(await contentOf(sandbox)).toEqual({ ...content, events });
});

test.each([
  { profile: 'blocked-account', blocked: 'accounts', others: ['organizations'] },
  { profile: 'blocked-track', blocked: 'events', others: ['organizations', 'accounts'] },
  { profile: 'organizations-off', blocked: 'organizations', others: ['accounts'] },
])('a blocked type sinks its own rows and nothing else: $profile', async ({ profile, blocked, others }) => {
  const sandbox = await openSandbox({ profile: [profile] });
  const config = configFor(sandbox, { rejected_records: { policy: 'continue' } });
  const rows = Array.from({ length: 5 }, (_, id) => [
    record('organizations', { id, name: 'Org' }),
    record('accounts', { id, name: 'Account' }),
    record('events', { id, event: 'Opened', accountId: id }),
  ]).flat();
  const program = await runInProcess('write', { config, catalog: catalogOf(...NAMES) }, [...rows, ...STATES]);
  expect(program.code).toBe(0);
  expect(countsOf(program.summary, blocked)).toEqual({ received: 5, rejected: 5 });
  for (const name of others) expect(countsOf(program.summary, name)).toEqual({ received: 5, accepted: 5 });
  expect(program.messagesOf('STATE')).toHaveLength(4);
});

test('where a batch is too large it is halved; a row that is too large by itself is refused', async () => {
  const sandbox = await openSandbox({ profile: ['analytics-413'] });
  const config = configFor(sandbox, { rejected_records: { policy: 'continue' } });
  const rows = Array.from({ length: 30 }, (_, id) =>
    record('accounts', { id, name: 'Account', filling: 'x'.repeat(id === 17 ? 60_000 : 9_000) }),
  );
  const program = await runInProcess('write', { config, catalog: catalogOf('accounts') }, rows);
  expect(program.code).toBe(0);
  expect(countsOf(program.summary, 'accounts')).toEqual({ received: 30, accepted: 29, rejected: 1 });
  expect(at(program.summary, 'streams', 0, 'rejected_by_code')).toEqual({ too_large: 1 });
  expect(sandbox.accounts.size).toBe(29);
});

/** The messages of a batch as far as a test looks at them. */
function messagesIn(
  body: string,
): { readonly id: string; readonly messageId: string; readonly bad: boolean }[] {
  const messages: unknown = JSON.parse(body);
  if (!Array.isArray(messages)) throw new TypeError('a batch is an array');
  return messages.map((message: unknown) => ({
    id: String(at(message, 'accountId')),
    messageId: String(at(message, 'messageId')),
    bad: at(message, 'traits', 'plan') === 'bad',
  }));
}

test.each([
  { reading: 'nothing of the batch is applied', appliesGood: false },
  { reading: 'the good ones of the batch are applied', appliesGood: true },
])(
  'bad rows are found out one by one where a batch is refused as a whole: $reading',
  async ({ appliesGood }) => {
    const applied = new Map<string, Set<string>>();
    const server = await serverThat(({ body }) => {
      const messages = messagesIn(body);
      const refused = messages.some(({ bad }) => bad);
      for (const { id, messageId, bad } of messages) {
        if (!bad && (!refused || appliesGood)) applied.set(id, (applied.get(id) ?? new Set()).add(messageId));
      }
      const text = JSON.stringify(refused ? { error: 'plan is not valid' } : { message: 'Success.' });
      return { status: refused ? 400 : 200, type: 'application/json', text };
    });
    const config = configFor(server, { rest_api_token: undefined, rejected_records: { policy: 'continue' } });
    const bad = new Set([0, 13, 14, 99, 120]);
    const ids = Array.from({ length: 150 }, (_, id) => id);
    const rows = ids.map((id) =>
      record('accounts', { id, name: 'Account', plan: bad.has(id) ? 'bad' : 'good' }),
    );
    const program = await runInProcess('write', { config, catalog: catalogOf('accounts') }, [
      ...rows,
      state('accounts', 1),
    ]);
    expect(program.code).toBe(0);
    expect(countsOf(program.summary, 'accounts')).toEqual({ received: 150, accepted: 145, rejected: 5 });
    expect([...applied.keys()].map(Number).sort((a, b) => a - b)).toEqual(ids.filter((id) => !bad.has(id)));
    // A message that is sent again bears its old id: Vitally takes it once.
    expect([...applied.values()].filter((messageIds) => messageIds.size > 1)).toEqual([]);
  },
);
