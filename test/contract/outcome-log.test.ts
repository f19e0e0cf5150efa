import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isJsonObject } from '../../src/json/guards.ts';
import type { JsonObject } from '../../src/json/json.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { BY_REST, catalogOf, configFor, configured, record, state } from '../support/messages.ts';
import { type Invocation, type Result, runCommand } from '../support/run-command.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { openWorkspace } from '../support/workspace.ts';

const BATCH = { method: 'POST', path: '/analytics/v1/batch' };

interface Sync {
  readonly streams: readonly (string | object)[];
  readonly rows: readonly string[];
  readonly config?: object;
  readonly level?: string;
  readonly flags?: readonly string[];
  readonly invocation?: Partial<Invocation>;
}

/** A run with an outcome log, and the folder that it made. */
async function sync(sandbox: Sandbox, given: Sync): Promise<{ result: Result; folder: string }> {
  const directory = temporaryDirectory();
  const { streams, rows, config = {}, level = 'all', flags = [], invocation = {} } = given;
  const result = await runCommand(
    ['write', '--config', 'config.json', '--catalog', 'catalog.json', ...flags],
    {
      config: configFor(sandbox, {
        object_storage_config: { storage_type: 'Local', directory },
        outcome_log: level,
        ...config,
      }),
      catalog: catalogOf(...streams),
      stdin: rows,
      env: { WORKER_JOB_ID: '41' },
      ...invocation,
    },
  );
  return { result, folder: join(directory, '41') };
}

/** The lines of a stream's outcome log, in the order of the input. */
function linesOf(folder: string, name: string): JsonObject[] {
  const text = readFileSync(join(folder, `${name}.outcomes.jsonl`), 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
    .filter(isJsonObject);
  return lines.sort((one, other) => Number(one.line) - Number(other.line));
}

const AT = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);

