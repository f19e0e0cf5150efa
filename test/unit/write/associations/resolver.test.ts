import { describe, expect, test } from 'vitest';
import { RecordError } from '../../../../src/errors/record-error.ts';
import type { Route } from '../../../../src/mapping/route.ts';
import { objectByName } from '../../../../src/objects/index.ts';
import type { Answer } from '../../../../src/vitally/http/answer.ts';
import type { AssociationResolver } from '../../../../src/write/associations/resolver.ts';
import { InFlightWrites } from '../../../../src/write/in-flight-writes.ts';
import { routeOf } from '../../../support/routes.ts';
import { associationsOver, no, ok, Script } from '../../../support/scripted.ts';
import { writeOf } from '../../../support/workspace.ts';

const ACCOUNTS = { path: '/resources/accounts' };
const ACME = { id: 'v-1', externalId: 'a-1' };

function scripted(answers: Readonly<Record<string, Answer>>, inFlight = new InFlightWrites()) {
  const script = new Script(answers);
  const slept: number[] = [];
  const sleep = async (ms: number): Promise<void> => {
    slept.push(ms);
  };
  return { ...associationsOver(script.send, { inFlight, sleep }), script, slept };
}

describe('a row in the terms of REST', () => {
  const answers = {
    'GET /accounts/a-1': ok(ACME),
    'GET /organizations/o-1': ok({ id: 'v-o', externalId: 'o-1' }),
  };

  test.each([
    { fields: { accountIds: ['a-1'] }, body: { accountIds: ['v-1'] } },
    { fields: { accountIds: ['a-1', 'a-1'] }, body: { accountIds: ['v-1'] } },
    { fields: { organizationIds: ['o-1'], name: 'x' }, body: { organizationIds: ['v-o'], name: 'x' } },
    // An empty list takes the user out of no account.
    { fields: { accountIds: [] }, body: {} },
    { fields: { accountIds: null, name: null }, body: { accountIds: null, name: null } },
  ])('$fields → $body', async ({ fields, body }) => {
    const { associations } = scripted(answers);
    const rest = await associations.restBody(routeOf('user'), writeOf('u-1', fields, { plan: 'x' }));
    expect(Object.fromEntries(rest.fields)).toEqual(body);
    expect(Object.fromEntries(rest.traits)).toEqual({ plan: 'x' });
  });

  test('a single association', async () => {
    const { associations } = scripted(answers);
    const rest = await associations.restBody(routeOf('account'), writeOf('a-2', { organizationId: 'o-1' }));
    expect(Object.fromEntries(rest.fields)).toEqual({ organizationId: 'v-o' });
  });

  test('what cannot be found refuses the row', async () => {
    const { associations } = scripted({});
    const body = associations.restBody(routeOf('user'), writeOf('u-1', { accountIds: ['a-9'] }));
    await expect(body).rejects.toMatchObject({ code: 'unknown_association', field: 'accountIds' });
    await expect(body).rejects.toBeInstanceOf(RecordError);
  });
});

test('a parent that is on its way is waited for', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const inFlight = new InFlightWrites();
  void inFlight.inLane('account externalId a-1', () => promise);
  const { associations, script } = scripted({ 'GET /accounts/a-1': ok(ACME) }, inFlight);
  const finding = associations.lookUp('account', 'a-1');
  await new Promise((next) => setImmediate(next));
  expect(script.asked()).toEqual([]);
  resolve();
  expect(await finding).toMatchObject({ id: 'v-1' });
});

