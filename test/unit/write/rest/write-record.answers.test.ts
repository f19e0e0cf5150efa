import { describe, expect, test } from 'vitest';
import type { Mode } from '../../../../src/config/stream-options.ts';
import type { Answer } from '../../../../src/vitally/http/answer.ts';
import type { WriteContext } from '../../../../src/write/rest/context.ts';
import { Writer } from '../../../../src/write/writer.ts';
import { routeOf } from '../../../support/routes.ts';
import { no, ok, Script } from '../../../support/scripted.ts';
import { contextOver } from '../../../support/talks.ts';
import { openWorkspace, writeOf } from '../../../support/workspace.ts';

const accounts = routeOf('account');
/** No list is read to learn what is unchanged. */
const BLIND = { skipUnchanged: false };
const ACME = { id: 'v-1', externalId: 'a-1', name: 'Acme', traits: {} };

function writerOver(
  answers: Readonly<Record<string, Answer>>,
  options: Partial<WriteContext> = {},
): { writer: Writer; script: Script } {
  const script = new Script(answers);
  const rest: WriteContext = { ...contextOver(script), ...options };
  const writer = new Writer({
    apis: { rest, batcher: undefined, unlinker: rest.unlinker, beforeDelete: rest.beforeDelete },
    analytics: undefined,
    warn: async () => {},
  });
  return { writer, script };
}

describe('a workspace where POST is no upsert', () => {
  test.each(['post-refuses-duplicate', 'post-refuses-duplicate-400'])(
    'is learned from two refusals: %s',
    async (profile) => {
      const { outcome, asked, seed, idOf } = await openWorkspace({ profile: [profile], settings: BLIND });
      for (const key of ['a-1', 'a-2', 'a-3']) seed('accounts', { externalId: key, name: 'Old' });
      for (const key of ['a-1', 'a-2']) await outcome(accounts, writeOf(key, { name: 'New' }));
      expect(asked()).toEqual(['POST /accounts', 'PUT /accounts/a-1', 'POST /accounts', 'PUT /accounts/a-2']);
      expect(await outcome(accounts, writeOf('a-3', { name: 'New' }))).toBe('updated');
      expect(asked()).toEqual(['GET /accounts/a-3', `PUT /accounts/${idOf('accounts', 'a-3')}`]);
      expect(await outcome(accounts, writeOf('a-4', { name: 'New' }))).toBe('created');
      expect(asked()).toEqual([
        'GET /accounts?limit=100&sortBy=createdAt&status=activeOrChurned',
        'POST /accounts',
      ]);
    },
  );

  test('a POST that went through in between begins the count anew, and each kind has its own', async () => {
    const { outcome, asked, seed } = await openWorkspace({
      profile: ['post-refuses-duplicate'],
      settings: BLIND,
    });
    for (const key of ['1', '2', '3']) seed('accounts', { externalId: key, name: 'Old' });
    await outcome(accounts, writeOf('1', { name: 'New' }));
    await outcome(accounts, writeOf('fresh', { name: 'New' }));
    await outcome(accounts, writeOf('2', { name: 'New' }));
    asked();
    await outcome(accounts, writeOf('3', { name: 'New' }));
    expect(asked()).toEqual(['POST /accounts', 'PUT /accounts/3']);
    await outcome(routeOf('organization'), writeOf('o-1', { name: 'New' }));
    expect(asked()).toEqual(['POST /organizations']);
  });
});

