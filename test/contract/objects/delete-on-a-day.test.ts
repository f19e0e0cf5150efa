import { describe, expect, test } from 'vitest';
import type { Sandbox, SwitchName } from '../../../src/sandbox/index.ts';
import { catalogOf, configFor, configured, record } from '../../support/messages.ts';
import { seedPlaces } from '../../support/objects/places.ts';
import {
  countsIn,
  type Entry,
  expectWhole,
  type Run,
  refusal,
  refusedBy,
  sync,
} from '../../support/objects/syncs.ts';
import { contentOf } from '../../support/output.ts';
import { runInProcess } from '../../support/run-command.ts';
import { at } from '../../support/sandbox/client.ts';
import { openSandbox } from '../../support/sandboxes.ts';

const DAY = '2999-12-31';

async function openUsers(profile: readonly SwitchName[] = []): Promise<Sandbox> {
  const sandbox = await openSandbox({ profile });
  seedPlaces(sandbox);
  return sandbox;
}

function entry(options: object = {}): Entry {
  return { stream: 'rows', object: 'user', mode: 'delete', ...options };
}

async function run(
  sandbox: Sandbox,
  rows: string[],
  options: object = {},
  flags: string[] = [],
): Promise<Run> {
  const wanted = { streams: [entry(options)], rows, flags };
  const program = await sync(sandbox, wanted);
  if (flags.length === 0) expectWhole(program, sandbox, wanted);
  return program;
}

const countsOf = (program: Run) => countsIn(program, { streams: [entry()], rows: [] }).rows;

function deletes(sandbox: Sandbox): string[] {
  return sandbox.requests().flatMap(({ method, path }) => (method === 'DELETE' ? [path] : []));
}

async function dayOf(sandbox: Sandbox, user: string): Promise<unknown> {
  const { users } = await contentOf(sandbox);
  return [at(users, user, 'deletionScheduled'), at(users, user, 'deleteOn')];
}

describe('a user is deleted on the day of its row', () => {
  test.each([
    { column: 'deleteOn', value: DAY },
    { column: 'delete_on', value: DAY },
    { column: 'Delete On', value: ` ${DAY} ` },
    { column: 'delete_on', value: `${DAY}T00:00:00+02:00` },
    { column: 'delete_on', value: `${DAY} 23:59:59` },
  ])('$column: $value', async ({ column, value }) => {
    const sandbox = await openUsers();
    const program = await run(sandbox, [
      record('rows', { id: 'ann', [column]: value, name: 'not read', email: 7 }),
    ]);
    expect(countsOf(program)).toEqual({ received: 1, deleted: 1 });
    expect(deletes(sandbox)).toEqual([`/resources/users/ann?deleteOn=${DAY}`]);
    expect(await dayOf(sandbox, 'ann')).toEqual([true, DAY]);
  });

  test.each([
    { how: 'a mapping', options: { fields: [{ source: 'leaves', destination: 'deleteOn' }] } },
    { how: 'a template', options: { fields: [{ template: '{{ leaves }}', destination: 'delete_on' }] } },
    { how: 'a constant', options: { constants: [{ destination: 'deleteOn', value: DAY }] } },
    { how: 'other columns dropped', options: { other_columns: 'drop' }, column: 'deleteOn' },
  ])('by $how', async ({ options, column = 'leaves' }) => {
    const sandbox = await openUsers();
    await run(sandbox, [record('rows', { id: 'ann', [column]: DAY })], options);
    expect(await dayOf(sandbox, 'ann')).toEqual([true, DAY]);
  });

  test.each(['id', 'email'] as const)('matched on %s', async (matchOn) => {
    const sandbox = await openUsers();
    const key = at(sandbox.users.byExternalId('ann'), matchOn);
    await run(sandbox, [record('rows', { id: key, deleteOn: DAY })], { match_on: matchOn });
    expect(await dayOf(sandbox, 'ann')).toEqual([true, DAY]);
  });

  test.each([null, '', undefined])('at once where the day is %j', async (deleteOn) => {
    const sandbox = await openUsers();
    await run(sandbox, [record('rows', { id: 'ann', deleteOn })]);
    expect(deletes(sandbox)).toEqual(['/resources/users/ann']);
  });

  test('on a mapped stream too', async () => {
    const sandbox = await openUsers();
    const mapped = {
      ...configured('rows', { mode: 'soft_delete', key: 'externalId', columns: ['externalId', 'deleteOn'] }),
      destination_object_name: 'user',
    };
    const rows = [record('rows', { externalId: 'ann', deleteOn: DAY })];
    const program = await runInProcess(
      'write',
      { config: configFor(sandbox), catalog: catalogOf(mapped) },
      rows,
    );
    expect(program.code).toBe(0);
    expect(await dayOf(sandbox, 'ann')).toEqual([true, DAY]);
  });
});

test.each(['2020-02-29', '2026-11-24', '1999-01-01T00:00:00Z'])(
  '%s is over: the row says what to do',
  async (day) => {
    const sandbox = await openUsers();
    const { refused } = await refusedBy(sandbox, {
      streams: [entry()],
      rows: [record('rows', { id: 'ann', deleteOn: day }), record('rows', { id: 'bob', deleteOn: DAY })],
    });
    expect(Object.fromEntries(refused)).toEqual({
      ann: refusal('bad_value', 'deleteOn', 'a day that is over'),
    });
    expect(deletes(sandbox)).toEqual([`/resources/users/bob?deleteOn=${DAY}`]);
  },
);

