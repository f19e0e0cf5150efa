import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Sandbox, SwitchName } from '../../../src/sandbox/index.ts';
import { catalogOf, configFor, configured, record } from '../../support/messages.ts';
import { seedPlaces } from '../../support/objects/places.ts';
import { countsIn, type Entry, refusedBy, sync } from '../../support/objects/syncs.ts';
import { contentOf, countsOf } from '../../support/output.ts';
import { runInProcess } from '../../support/run-command.ts';
import { at } from '../../support/sandbox/client.ts';
import { openSandbox } from '../../support/sandboxes.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const AT = '2026-01-31T09:30:00.000Z';
const KEYS = ['one', 'two', 'three', 'four'];

interface Deletable {
  readonly object: string;
  /** Where the sandbox keeps its records. */
  readonly kind: 'notes' | 'tasks' | 'npsResponses' | 'conversations' | 'meetings' | 'instances';
  readonly fields: object;
}

const DELETABLE: readonly [Deletable, ...Deletable[]] = [
  { object: 'note', kind: 'notes', fields: { accountId: 'acme', note: 'Note', noteDate: AT } },
  { object: 'task', kind: 'tasks', fields: { organizationId: 'holding', name: 'Task' } },
  { object: 'nps_response', kind: 'npsResponses', fields: { userId: 'ann', respondedAt: AT, score: 9 } },
  { object: 'conversation', kind: 'conversations', fields: { subject: 'Talk', messages: [] } },
  {
    object: 'meeting',
    kind: 'meetings',
    fields: { title: 'Meeting', participants: [{ userId: 'ann', type: 'organizer' }] },
  },
  {
    object: 'custom_object:site',
    kind: 'instances',
    fields: { customObjectId: 'site', name: 'Site', customerId: 'acme' },
  },
];

function seedFour(sandbox: Sandbox, { kind, fields }: Deletable): void {
  sandbox.seed(
    kind,
    KEYS.map((externalId) => ({ externalId, ...fields })),
  );
}

/** Requests that take something away, by either API. */
function deletesIn(sandbox: Sandbox): number {
  return sandbox.requests().filter(({ method, path }) => method === 'DELETE' || path.startsWith('/analytics'))
    .length;
}

/** Records that are there and not archived. */
function left(sandbox: Sandbox, kind: string): number {
  return sandbox
    .items(kind)
    .all()
    .filter((item) => typeof at(item, 'archivedAt') !== 'string').length;
}

function deleting(object: string, options: object = {}): Entry {
  return { stream: 'gone', object, mode: 'delete', ...options };
}

const [NOTE, ...OTHERS] = DELETABLE;

test.each([
  { ...NOTE, limit: { count: 3 }, deleted: 3 },
  { ...NOTE, limit: { count: 0 }, deleted: 0 },
  ...[NOTE, ...OTHERS].map((one) => ({ ...one, limit: { percent: 50 }, deleted: 2 })),
])('a run stops before it deletes more $object records than $limit', async ({ limit, deleted, ...one }) => {
  const sandbox = await openSandbox();
  seedPlaces(sandbox);
  seedFour(sandbox, one);
  const program = await sync(sandbox, {
    streams: [deleting(one.object, { delete_limit: limit })],
    rows: KEYS.map((id) => record('gone', { id })),
  });
  expect(program.code).toBe(1);
  expect(program.errors).toMatchObject([
    { type: 'config_error', message: expect.stringContaining(`delete_limit of ${deleted} `) },
  ]);
  // Those that were not sent yet when the limit was reached are not sent at all.
  const sent = deletesIn(sandbox);
  expect(sent).toBeLessThanOrEqual(deleted);
  expect(left(sandbox, one.kind)).toBe(KEYS.length - sent);
  expect({ deleted: 0, ...countsOf(program.summary, 'gone') }).toEqual({
    received: 4,
    deleted: sent,
    unsettled: 4 - sent,
  });
  expect(program.messagesOf('STATE')).toEqual([]);
});

