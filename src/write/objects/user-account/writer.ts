import { randomUUID } from 'node:crypto';
import { RecordError } from '../../../errors/record-error.ts';
import { tried } from '../../../errors/tried.ts';
import type { JsonValue } from '../../../json/json.ts';
import type { Route, Write } from '../../../mapping/route.ts';
import { objectByName } from '../../../objects/index.ts';
import type { Field } from '../../../objects/object.ts';
import { isUuid } from '../../../vitally/records/paths.ts';
import { makeUnknownParents } from '../../associations/unknown-parents.ts';
import type { Ends } from '../../memberships/account-unlinker.ts';
import { refusal } from '../../refusal.ts';
import { listOf } from '../../rest/body.ts';
import type { WriteContext } from '../../rest/context.ts';
import { unknownKey } from '../../rest/find.ts';
import { putRecord } from '../../rest/put.ts';
import { accepted, asCreated, deleted, isGone, type Result, skipped } from '../../result.ts';
import type { Apis } from '../object-writer.ts';
import { MEMBERSHIP_STEPS } from '../user/writer.ts';

const BATCH_PATH = '/analytics/v1/batch';

/** A membership by your own ids and, where they were looked up, by Vitally's. */
interface Membership {
  readonly own: Ends;
  readonly ids: Ends | undefined;
}

/**
 * That a user belongs to an account, as a row of its own: `append` makes the user a member, `delete` takes it out. The
 * first is a write of the user, the second is for the Analytics API alone (vitally-api.md, "Unlinking"). Throws
 * {@link RecordError}.
 */
export async function writeMembership(apis: Apis, route: Route, write: Write): Promise<Result> {
  const ends = { user: idOf(write, 'userId'), account: idOf(write, 'accountId') };
  const { rest } = apis;
  if (rest === undefined) rejectEmail(ends.user);
  if (route.mode === 'delete') return await remove(apis, route, write, ends);
  return rest === undefined
    ? await addByMessage(apis, route, write, ends)
    : await add(rest, route, write, ends);
}

async function add(rest: WriteContext, route: Route, write: Write, ends: Ends): Promise<Result> {
  const users = objectByName('user');
  const collection = users.rest;
  if (collection === undefined) throw new Error('users have no REST endpoint');
  const user = await rest.associations.find('userId', field(route, 'userId'), ends.user);
  await makeUnknownParents(rest, { route: { ...route, mode: 'upsert' }, write, key: ends.user, collection });
  const account = await rest.associations.find('accountId', field(route, 'accountId'), ends.account);
  await rest.pending.untilShown(collection, 'id', user.id);
  const whole = await rest.recordCache.find(collection, 'id', user.id, 'fields');
  const shown = whole.kind === 'found' ? whole.record : user;
  const record = await rest.associations.pendingUnlinks.appliedTo(shown, [account.id]);
  if (listOf(record.fields?.accountIds).includes(account.id)) return skipped('record there');
  const asUser: Route = {
    ...route,
    object: users,
    mode: 'update',
    matchOn: 'id',
    relations: 'add',
    ifEmpty: [],
  };
  const fields = new Map<string, JsonValue>([['accountIds', [account.id]]]);
  const settled = await putRecord(
    rest,
    { route: asUser, write, key: user.id, collection, putSteps: MEMBERSHIP_STEPS },
    { fields, traits: new Map() },
    record,
  );
  if (isGone(settled)) return unknownKey(route, settled.gone);
  // A membership has no id: that of the user is another record's.
  const result = { ...settled, id: undefined };
  return settled.outcome.kind === 'updated' ? asCreated(result) : result;
}

async function addByMessage(
  { batcher }: Apis,
  route: Route,
  write: Write,
  { user, account }: Ends,
): Promise<Result> {
  if (batcher === undefined) throw new Error('a membership is neither for REST nor for Analytics');
  const content = { type: 'user', userId: user, accountId: account, traits: {}, messageId: randomUUID() };
  const text = JSON.stringify(content);
  const taken = await batcher.write('user', [{ text, bytes: Buffer.byteLength(text) }]);
  if (taken.kind === 'refused') throw refusal(route.object, write, taken.answer, taken);
  const { httpStatus } = taken;
  return accepted({ method: 'POST', path: BATCH_PATH, body: `[${text}]` }, { httpStatus });
}