test.each<{ mode: Mode; answers: Record<string, Answer>; outcome: string; asked: string[] }>([
  {
    mode: 'upsert',
    answers: { 'POST /accounts': no('refused', 'name must be a string') },
    outcome: 'refused',
    asked: ['POST /accounts'],
  },
  {
    mode: 'upsert',
    answers: { 'POST /accounts': no('too_large', 'too large') },
    outcome: 'too_large',
    asked: ['POST /accounts'],
  },
  {
    // Another record holds something that must be unique: this key is not there.
    mode: 'upsert',
    answers: { 'POST /accounts': no('exists', 'name already in use') },
    outcome: 'already_taken',
    asked: ['POST /accounts', 'PUT /accounts/a-1', 'GET /accounts/a-1'],
  },
  {
    mode: 'upsert',
    answers: { 'POST /accounts': no('exists'), 'PUT /accounts/a-1': no('refused', 'no') },
    outcome: 'refused',
    asked: ['POST /accounts', 'PUT /accounts/a-1'],
  },
  {
    mode: 'update',
    answers: { 'GET /accounts/a-1': ok(ACME), 'PUT /accounts/v-1': no('refused', 'no') },
    outcome: 'refused',
    asked: ['GET /accounts/a-1', 'PUT /accounts/v-1'],
  },
  {
    mode: 'update',
    answers: { 'GET /accounts/a-1': no('refused', 'bad id') },
    outcome: 'refused',
    asked: ['GET /accounts/a-1'],
  },
  {
    mode: 'update',
    answers: { 'GET /accounts/a-1': ok({ ...ACME, externalId: 'somebody else' }) },
    outcome: 'skipped',
    asked: ['GET /accounts/a-1'],
  },
  {
    mode: 'append',
    answers: { 'POST /accounts': no('refused', 'no') },
    outcome: 'refused',
    asked: ['GET /accounts/a-1', 'POST /accounts'],
  },
  {
    mode: 'delete',
    answers: { 'DELETE /accounts/a-1': no('refused', 'no') },
    outcome: 'refused',
    asked: ['DELETE /accounts/a-1'],
  },
])('$mode: $answers gives $outcome', async ({ mode, answers, outcome, asked }) => {
  const { writer, script } = writerOver(answers);
  const result = await writer.write(routeOf('account', { mode }), writeOf('a-1', { name: 'Other' }));
  const kind = result.outcome.kind === 'rejected' ? result.outcome.error.code : result.outcome.kind;
  expect(kind).toBe(outcome);
  expect(script.asked()).toEqual(asked);
});

test('a PUT answered without the record makes what was known of it untrue', async () => {
  const { writer, script } = writerOver({ 'GET /accounts/a-1': ok(ACME), 'PUT /accounts/v-1': ok() });
  const route = routeOf('account', { mode: 'update' });
  await writer.write(route, writeOf('a-1', { name: 'Other' }));
  await writer.write(route, writeOf('a-1', { name: 'Other' }));
  expect(script.asked().filter((request) => !request.includes('?'))).toEqual([
    'GET /accounts/a-1',
    'PUT /accounts/v-1',
    'GET /accounts/a-1',
    'PUT /accounts/v-1',
  ]);
});

test.each([
  {
    field: 'name',
    ifEmpty: 'name',
    row: writeOf('a-1', { name: 'Row' }, { tier: 'x' }),
    kept: { name: 'Held' },
  },
  {
    field: 'traits.plan',
    ifEmpty: 'traits.plan',
    row: writeOf('a-1', { name: 'Held' }, { plan: 'row', tier: 'x' }),
    kept: { traits: { plan: 'held', tier: 'x' } },
  },
])('if_empty: $field keeps Vitally’s value, and fills an empty one', async ({ ifEmpty, row, kept }) => {
  const { outcome, seed, sandbox } = await openWorkspace();
  const route = routeOf('account', { ifEmpty: [ifEmpty] });
  seed('accounts', { externalId: 'a-1', name: 'Held', traits: { plan: 'held' } });
  expect(await outcome(route, row)).toBe('updated');
  expect(sandbox.accounts.byExternalId('a-1')).toMatchObject(kept);
  expect(await outcome(route, writeOf('a-2', { name: 'New' }, { plan: 'row' }))).toBe('created');
  expect(sandbox.accounts.byExternalId('a-2')).toMatchObject({ name: 'New', traits: { plan: 'row' } });
});

test('beforeDelete is asked before the request, and what it throws ends the run', async () => {
  const { writer, script } = writerOver(
    {},
    {
      beforeDelete: async () => {
        throw new Error('enough');
      },
    },
  );
  await expect(writer.write(routeOf('account', { mode: 'delete' }), writeOf('a-1'))).rejects.toThrow(
    'enough',
  );
  expect(script.asked()).toEqual([]);
});

test.each([
  { route: accounts, row: writeOf(undefined, { name: 'x' }) },
  { route: routeOf('event', { mode: 'upsert', transport: 'rest' }), row: writeOf('e-1', { event: 'x' }) },
])('a row that must not come here is a bug, not a rejection', async ({ route, row }) => {
  await expect(writerOver({}).writer.write(route, row)).rejects.toThrow(Error);
});

test('an error that is no refusal of the row goes on', async () => {
  const { writer } = writerOver(
    {},
    {
      commit: async () => {
        throw new TypeError('broken');
      },
    },
  );
  await expect(writer.write(accounts, writeOf('a-1', { name: 'x' }))).rejects.toThrow(TypeError);
});
