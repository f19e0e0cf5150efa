import { describe, expect, test } from 'vitest';
import { isJsonObject, own } from '../../src/json/guards.ts';
import type { JsonObject } from '../../src/json/json.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { json, startLoopback } from '../support/loopback.ts';
import { configFor } from '../support/messages.ts';
import { runCommand } from '../support/run-command.ts';
import { openSandbox } from '../support/sandboxes.ts';

const DISCOVER = ['discover', '--config', 'config.json'];

/** What every workspace has, in this order. */
const OBJECTS_OF_ALL = [
  'organization',
  'account',
  'user',
  'user_account',
  'conversation',
  'meeting',
  'note',
  'task',
  'message',
  'nps_response',
  'project',
  'meeting_transcript',
  'event',
];

async function offeredBy(target: Pick<Sandbox, 'url'>, overrides: Record<string, unknown> = {}) {
  const result = await runCommand(DISCOVER, { config: configFor(target, overrides) });
  const catalog = result.messagesOf('DESTINATION_CATALOG')[0]?.destination_catalog;
  const list = isJsonObject(catalog) ? own(catalog, 'operations') : undefined;
  const offered = Array.isArray(list) ? list.filter(isJsonObject) : [];
  return { result, offered, named: (name: string) => offered.filter((one) => one.object_name === name) };
}

/** The objects that are offered, each once, in their order. */
function namesOf(offered: readonly JsonObject[]): unknown[] {
  return [...new Set(offered.map((one) => one.object_name))];
}

/** The traits of an operation's rows, in their order. */
function traitsOf(operation: JsonObject | undefined): Record<string, unknown> {
  const schema = operation?.json_schema;
  const properties = isJsonObject(schema) ? Object(schema.properties) : {};
  return Object.fromEntries(Object.entries(properties).filter(([name]) => name.startsWith('traits.')));
}

async function openKnowing(): Promise<Sandbox> {
  const sandbox = await openSandbox();
  sandbox.seed('customObjects', [
    { name: 'subscription', label: 'Subscription', writeMode: 'writable' },
    { name: 'deal', label: 'Deal', writeMode: 'writable' },
  ]);
  sandbox.seed('customFields', [
    { model: 'accounts', label: 'B', path: 'vitally.custom.z', type: 'number' },
    { model: 'accounts', label: 'C', path: 'plan', type: 'select', options: [{ label: 'Pro', value: 'p' }] },
    { model: 'accounts', label: 'Products', path: 'products', type: 'multiselect' },
    { model: 'accounts', label: 'D', path: 'since', type: 'date' },
    { model: 'accounts', label: 'E', path: 'at', type: 'datetime' },
    { model: 'accounts', label: 'F', path: 'extra', type: 'json' },
    { model: 'accounts', label: 'G', path: 'owner', type: 'user' },
    { model: 'accounts', label: 'Revenue', path: 'mrr', type: 'number' },
    { model: 'users', label: 'Champion', path: 'champion', type: 'boolean' },
    { model: 'organizations', label: 'Tier', path: 'tier' },
    { model: 'tasks', label: 'Effort', path: 'effort' },
    { customObjectId: 'deal', label: 'Stage', path: 'stage' },
  ]);
  return sandbox;
}

describe('the traits of the workspace', () => {
  test('are properties, in the order of their paths, with their types', async () => {
    const { result, named } = await offeredBy(await openKnowing());
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const [upsert, update, append, remove] = named('account');
    const traits = traitsOf(upsert);
    expect(Object.keys(traits)).toEqual(
      ['at', 'extra', 'owner', 'plan', 'products', 'since', 'vitally.custom.z'].map(
        (path) => `traits.${path}`,
      ),
    );
    expect(traits).toMatchObject({
      'traits.vitally.custom.z': { type: 'number', title: 'B' },
      'traits.plan': { type: 'string', title: 'C' },
      'traits.products': { type: 'array', items: { type: 'string' } },
      'traits.since': { type: 'string', format: 'date' },
      'traits.at': { type: 'string', format: 'date-time' },
      'traits.extra': { type: 'string' },
      'traits.owner': { type: 'string' },
    });
    expect(traitsOf(update)).toEqual(traits);
    expect(traitsOf(append)).toEqual(traits);
    expect(traitsOf(remove)).toEqual({});
  });

  test.each([
    { object: 'user', traits: ['traits.champion'] },
    { object: 'organization', traits: ['traits.tier'] },
    { object: 'custom_object:deal', traits: ['traits.stage'] },
    { object: 'custom_object:subscription', traits: [] },
    { object: 'task', traits: [] },
    { object: 'event', traits: [] },
  ])('of $object are its own: $traits', async ({ object, traits }) => {
    const { named } = await offeredBy(await openKnowing());
    expect(Object.keys(traitsOf(named(object)[0]))).toEqual(traits);
  });
});