async function remove(apis: Apis, route: Route, write: Write, ends: Ends): Promise<Result> {
  const { rest, unlinker, beforeDelete } = apis;
  const membership = await membershipOf(rest, ends);
  if (membership === undefined) return unknownKey(route);
  const { own, ids } = membership;
  const ended = await beforeDelete(route, async () => true);
  if (ended === 'absent') return unknownKey(route);
  // An unlink of which no answer came may have been done: it counts.
  let isRemoved = true;
  let httpStatus: number | undefined;
  try {
    const unlinked = await tried(() => unlinker.unlink(route, write, own));
    isRemoved = unlinked.error === undefined;
    if (unlinked.error !== undefined) throw unlinked.error;
    ({ httpStatus } = unlinked.value);
  } finally {
    ended(isRemoved);
  }
  if (ids !== undefined && rest?.lookFirst === false)
    rest.associations.pendingUnlinks.add(ids.user, ids.account);
  const body = JSON.stringify([{ type: 'unlink', userId: own.user, accountId: own.account }]);
  const request = { method: 'POST', path: BATCH_PATH, body } as const;
  if (ids === undefined || rest?.lookFirst !== true) return accepted(request, { httpStatus });
  await planUnlink(rest, ids);
  return deleted(request);
}

/** A membership that is there, `undefined` for one that isn't. Taken as given without a REST token. */
async function membershipOf(rest: WriteContext | undefined, ends: Ends): Promise<Membership | undefined> {
  if (rest === undefined) {
    if (![ends.user, ends.account].some(isUuid)) return { own: ends, ids: undefined };
    throw new RecordError({
      code: 'unknown_association',
      message: "the ids look like Vitally's, and the Analytics API takes your own alone",
      fix: 'Give your own ids, or add a rest_api_token to have them looked up.',
    });
  }
  const user = await rest.associations.lookUp('user', ends.user);
  const account = await rest.associations.lookUp('account', ends.account);
  const collection = objectByName('user').rest;
  if (user === undefined || account === undefined || collection === undefined) return undefined;
  await rest.pending.untilShown(collection, 'id', user.id);
  const whole = await rest.recordCache.find(collection, 'id', user.id, 'fields');
  if (whole.kind !== 'found') return undefined;
  const { pendingUnlinks } = rest.associations;
  const { fields } = await pendingUnlinks.appliedTo(whole.record, []);
  if (!listOf(fields?.accountIds).includes(account.id)) return undefined;
  rest.recordCache.forget(collection, { id: user.id, externalId: user.externalId });
  return {
    own: { user: user.externalId ?? ends.user, account: account.externalId ?? ends.account },
    ids: { user: user.id, account: account.id },
  };
}

/** In a dry run later rows see the user without the account. */
async function planUnlink({ recordCache }: WriteContext, { user, account }: Ends): Promise<void> {
  const collection = objectByName('user').rest;
  const finding = collection && (await recordCache.find(collection, 'id', user, 'fields'));
  if (collection === undefined || finding?.kind !== 'found') return;
  const { fields } = finding.record;
  const accountIds = listOf(fields?.accountIds).filter((id) => id !== account);
  recordCache.remember(collection, { ...fields, id: user, accountIds });
}

/**
 * A user may be named by e-mail, which only REST can look up; a message with it as the user's own id would make
 * another user.
 */
function rejectEmail(user: string): void {
  if (!user.includes('@')) return;
  throw new RecordError({
    code: 'unknown_association',
    field: 'userId',
    message: 'userId looks like an e-mail, and the Analytics API takes your own id of the user alone',
    fix: 'Give your own id of the user, or add a rest_api_token to have users looked up.',
  });
}

function idOf(write: Write, name: string): string {
  const id = write.fields.get(name);
  if (typeof id === 'string' && id !== '') return id;
  throw new RecordError({
    code: 'missing_field',
    field: name,
    message: `${name} is missing: a membership needs a user and an account`,
    fix: `Give the row ${name}.`,
  });
}

function field(route: Route, name: string): Field {
  const found = route.object.fields[name];
  if (found === undefined) throw new Error(`${route.object.name} has no field ${name}`);
  return found;
}
