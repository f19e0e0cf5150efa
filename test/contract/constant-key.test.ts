import { expect, test } from 'vitest';
import { record } from '../support/messages.ts';
import { idOf, seedPlaces } from '../support/objects/places.ts';
import { countsIn, type Entry, expectWhole, sync } from '../support/objects/syncs.ts';
import { contentOf } from '../support/output.ts';
import { at } from '../support/sandbox/client.ts';
import { openSandbox } from '../support/sandboxes.ts';

const ROWS = [
  record('rows', { id: 'a', plan: 'one' }),
  record('rows', { id: 'b', plan: 'two', seats: 7 }),
  record('rows', { id: 'acme', plan: 'three' }),
];

function entry(options: object): Entry {
  return { stream: 'rows', object: 'account', ...options };
}

test.each([
  { key: 'externalId', options: {} },
  { key: 'external_id', options: { match_on: 'externalId' } },
  { key: 'id', options: {} },
  { key: 'id', options: { match_on: 'id', write_via: 'rest' } },
])('mode update writes all rows to the record of a constant $key: $options', async ({ key, options }) => {
  const sandbox = await openSandbox();
  seedPlaces(sandbox);
  const value = key === 'id' ? idOf(sandbox, 'accounts', 'globex') : 'globex';
  const streams = [entry({ mode: 'update', constants: [{ destination: key, value }], ...options })];
  const wanted = { streams, rows: ROWS };
  const program = await sync(sandbox, wanted);
  expectWhole(program, sandbox, wanted);
  const { rows } = countsIn(program, wanted);
  expect(rows).toMatchObject({ received: 3 });
  const { accounts } = await contentOf(sandbox);
  expect(Object.keys(accounts)).toEqual(['acme', 'globex', 'initech']);
  // The column that the catalog calls the key is a column like any other then.
  expect(at(accounts, 'globex', 'traits')).toEqual({ id: 'acme', plan: 'three', seats: 7 });
  expect(at(accounts, 'acme', 'traits')).toEqual({});
  expect(program.logsOf('WARN').filter((text) => text.includes('all its rows are one record'))).toHaveLength(
    1,
  );
});

test('mode delete deletes the one record, whatever the rows say, and counts it once', async () => {
  const sandbox = await openSandbox();
  seedPlaces(sandbox);
  const constants = [{ destination: 'externalId', value: 'initech' }];
  const wanted = { streams: [entry({ mode: 'delete', constants, delete_limit: { count: 1 } })], rows: ROWS };
  const program = await sync(sandbox, wanted);
  expectWhole(program, sandbox, wanted);
  expect(countsIn(program, wanted).rows).toMatchObject({ received: 3, deleted: 1 });
  expect(Object.keys((await contentOf(sandbox)).accounts)).toEqual(['acme', 'globex']);
});

test('a constant e-mail is the key where users are matched on it', async () => {
  const sandbox = await openSandbox();
  seedPlaces(sandbox);
  const constants = [{ destination: 'email', value: 'BOB@globex.test ' }];
  const streams = [{ stream: 'rows', object: 'user', mode: 'update', match_on: 'email', constants }];
  const wanted = { streams, rows: [record('rows', { id: 'x', plan: 'one' })] };
  const program = await sync(sandbox, wanted);
  expectWhole(program, sandbox, wanted);
  const { users } = await contentOf(sandbox);
  expect(at(users, 'bob', 'traits')).toMatchObject({ plan: 'one' });
});

test.each(['update', 'delete'])('a constant that nobody has is an unknown key in mode %s', async (mode) => {
  const sandbox = await openSandbox();
  seedPlaces(sandbox);
  const constants = [{ destination: 'externalId', value: 'nobody' }];
  const wanted = { streams: [entry({ mode, constants })], rows: ROWS.slice(0, 1) };
  const program = await sync(sandbox, wanted);
  expectWhole(program, sandbox, wanted);
  expect(countsIn(program, wanted)).toEqual({ rows: { received: 1, skipped: 1 } });
});