describe('a row by REST', () => {
  test('has its outcome, id, request, status and the names of what changed, and no other value of it', async () => {
    const { sandbox, seed, idOf } = await openWorkspace();
    seed(
      'accounts',
      { externalId: 'a-1', name: 'Old', traits: { plan: 'pro', seats: 1 } },
      { externalId: 'a-2', name: 'Same' },
    );
    const { result, folder } = await sync(sandbox, {
      streams: [configured('accounts', { namespace: 'mart', mode: 'update' })],
      rows: [
        record('accounts', { id: 'a-1', name: 'Brand new', plan: 'pro', seats: 2 }, 'mart'),
        'no message at all',
        record('accounts', { id: 'a-2', name: 'Same' }, 'mart'),
        record('accounts', { id: 'a-3', name: 'Nowhere' }, 'mart'),
        state('accounts', 1, 'mart'),
      ],
      config: BY_REST,
    });
    expect(result.code).toBe(0);
    const [changed, same] = ['a-1', 'a-2'].map((key) => idOf('accounts', key));
    const nothing = { request: null, http_status: null, changes: null };
    expect(linesOf(folder, 'mart.accounts')).toEqual([
      {
        stream: 'accounts',
        line: 1,
        key: 'a-1',
        outcome: 'updated',
        id: changed,
        request: { method: 'PUT', path: `/resources/accounts/${changed}` },
        http_status: 200,
        changes: ['name', 'traits.seats'],
        at: AT,
      },
      { stream: 'accounts', line: 3, key: 'a-2', outcome: 'unchanged', id: same, ...nothing, at: AT },
      { stream: 'accounts', line: 4, key: 'a-3', outcome: 'skipped', id: null, ...nothing, at: AT },
    ]);
    expect(readFileSync(join(folder, 'mart.accounts.outcomes.jsonl'), 'utf8')).not.toMatch(/Brand new|pro/);
  });

  test.each([{ profile: [] }, { profile: ['post-refuses-duplicate', 'post-answers-201'] }] as const)(
    'that is made or upserted has its id and request under $profile',
    async ({ profile }) => {
      const { sandbox, seed, idOf } = await openWorkspace({ profile: [...profile] });
      seed('accounts', { externalId: 'a-1', name: 'Old' });
      const { folder } = await sync(sandbox, {
        streams: ['accounts'],
        rows: [
          record('accounts', { id: 'a-1', name: 'New' }),
          record('accounts', { id: 'a-2', name: 'Second' }),
        ],
        config: BY_REST,
      });
      expect(linesOf(folder, 'accounts')).toMatchObject([
        { key: 'a-1', outcome: 'updated', id: idOf('accounts', 'a-1'), http_status: 200 },
        {
          key: 'a-2',
          outcome: 'created',
          id: idOf('accounts', 'a-2'),
          request: { method: 'POST', path: '/resources/accounts' },
        },
      ]);
    },
  );

  test('that is appended to what is there, or deleted, has the id', async () => {
    const { sandbox, seed, idOf } = await openWorkspace();
    seed('accounts', { externalId: 'a-1', name: 'One' });
    const id = idOf('accounts', 'a-1');
    const streams = [{ stream: 'old', object: 'account', mode: 'append', sync_key: ['id'] }];
    const appended = await sync(sandbox, {
      streams: ['old'],
      rows: [record('old', { id: 'a-1', name: 'Two' })],
      config: { ...BY_REST, streams },
    });
    expect(linesOf(appended.folder, 'old')).toMatchObject([{ outcome: 'skipped', id, request: null }]);
    const gone = await sync(sandbox, {
      streams: [configured('accounts', { mode: 'soft_delete' })],
      rows: [record('accounts', { id: 'a-1' }), record('accounts', { id: 'a-9' })],
    });
    expect(linesOf(gone.folder, 'accounts')).toMatchObject([
      {
        outcome: 'deleted',
        request: { method: 'DELETE', path: '/resources/accounts/a-1' },
        http_status: 204,
      },
      { outcome: 'skipped', id: null },
    ]);
    const byId = [
      { stream: 'accounts', object: 'account', mode: 'delete', sync_key: ['id'], match_on: 'id' },
    ];
    seed('accounts', { externalId: 'a-2', name: 'Two' });
    const other = idOf('accounts', 'a-2');
    const byItsId = await sync(sandbox, {
      streams: ['accounts'],
      rows: [record('accounts', { id: other })],
      config: { streams: byId },
    });
    expect(linesOf(byItsId.folder, 'accounts')).toMatchObject([
      { outcome: 'deleted', id: other, key: other },
    ]);
  });

  test('that Vitally refuses has the request that was refused, its status and the id', async () => {
    const { sandbox, seed, idOf } = await openWorkspace();
    seed('accounts', { externalId: 'a-1', name: 'One' });
    const accountIds = [idOf('accounts', 'a-1')];
    seed('users', { externalId: 'u-1', name: 'Ann', accountIds });
    // A firewall takes offence at the PUT alone: the look-up names the user by its own id.
    sandbox.setFaults({ rate: 1, kinds: ['html-403'], seed: 1, paths: /users\/[\da-f]{8}-/ });
    const { folder } = await sync(sandbox, {
      streams: [configured('users', { mode: 'update' })],
      rows: [record('users', { id: 'u-1', name: 'Anna' }), record('users', { id: null, name: 'Nobody' })],
    });
    const id = idOf('users', 'u-1');
    expect(linesOf(folder, 'users')).toMatchObject([
      {
        key: 'u-1',
        outcome: 'rejected',
        id,
        request: { method: 'PUT', path: `/resources/users/${id}` },
        http_status: 403,
        changes: null,
      },
      { key: null, outcome: 'rejected', id: null, request: null, http_status: null },
    ]);
    expect(readdirSync(folder).sort()).toEqual(['users.jsonl', 'users.outcomes.jsonl']);
  });
});