test('today is not over', async () => {
  const sandbox = await openUsers();
  const today = new Date().toISOString().slice(0, 10);
  await run(sandbox, [record('rows', { id: 'ann', deleteOn: today })]);
  expect(await dayOf(sandbox, 'ann')).toEqual([true, today]);
});

test.each(['2999-02-30', 'soon', 20301231, true, [DAY]])('%j is no day', async (day) => {
  const sandbox = await openUsers();
  const { refused } = await refusedBy(sandbox, {
    streams: [entry()],
    rows: [record('rows', { id: 'ann', delete_on: day })],
  });
  expect(Object.fromEntries(refused)).toEqual({ ann: refusal('bad_value', 'delete_on', 'for "deleteOn"') });
  expect(deletes(sandbox)).toEqual([]);
});

test('until its day the user is there: a later row of the run changes it, and makes no second one', async () => {
  const sandbox = await openUsers(['user-delete-immediate']);
  const streams = [entry({ stream: 'leavers' }), entry({ mode: 'upsert' })];
  const wanted = {
    streams,
    rows: [
      record('leavers', { id: 'ann', deleteOn: DAY }),
      record('rows', { id: 'ann', accountId: 'acme', name: 'Anna' }),
    ],
    more: { write_via: 'rest' },
  };
  const program = await sync(sandbox, wanted);
  expectWhole(program, sandbox, wanted);
  expect(countsOf(program)).toEqual({ received: 1, updated: 1 });
  expect(await dayOf(sandbox, 'ann')).toEqual([true, DAY]);
});

test('rows of one user are sent one after the other where their days differ', async () => {
  const sandbox = await openSandbox({ latencyMs: 20 });
  seedPlaces(sandbox);
  const rows = [DAY, '2998-01-01', '2998-01-01', DAY].map((deleteOn) =>
    record('rows', { id: 'ann', deleteOn }),
  );
  await run(sandbox, rows);
  expect(deletes(sandbox).map((path) => path.slice(-10))).toEqual([DAY, '2998-01-01', DAY]);
});

test('it counts for delete_limit, and a dry run plans it with its day', async () => {
  const sandbox = await openUsers();
  const rows = ['ann', 'bob'].map((id) => record('rows', { id, deleteOn: DAY }));
  const dry = await run(sandbox, rows, {}, ['--dry-run', '--plan', 'plan.jsonl']);
  const plan = (await dry.file('plan.jsonl'))
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  expect(plan.map((line) => at(line, 'request', 'path'))).toEqual(
    ['ann', 'bob'].map(
      (user) => `/resources/users/${String(at(sandbox.users.byExternalId(user), 'id'))}?deleteOn=${DAY}`,
    ),
  );
  expect(deletes(sandbox)).toEqual([]);
  const limited = await sync(sandbox, { streams: [entry({ delete_limit: { count: 1 } })], rows });
  expect(limited.failure).toContain('delete_limit');
  expect(deletes(sandbox)).toHaveLength(1);
});

test('the overview says where the day comes from', async () => {
  const sandbox = await openUsers();
  const catalog = catalogOf(configured('rows', { columns: ['id', 'delete_on', 'name'] }));
  const config = configFor(sandbox, { streams: [entry()] });
  const program = await runInProcess('write', { config, catalog }, []);
  expect(program.logsOf('INFO').join('\n')).toContain('"delete_on" → deleteOn');
  const unlisted = await runInProcess('write', { config, catalog: catalogOf('rows') }, []);
  expect(unlisted.logsOf('INFO').join('\n')).toContain('of other columns only deleteOn is read');
});

describe('in other modes', () => {
  test('a column of its name stays a trait, and a warning says so', async () => {
    const sandbox = await openUsers();
    const rows = [record('rows', { id: 'ann', accountId: 'acme', delete_on: DAY })];
    const program = await run(sandbox, rows, { mode: 'upsert' });
    const { users } = await contentOf(sandbox);
    expect(at(users, 'ann', 'traits')).toEqual({ delete_on: DAY });
    expect(program.logsOf('WARN').join('\n')).toContain('read in mode delete alone');
  });

  test.each([
    {
      options: { fields: [{ source: 'leaves', destination: 'deleteOn' }] },
      at: '/streams/0/fields/0/destination',
    },
    {
      options: { constants: [{ destination: 'delete_on', value: DAY }] },
      at: '/streams/0/constants/0/destination',
    },
  ])('what config sends there is a fault: $at', async ({ options, at: path }) => {
    const sandbox = await openUsers();
    const program = await sync(sandbox, { streams: [entry({ mode: 'upsert', ...options })], rows: [] });
    expect(program.failure).toContain(path);
    expect(program.failure).toContain('deleteOn is read in mode delete alone');
  });

  test('a constant that is no day is a fault', async () => {
    const sandbox = await openUsers();
    const constants = [{ destination: 'deleteOn', value: 'soon' }];
    const program = await sync(sandbox, { streams: [entry({ constants })], rows: [] });
    expect(program.failure).toContain('/streams/0/constants/0/value');
  });
});