test('a dry run lists what it would delete, and deletes nothing', async () => {
  const sandbox = await openSandbox();
  seedPlaces(sandbox);
  for (const one of DELETABLE) seedFour(sandbox, one);
  const before = await contentOf(sandbox);
  const plan = join(temporaryDirectory(), 'plan.jsonl');
  const streams = DELETABLE.map(({ object, kind }) => deleting(object, { stream: kind }));
  const program = await sync(sandbox, {
    streams,
    rows: streams.flatMap(({ stream: name }) => [...KEYS, 'none'].map((id) => record(name, { id }))),
    flags: ['--dry-run', '--plan', plan],
  });
  expect(program).toMatchObject({ code: 0, errors: [] });
  const lines: unknown[] = (await readFile(plan, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const wanted = [...KEYS.map((key) => [key, 'deleted', 'DELETE']), ['none', 'skipped', undefined]].sort();
  for (const { stream: name } of streams) {
    expect(countsOf(program.summary, name)).toEqual({ received: 5, deleted: 4, skipped: 1 });
    const listed = lines.filter((line) => at(line, 'stream') === name);
    const told = listed.map((line) => [at(line, 'key'), at(line, 'outcome'), at(line, 'request', 'method')]);
    expect([name, told.sort()]).toEqual([name, wanted]);
  }
  expect(await contentOf(sandbox)).toEqual(before);
  expect(deletesIn(sandbox)).toBe(0);
});

test.each<{ readonly profile: readonly SwitchName[] }>([
  { profile: [] },
  { profile: ['not-found-400', 'message-envelope'] },
  { profile: ['not-found-200'] },
])(
  'an unknown key is skipped or refused, as unknown_key says, and nothing is touched: $profile',
  async ({ profile }) => {
    const sandbox = await openSandbox({ profile });
    seedPlaces(sandbox);
    for (const one of DELETABLE) seedFour(sandbox, one);
    const streams = DELETABLE.flatMap(({ object, kind }) =>
      (['delete', 'update'] as const).flatMap((mode) => [
        { stream: `${kind}_${mode}`, object, mode },
        { stream: `${kind}_${mode}_strictly`, object, mode, unknown_key: 'reject' },
      ]),
    );
    const before = await contentOf(sandbox);
    const { program, refused } = await refusedBy(sandbox, {
      streams,
      rows: streams.map(({ stream: name }) => record(name, { id: `none of ${name}` })),
    });
    const isStrict = ({ stream: name }: Entry): boolean => name.endsWith('strictly');
    expect(countsIn(program, { streams, rows: [] })).toEqual(
      Object.fromEntries(
        streams.map((entry) => [
          entry.stream,
          { received: 1, [isStrict(entry) ? 'rejected' : 'skipped']: 1 },
        ]),
      ),
    );
    expect([...refused].map(([key, { code }]) => [key, code]).sort()).toEqual(
      streams
        .filter(isStrict)
        .map(({ stream: name }) => [`none of ${name}`, 'unknown_key'])
        .sort(),
    );
    expect(await contentOf(sandbox)).toEqual(before);
  },
);

test('unlinks have a limit too, a count; a percent of what cannot be counted is a fault', async () => {
  const sandbox = await openSandbox();
  seedPlaces(sandbox);
  sandbox.seed('users', [{ externalId: 'dan', accountIds: ['acme', 'globex', 'initech'] }]);
  const unlinking = (delete_limit: object) => ({
    streams: [deleting('user_account', { keyless: true, delete_limit })],
    rows: ['acme', 'globex', 'initech'].map((accountId) => record('gone', { userId: 'dan', accountId })),
  });
  const percent = await sync(sandbox, unlinking({ percent: 100 }));
  expect(percent.errors).toMatchObject([
    { type: 'config_error', message: expect.stringContaining('as a count') },
  ]);
  expect(deletesIn(sandbox)).toBe(0);
  const count = await sync(sandbox, unlinking({ count: 2 }));
  expect(count.errors).toMatchObject([
    { type: 'config_error', message: expect.stringContaining('delete_limit of 2') },
  ]);
  const { users } = await contentOf(sandbox);
  expect(at(users, 'dan', 'accounts')).toHaveLength(1);
});

test('a mapped stream deletes by soft_delete, within the limit, and refuses an unknown key', async () => {
  const sandbox = await openSandbox();
  seedPlaces(sandbox);
  seedFour(sandbox, NOTE);
  const mapped = {
    ...configured('notes', { mode: 'soft_delete', key: 'externalId' }),
    destination_object_name: 'note',
  };
  const config = configFor(sandbox, { rejected_records: { policy: 'continue' } });
  const rows = ['one', 'none'].map((externalId) => record('notes', { externalId }));
  const program = await runInProcess('write', { config, catalog: catalogOf(mapped) }, rows);
  expect(program.code).toBe(0);
  expect(countsOf(program.summary, 'notes')).toEqual({ received: 2, deleted: 1, rejected: 1 });
  expect(left(sandbox, 'notes')).toBe(3);
});

test('nothing else deletes: not overwrite, not a refresh that brings fewer rows', async () => {
  const sandbox = await openSandbox();
  seedPlaces(sandbox);
  seedFour(sandbox, NOTE);
  const config = configFor(sandbox);
  const catalog = catalogOf(
    configured('notes', { mode: 'overwrite' }),
    configured('tasks', { mode: 'overwrite' }),
  );
  const program = await runInProcess('write', { config, catalog }, [
    record('notes', { id: 'one', subject: 'Kept' }),
  ]);
  expect(program.code).toBe(0);
  expect(left(sandbox, 'notes')).toBe(4);
  expect(deletesIn(sandbox)).toBe(0);
});