describe('a row by the Analytics API', () => {
  test('has the batch as its request, taken in or refused, and the id where REST showed it', async () => {
    const { sandbox, seed, idOf } = await openWorkspace();
    seed('accounts', { externalId: 'a-1', name: 'Old', traits: { plan: 'pro' } });
    const { folder } = await sync(sandbox, {
      streams: ['accounts', configured('track_events', { mode: 'append' })],
      rows: [
        record('accounts', { id: 'a-1', name: 'New', region: null }),
        record('accounts', { id: 'a-2', name: 'Second' }),
        record('track_events', { id: 'e-1', event: 'Signed up', user_id: 'u-1' }),
        record('track_events', { id: 'e-2', event: '', user_id: 'u-1' }),
      ],
    });
    expect(linesOf(folder, 'accounts')).toMatchObject([
      { key: 'a-1', outcome: 'accepted', id: idOf('accounts', 'a-1'), request: BATCH, http_status: 200 },
      { key: 'a-2', outcome: 'accepted', id: null, request: BATCH, http_status: 200, changes: null },
    ]);
    expect(linesOf(folder, 'track_events')).toMatchObject([
      { line: 3, outcome: 'accepted', id: null, request: BATCH, http_status: 200 },
      { line: 4, outcome: 'rejected' },
    ]);
    sandbox.setProfile(['blocked-track']);
    const refused = await sync(sandbox, {
      streams: [configured('track_events', { mode: 'append' })],
      rows: [record('track_events', { id: 'e-3', event: 'Signed up', user_id: 'u-1' })],
    });
    expect(linesOf(refused.folder, 'track_events')).toMatchObject([
      { line: 1, outcome: 'rejected', request: BATCH, http_status: 400 },
    ]);
  });

  test('a membership has the request and no id: it has none', async () => {
    const { sandbox, seed, idOf } = await openWorkspace();
    seed('accounts', { externalId: 'a-1', name: 'One' }, { externalId: 'a-2', name: 'Two' });
    seed('users', { externalId: 'u-1', name: 'Ann', accountIds: [idOf('accounts', 'a-1')] });
    const links = [{ stream: 'links', object: 'user_account', mode: 'append' }];
    const added = await sync(sandbox, {
      streams: ['links'],
      rows: [record('links', { user_id: 'u-1', account_id: 'a-2' })],
      config: { streams: links },
    });
    expect(linesOf(added.folder, 'links')).toMatchObject([
      { outcome: 'created', id: null, request: { method: 'PUT' }, http_status: 200, changes: ['accountIds'] },
    ]);
    const removed = await sync(sandbox, {
      streams: ['links'],
      rows: [record('links', { user_id: 'u-1', account_id: 'a-2' })],
      config: { streams: [{ ...links[0], mode: 'delete' }] },
    });
    expect(linesOf(removed.folder, 'links')).toMatchObject([
      { outcome: 'accepted', id: null, request: BATCH, http_status: 200 },
    ]);
  });
});

test('messages of one conversation have a line each, with their own ids', async () => {
  const { sandbox, seed, idOf } = await openWorkspace();
  seed('accounts', { externalId: 'a-1', name: 'One' });
  seed('users', { externalId: 'u-1', name: 'Ann', accountIds: [idOf('accounts', 'a-1')] });
  const message = (id: string, text: string) =>
    record('messages', {
      id,
      conversation_id: 'c-1',
      message: text,
      from: 'u-1',
      to: ['u-1'],
      timestamp: '2026-01-01T00:00:00Z',
    });
  const { folder } = await sync(sandbox, {
    streams: ['messages', 'conversations'],
    rows: [
      message('m-1', 'one'),
      message('m-2', 'two'),
      message('m-1', 'one, again'),
      record('conversations', { id: 'c-1', subject: 'Hello' }),
    ],
  });
  const idOfMessage = (key: string) => sandbox.items('messages').byExternalId(key)?.id;
  const sent = { request: { method: 'PUT' }, http_status: 200 };
  expect(linesOf(folder, 'messages').filter(({ outcome }) => outcome !== 'superseded')).toMatchObject([
    { line: 1, key: 'm-1', outcome: 'created', id: idOfMessage('m-1'), ...sent },
    { line: 2, key: 'm-2', outcome: 'created', id: idOfMessage('m-2'), ...sent },
    { line: 3, key: 'm-1', outcome: 'updated', id: idOfMessage('m-1'), ...sent, changes: ['message'] },
  ]);
  expect(linesOf(folder, 'conversations')).toMatchObject([
    { outcome: 'created', id: sandbox.items('conversations').byExternalId('c-1')?.id },
  ]);
});

test('superseded rows have a line of their own', async () => {
  const { sandbox } = await openWorkspace({ latencyMs: 20 });
  const rows = Array.from({ length: 30 }, (_, index) => record('accounts', { id: 'a', name: `v${index}` }));
  const { result, folder } = await sync(sandbox, { streams: ['accounts'], rows, config: BY_REST });
  const lines = linesOf(folder, 'accounts');
  expect(lines.map(({ line }) => line)).toEqual(rows.map((_, index) => index + 1));
  const superseded = lines.filter(({ outcome }) => outcome === 'superseded');
  expect(superseded.length).toBeGreaterThan(0);
  expect(result.summary).toMatchObject({ streams: [{ superseded: superseded.length }] });
});

