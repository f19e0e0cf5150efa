import { expect, test } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/index.ts';
import { record } from '../../support/messages.ts';
import { idOf, seedPlaces } from '../../support/objects/places.ts';
import { countsIn, expectWhole, refusal, refusedBy, sync } from '../../support/objects/syncs.ts';
import { at } from '../../support/sandbox/client.ts';
import { openSandbox } from '../../support/sandboxes.ts';

const SITES = { stream: 'sites', object: 'custom_object:site' };
const REST = { write_via: 'rest' };

/** A site that was linked to two accounts in the app. A PUT that names one of them would leave that one alone. */
async function openLinked(options: { readonly analyticsDelayMs?: number } = {}): Promise<Sandbox> {
  const sandbox = await openSandbox(options);
  seedPlaces(sandbox);
  sandbox.seed('instances', [
    { customObjectId: 'site', externalId: 'hq', name: 'HQ', customerId: 'acme', customers: ['globex'] },
  ]);
  return sandbox;
}

function accountsOf(sandbox: Sandbox): unknown[] {
  const customers = at(sandbox.items('instances').byExternalId('hq'), 'customers');
  return Array.isArray(customers) ? customers.map((one) => at(one, 'externalId')) : [];
}

test.each(['acme', 'globex'])(
  'a row that names %s, one of its accounts, leaves the others linked',
  async (account) => {
    const sandbox = await openLinked();
    const wanted = {
      streams: [SITES],
      rows: [record('sites', { id: 'hq', name: 'Headquarters', accountId: account, seats: 7 })],
      more: REST,
    };
    const program = await sync(sandbox, wanted);
    expectWhole(program, sandbox, wanted);
    expect(countsIn(program, wanted)).toEqual({ sites: { received: 1, updated: 1 } });
    expect(accountsOf(sandbox)).toEqual(['acme', 'globex']);
    const again = await sync(sandbox, wanted);
    expect(countsIn(again, wanted)).toEqual({ sites: { received: 1, unchanged: 1 } });
  },
);

test('by either of their ids, without skip_unchanged and in mode update too', async () => {
  const sandbox = await openLinked();
  const accountId = idOf(sandbox, 'accounts', 'globex');
  const wanted = {
    streams: [{ ...SITES, mode: 'update' }],
    rows: [record('sites', { id: 'hq', accountId, seats: 7 })],
    more: { skip_unchanged: false },
  };
  const program = await sync(sandbox, wanted);
  expectWhole(program, sandbox, wanted);
  expect(accountsOf(sandbox)).toEqual(['acme', 'globex']);
});

test('a row that names another account moves it there', async () => {
  const sandbox = await openLinked();
  const wanted = {
    streams: [SITES],
    rows: [record('sites', { id: 'hq', name: 'HQ', accountId: 'initech' })],
    more: REST,
  };
  const program = await sync(sandbox, wanted);
  expectWhole(program, sandbox, wanted);
  expect(accountsOf(sandbox)).toEqual(['initech']);
});

test('a column with several accounts is refused, and says what to do', async () => {
  const sandbox = await openLinked();
  const { refused } = await refusedBy(sandbox, {
    streams: [SITES],
    rows: [record('sites', { id: 'hq', name: 'HQ', accountIds: ['acme', 'globex'] })],
  });
  expect(Object.fromEntries(refused)).toEqual({ hq: refusal('unknown_column', 'accountIds', 'accountIds') });
  expect(accountsOf(sandbox)).toEqual(['acme', 'globex']);
});