describe('a parent that Analytics took in', () => {
  test('is asked for again, longer and longer, until it shows', async () => {
    let asked = 0;
    const slept: number[] = [];
    const sleep = async (ms: number): Promise<void> => {
      slept.push(ms);
    };
    const send = async (): Promise<Answer> => (++asked < 4 ? no('not_found') : ok(ACME));
    const { associations, recordCache, pending } = associationsOver(send, { sleep });
    pending.add(ACCOUNTS, routeOf('account'), writeOf('a-1'), 0);
    recordCache.markAccepted(ACCOUNTS, { externalId: 'a-1' });
    expect(await associations.lookUp('account', 'a-1')).toMatchObject({ id: 'v-1' });
    expect(slept).toEqual([500, 1_000, 2_000]);
  });

  test('is given up five minutes after it was taken in, whoever waits, and its child’s fate is unsure', async () => {
    const { associations, recordCache, pending, slept, script } = scripted({});
    pending.add(ACCOUNTS, routeOf('account'), writeOf('a-1'), 0);
    recordCache.markAccepted(ACCOUNTS, { externalId: 'a-1' });
    const { accountIds } = objectByName('user').fields;
    if (accountIds === undefined) throw new Error('no field');
    const child = () => associations.find('accountIds', accountIds, 'a-1');
    await expect(child()).rejects.toMatchObject({ code: 'unsure', field: 'accountIds' });
    expect(slept.reduce((sum, ms) => sum + ms, 0)).toBe(300_000);
    expect(script.asked().length).toBeLessThan(20);
    await expect(child()).rejects.toMatchObject({ code: 'unsure' });
    expect(script.asked().length).toBeLessThan(2);
  });

  test('is found by every name that its row gave', async () => {
    const users = { path: '/resources/users', search: '/resources/users/search' };
    const { associations, recordCache, pending } = scripted({
      'GET /users/u-1': ok({ id: 'v-1', externalId: 'u-1' }),
    });
    pending.add(users, routeOf('user'), writeOf('u-1', { email: 'Ann@x.io' }), 0);
    recordCache.markAccepted(users, { externalId: 'u-1', email: 'Ann@x.io' });
    const { userId } = objectByName('user_account').fields;
    if (userId === undefined) throw new Error('no field');
    expect(await associations.find('userId', userId, 'ann@x.io')).toMatchObject({ id: 'v-1' });
    expect(await associations.ownId(routeOf('user_account'), 'userId', userId, 'ann@x.io', false)).toBe(
      'u-1',
    );
  });

  test('one that nobody took in is asked for once', async () => {
    const { associations, slept, script } = scripted({});
    expect(await associations.lookUp('account', 'a-1')).toBeUndefined();
    expect(slept).toEqual([]);
    expect(script.asked()).toHaveLength(1);
  });
});

describe('your own id of a parent, as the Analytics API takes it', () => {
  const answers = { 'GET /accounts/v-1': ok(ACME), 'GET /accounts/a-1': ok(ACME) };
  const { accountIds } = objectByName('user').fields;
  const ownId = (
    associations: AssociationResolver,
    unknownAccounts: Route['unknownAccounts'],
    id: string,
    isVitallys: boolean,
  ) => {
    if (accountIds === undefined) throw new Error('no field');
    return associations.ownId(routeOf('user', { unknownAccounts }), 'accountIds', accountIds, id, isVitallys);
  };

  test.each([
    { unknownAccounts: 'reject', id: 'a-1', isVitallys: false, own: 'a-1', asks: 1 },
    { unknownAccounts: 'reject', id: 'v-1', isVitallys: true, own: 'a-1', asks: 1 },
    { unknownAccounts: 'create', id: 'a-1', isVitallys: false, own: 'a-1', asks: 0 },
    { unknownAccounts: 'create', id: 'v-1', isVitallys: true, own: 'a-1', asks: 1 },
    { unknownAccounts: 'create', id: 'v-9', isVitallys: true, own: 'v-9', asks: 1 },
  ] as const)(
    '$id with unknown_accounts $unknownAccounts is $own',
    async ({ unknownAccounts, id, isVitallys, own, asks }) => {
      const { associations, script } = scripted(answers);
      expect(await ownId(associations, unknownAccounts, id, isVitallys)).toBe(own);
      expect(script.asked()).toHaveLength(asks);
    },
  );

  test('an unknown one is refused, one that Analytics took in is taken as it is', async () => {
    const { associations, recordCache, script } = scripted({});
    await expect(ownId(associations, 'reject', 'a-9', false)).rejects.toMatchObject({
      code: 'unknown_association',
    });
    script.asked();
    recordCache.markAccepted(ACCOUNTS, { externalId: 'a-9' });
    expect(await ownId(associations, 'reject', 'a-9', false)).toBe('a-9');
    expect(script.asked()).toEqual([]);
  });

  test('one that is on its way is waited for', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const inFlight = new InFlightWrites();
    void inFlight.inLane('account externalId a-9', () => promise);
    const { associations, recordCache, script } = scripted({}, inFlight);
    const waiting = ownId(associations, 'reject', 'a-9', false);
    recordCache.markAccepted(ACCOUNTS, { externalId: 'a-9' });
    resolve();
    expect(await waiting).toBe('a-9');
    expect(script.asked()).toEqual([]);
  });
});

test('a field that is no association is a bug', async () => {
  const { name } = objectByName('account').fields;
  if (name === undefined) throw new Error('no field');
  await expect(scripted({}).associations.find('name', name, 'x')).rejects.toThrow(Error);
});