test('changed leaves out rows that changed nothing and need no mending', async () => {
  const { sandbox, seed } = await openWorkspace();
  seed('accounts', { externalId: 'a-1', name: 'Same' }, { externalId: 'a-2', name: 'Old' });
  const rows = [
    record('accounts', { id: 'a-1', name: 'Same' }),
    record('accounts', { id: 'a-2', name: 'New' }),
    record('accounts', { id: 'a-3', name: 'Nowhere' }),
    record('accounts', { id: null }),
  ];
  const streams = [configured('accounts', { mode: 'update' })];
  const { folder } = await sync(sandbox, { streams, rows, level: 'changed' });
  expect(linesOf(folder, 'accounts').map(({ line, outcome }) => [line, outcome])).toEqual([
    [2, 'updated'],
    [4, 'rejected'],
  ]);
  const quiet = await sync(sandbox, { streams, rows: rows.slice(0, 1), level: 'changed' });
  expect(existsSync(quiet.folder)).toBe(false);
});

test('none writes no file; a dry run writes none either', async () => {
  const { sandbox } = await openWorkspace();
  const given = { streams: ['accounts'], rows: [record('accounts', { id: 'a-1', name: 'One' })] };
  const none = await sync(sandbox, { ...given, level: 'none' });
  expect(existsSync(none.folder)).toBe(false);
  const dry = await sync(sandbox, { ...given, flags: ['--dry-run'] });
  expect(dry.result.code).toBe(0);
  expect(existsSync(dry.folder)).toBe(false);
});

test('it is for its owner alone, holds no token, and the log says where it is', async () => {
  const { sandbox } = await openWorkspace();
  const secret = 'sk_live_abcdefghijklmnop';
  const { result, folder } = await sync(sandbox, {
    streams: ['accounts'],
    rows: [record('accounts', { id: `x-${secret}`, name: 'One' })],
    config: { rest_api_token: secret, analytics_api_token: undefined },
  });
  expect(result.code).toBe(1);
  const path = join(folder, 'accounts.outcomes.jsonl');
  expect(existsSync(path)).toBe(false);
  const kept = await sync(sandbox, {
    streams: ['accounts'],
    rows: [record('accounts', { id: 'key of rest-token', name: 'One' })],
    config: BY_REST,
  });
  const file = join(kept.folder, 'accounts.outcomes.jsonl');
  expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
  expect((statSync(kept.folder).mode & 0o777).toString(8)).toBe('700');
  expect(readFileSync(file, 'utf8')).not.toContain('rest-token');
  expect(linesOf(kept.folder, 'accounts')).toMatchObject([{ key: 'key of ***' }]);
  expect(kept.result.logs.some((message) => message.includes(`kept under ${kept.folder}`))).toBe(true);
});

test('without a storage it is a fault with its place, before anything is read', async () => {
  const { sandbox } = await openWorkspace();
  const result = await runCommand(['write', '--config', 'config.json', '--catalog', 'catalog.json'], {
    config: configFor(sandbox, { outcome_log: 'changed' }),
    catalog: catalogOf('accounts'),
    stdin: [record('accounts', { id: 'a-1', name: 'One' })],
  });
  expect(result).toMatchObject({ code: 1, errors: [{ type: 'config_error' }] });
  expect(result.errors[0]?.message).toContain('/outcome_log');
  expect(sandbox.requests()).toEqual([]);
});

test('a request shows the path of its stream, never the values that filled it', async () => {
  const { sandbox } = await openWorkspace();
  const { folder } = await sync(sandbox, {
    streams: ['answers'],
    rows: [record('answers', { id: 'r-1', survey: 'private survey', answer: 'yes' })],
    config: {
      ...BY_REST,
      streams: [{ stream: 'answers', object: 'request', mode: 'append', path: '/resources/things/{survey}' }],
      rejected_records: { policy: 'continue' },
    },
  });
  const file = readFileSync(join(folder, 'answers.outcomes.jsonl'), 'utf8');
  expect(linesOf(folder, 'answers')).toMatchObject([
    { outcome: 'rejected', request: { method: 'POST', path: '/resources/things/{survey}' } },
  ]);
  expect(file).not.toMatch(/private/);
});