describe('the custom objects of the workspace', () => {
  test('come after all other objects, by name, in every mode', async () => {
    const { offered } = await offeredBy(await openKnowing());
    expect(namesOf(offered)).toEqual([...OBJECTS_OF_ALL, 'custom_object:deal', 'custom_object:subscription']);
    const own = offered
      .filter((one) => String(one.object_name).startsWith('custom_object:'))
      .map((one) => [one.object_name, one.sync_mode]);
    const modes = ['append_dedup', 'update', 'append', 'soft_delete'];
    expect(own).toEqual(
      ['custom_object:deal', 'custom_object:subscription'].flatMap((name) =>
        modes.map((mode) => [name, mode]),
      ),
    );
  });
});

test('the catalog is the same at each call', async () => {
  const sandbox = await openKnowing();
  const [first, second] = [await offeredBy(sandbox), await offeredBy(sandbox)];
  expect(second.result.lines).toEqual(first.result.lines);
});

test('Vitally is only read, by a few requests', async () => {
  const sandbox = await openKnowing();
  await offeredBy(sandbox);
  const requests = sandbox
    .requests()
    .map(({ method, path }) => `${method} ${path.replace(/=[0-9a-f-]{36}/, '=ID')}`);
  expect(requests.sort()).toEqual([
    'GET /resources/customFields?model=accounts',
    'GET /resources/customFields?model=customObjects&customObjectId=ID',
    'GET /resources/customFields?model=customObjects&customObjectId=ID',
    'GET /resources/customFields?model=organizations',
    'GET /resources/customFields?model=users',
    'GET /resources/customObjects?limit=100&sortBy=createdAt',
  ]);
});

test.each([
  {
    what: 'without a REST token',
    overrides: { rest_api_token: undefined },
    objects: ['organization', 'account', 'user', 'user_account', 'event'],
  },
  {
    what: 'without an Analytics token',
    overrides: { analytics_api_token: undefined },
    objects: OBJECTS_OF_ALL.filter((name) => name !== 'event'),
  },
  { what: 'in an empty workspace', overrides: {}, objects: OBJECTS_OF_ALL },
])('$what, the catalog is what can be written', async ({ overrides, objects }) => {
  const sandbox = await openSandbox();
  const { result, offered } = await offeredBy(sandbox, overrides);
  expect(result.code).toBe(0);
  expect(namesOf(offered)).toEqual(objects);
  if ('rest_api_token' in overrides) expect(sandbox.requests()).toEqual([]);
});

test.each([{ body: {} }, { body: null }, { body: { results: [{ id: 1 }, 'x', { id: 'a' }], next: null } }])(
  'odd answers add nothing: $body',
  async ({ body }) => {
    const server = await startLoopback(json(body));
    const { result, offered } = await offeredBy(server);
    await server.close();
    expect(result.code).toBe(0);
    const empty = await offeredBy(await openSandbox());
    expect(JSON.stringify(offered)).toBe(JSON.stringify(empty.offered));
  },
);

test('a refused token is a config_error', async () => {
  const { result } = await offeredBy(await openSandbox(), { rest_api_token: 'a-token-nobody-knows' });
  expect(result.code).toBe(1);
  expect(result.failure).toMatch(/^config_error: Vitally's REST API at .* refused the token/);
  expect(result.messagesOf('DESTINATION_CATALOG')).toEqual([]);
  expect(result.lines.join('')).not.toContain('a-token-nobody-knows');
});
