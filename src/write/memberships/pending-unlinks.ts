import { RecordError } from '../../errors/record-error.ts';
import { own } from '../../json/guards.ts';
import type { JsonValue } from '../../json/json.ts';
import { objectByName } from '../../objects/index.ts';
import type { KnownRecord } from '../../vitally/records/known-record.ts';
import { LruMap } from '../../vitally/records/lru.ts';
import type { RecordCache } from '../../vitally/records/record-cache.ts';
import { MAX_VISIBILITY_MS, waitsUntil } from './visibility.ts';

const MAX_DEPARTING_USERS = 50_000;

export interface PendingUnlinksOptions {
  readonly recordCache: RecordCache;
  readonly sleep: (ms: number) => Promise<void>;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** Accounts that a user is about to leave, and when the last of these unlinks was taken in. */
interface Leaving {
  readonly accounts: ReadonlySet<string>;
  readonly sinceMs: number;
}

/**
 * Users on their way out of accounts: the Analytics API takes an unlink in and applies it later. Until then REST shows
 * the account still, and a link that is made anew would be undone. Ids are Vitally's.
 */
export class PendingUnlinks {
  readonly #options: PendingUnlinksOptions;
  readonly #leaving = new LruMap<string, Leaving>(MAX_DEPARTING_USERS);

  constructor(options: PendingUnlinksOptions) {
    this.#options = options;
  }

  /** Vitally took in that the user leaves the account. */
  add(user: string, account: string): void {
    const accounts = new Set([...(this.#leaving.get(user)?.accounts ?? []), account]);
    this.#leaving.set(user, { accounts, sinceMs: this.#options.now() });
  }

  /**
   * The user without the accounts that it is about to leave. Where one of them is wanted back, it is waited until the
   * user has left. Throws {@link RecordError} `unsure` where that takes too long.
   */
  async foresee(user: KnownRecord, wanted: readonly JsonValue[]): Promise<KnownRecord> {
    const { sleep, now } = this.#options;
    const since = this.#leaving.get(user.id)?.sinceMs;
    if (since === undefined) return user;
    let seen = user.fields === undefined ? await this.#read(user) : user;
    for (const waitMs of waitsUntil(since + MAX_VISIBILITY_MS, now)) {
      const leaving = this.#stillLeaving(seen);
      if (!wanted.some((id) => leaving.has(id))) return without(seen, leaving);
      await sleep(waitMs);
      seen = await this.#read(seen);
    }
    const leaving = this.#stillLeaving(seen);
    if (!wanted.some((id) => leaving.has(id))) return without(seen, leaving);
    throw new RecordError({
      code: 'unsure',
      field: 'accountIds',
      message:
        'an earlier row took the user out of this account, and after five minutes REST does not show that Vitally has done so',
      fix: 'Send the row again later.',
    });
  }

  async #read(user: KnownRecord): Promise<KnownRecord> {
    const { recordCache } = this.#options;
    const collection = objectByName('user').rest;
    if (collection === undefined) return user;
    const finding = await recordCache.ask(collection, 'id', user.id);
    return finding.kind === 'found' ? finding.record : user;
  }

  /** What REST no longer shows is done. */
  #stillLeaving(user: KnownRecord): ReadonlySet<JsonValue> {
    const shown = new Set(accountsOf(user));
    const before = this.#leaving.get(user.id);
    const leaving = new Set([...(before?.accounts ?? [])].filter((id) => shown.has(id)));
    if (before !== undefined && leaving.size > 0)
      this.#leaving.set(user.id, { ...before, accounts: leaving });
    else this.#leaving.delete(user.id);
    return leaving;
  }
}

function without(user: KnownRecord, leaving: ReadonlySet<JsonValue>): KnownRecord {
  if (leaving.size === 0) return user;
  const accountIds = accountsOf(user).filter((id) => !leaving.has(id));
  return { ...user, fields: { ...user.fields, accountIds } };
}

function accountsOf({ fields }: KnownRecord): readonly JsonValue[] {
  const accounts = fields && own(fields, 'accountIds');
  return Array.isArray(accounts) ? accounts : [];
}
