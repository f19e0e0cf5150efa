import { expect, test } from 'vitest';
import { isJsonObject } from '../../../src/json/guards.ts';
import type { JsonObject } from '../../../src/json/json.ts';
import type { Sandbox } from '../../../src/sandbox/index.ts';
import { catalogOf, configFor, configured, record } from '../../support/messages.ts';
import { seedPlaces } from '../../support/objects/places.ts';
import { runInProcess } from '../../support/run-command.ts';
import { openSandbox } from '../../support/sandboxes.ts';

const MEMBERS = ['stream', 'line', 'key', 'outcome', 'id', 'request', 'http_status', 'changes', 'at'];
const AT = '2026-01-31T09:30:00.000Z';

interface Logged {
  readonly object: string;
  /** Its record's fields, and those that change it. */
  readonly row: object;
  readonly change: object;
  /** The field that the change is of. */
  readonly changed: string;
}

const OBJECTS: readonly Logged[] = [
  { object: 'organization', row: { name: 'One' }, change: { name: 'Two' }, changed: 'name' },
  { object: 'account', row: { name: 'One' }, change: { name: 'Two' }, changed: 'name' },
  { object: 'user', row: { name: 'One', accountId: 'acme' }, change: { name: 'Two' }, changed: 'name' },
  { object: 'conversation', row: { subject: 'One' }, change: { subject: 'Two' }, changed: 'subject' },
  {
    object: 'meeting',
    row: { title: 'One', participants: ['ann'] },
    change: { title: 'Two' },
    changed: 'title',
  },
  {
    object: 'note',
    row: { accountId: 'acme', note: 'One', noteDate: AT },
    change: { note: 'Two' },
    changed: 'note',
  },
  { object: 'task', row: { accountId: 'acme', name: 'One' }, change: { name: 'Two' }, changed: 'name' },
  {
    object: 'nps_response',
    row: { userId: 'ann', respondedAt: AT, score: 9 },
    change: { score: 1 },
    changed: 'score',
  },
  {
    object: 'custom_object:site',
    row: { name: 'One', accountId: 'acme' },
    change: { name: 'Two' },
    changed: 'name',
  },
];

const DELETED_BY_OWN_ID = new Set(['organization', 'account', 'user', 'nps_response']);

/** The line of one row, written in one mode by REST. */
async function lineOf(sandbox: Sandbox, object: string, mode: string, data: object): Promise<JsonObject> {
  const streams = [{ stream: 'rows', object, mode, sync_key: ['id'], write_via: 'rest' }];
  const config = configFor(sandbox, {
    streams,
    object_storage_config: { storage_type: 'Local', directory: 'kept' },
    outcome_log: 'all',
    rejected_records: { policy: 'continue' },
  });
  const given = { config, catalog: catalogOf(configured('rows')), env: { WORKER_JOB_ID: '7' } };
  const result = await runInProcess('write', given, [record('rows', { id: 'k', ...data })]);
  expect(result.failure).toBeUndefined();
  const line: unknown = JSON.parse(await result.file('kept/7/rows.outcomes.jsonl'));
  if (!isJsonObject(line)) throw new Error('no line');
  expect(Object.keys(line)).toEqual(MEMBERS);
  expect(line).toMatchObject({ stream: 'rows', line: 1, key: 'k', at: expect.any(String) });
  return line;
}

const ID = expect.stringMatching(/^[\da-f-]{36}$/);
const NOTHING_SENT = { request: null, http_status: null, changes: null };
const sent = (method: string) => ({
  request: { method, path: expect.stringMatching(/^\/resources\//) },
  http_status: expect.toSatisfy((status) => status >= 200 && status < 300),
});
/** Vitally's answer to the row's own request told that nothing is there. */
const unfound = (method: string) => ({
  request: { method, path: expect.stringMatching(/^\/resources\//) },
  http_status: 404,
});

test.each(OBJECTS)('$object has a line with id, request and status in every mode', async (given) => {
  const { object, row, change, changed } = given;
  const sandbox = await openSandbox();
  seedPlaces(sandbox);
  const lines: Record<string, JsonObject> = {
    unknown: await lineOf(sandbox, object, 'update', change),
    created: await lineOf(sandbox, object, 'append', row),
    there: await lineOf(sandbox, object, 'append', { ...row, ...change }),
    same: await lineOf(sandbox, object, 'update', row),
    updated: await lineOf(sandbox, object, 'update', change),
    upserted: await lineOf(sandbox, object, 'upsert', row),
    gone: await lineOf(sandbox, object, 'delete', {}),
    absent: await lineOf(sandbox, object, 'delete', {}),
  };
  expect(lines).toMatchObject({
    unknown: { outcome: 'skipped', id: null, ...NOTHING_SENT },
    created: { outcome: 'created', id: ID, ...sent('POST') },
    there: { outcome: 'skipped', id: ID, ...NOTHING_SENT },
    same: { outcome: 'unchanged', id: ID, ...NOTHING_SENT },
    updated: { outcome: 'updated', id: ID, ...sent('PUT'), changes: [changed] },
    upserted: { outcome: 'updated', id: ID },
    // A DELETE by your own id shows no id, and that of a user only schedules it: the user is still there.
    gone: { outcome: 'deleted', id: DELETED_BY_OWN_ID.has(object) ? null : ID, ...sent('DELETE') },
    absent: {
      id: null,
      ...(object === 'user'
        ? { outcome: 'deleted', ...sent('DELETE') }
        : { outcome: 'skipped', ...(DELETED_BY_OWN_ID.has(object) ? unfound('DELETE') : NOTHING_SENT) }),
    },
  });
});
