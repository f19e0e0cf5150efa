import { replaceAccounts } from '../../memberships/replace-accounts.ts';
import { listOf } from '../../rest/body.ts';
import type { PutSteps } from '../../rest/context.ts';
import { writeRecord } from '../../rest/write-record.ts';
import type { ObjectWriter } from '../object-writer.ts';

/**
 * A PUT of a user says which accounts it belongs to. It is made from the user without the accounts that an earlier row
 * took it out of, and followed by unlinks from those that Vitally kept although the row no longer names them.
 */
export const MEMBERSHIP_STEPS: PutSteps = {
  before: ({ associations }, found, body) =>
    associations.pendingUnlinks.appliedTo(found, listOf(body.fields.get('accountIds'))),
  after: replaceAccounts,
};

/** Writes users the usual way, and keeps their accounts right. */
export const writeUser: ObjectWriter = (context, target) =>
  writeRecord(context, { ...target, putSteps: MEMBERSHIP_STEPS });
