import { RecordError } from '../../errors/record-error.ts';
import { own } from '../../json/guards.ts';
import type { JsonValue } from '../../json/json.ts';
import { objectByName } from '../../objects/index.ts';
import type { KnownRecord } from '../../vitally/records/known-record.ts';
import { LruMap } from '../../vitally/records/lru.ts';
import type { RecordCache } from '../../vitally/records/record-cache.ts';
import { MAX_VISIBILITY_MS, waitsUntil } from './visibility.ts';

/** Users whose unlinks are remembered. */
const MAX_USERS = 50_000;

export interface PendingUnlinksOptions {
  readonly recordCache: RecordCache;
  readonly sleep: (ms: number) => Promise<void>;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** Accounts that a user is to be taken out of, and when the last of these unlinks was taken in. */
interface Pending {
  readonly accounts: ReadonlySet<string>;
  readonly sinceMs: number;
}

/**
 * Unlinks that the Analytics API took in and has yet to apply. Until then REST still shows the account, and the unlink
 * would undo a link that is made anew. Ids are Vitally's.
 */
export class PendingUnlinks {
  readonly #options: PendingUnlinksOptions;
  readonly #pending = new LruMap<string, Pending>(MAX_USERS);

  constructor(options: PendingUnlinksOptions) {
    this.#options = options;
  }

  /** Vitally took in an unlink of the user from the account. */
  add(user: string, account: string): void {
    const accounts = new Set([...(this.#pending.get(user)?.accounts ?? []), account]);
    this.#pending.set(user, { accounts, sinceMs: this.#options.now() });
  }

  /**
   * The user as it will be once its pending unlinks are applied. Where the row wants one of these accounts back, this
   * waits until the unlink is applied. Throws {@link RecordError} `unsure` where that takes too long.
   */
  async appliedTo(user: KnownRecord, wanted: readonly JsonValue[]): Promise<KnownRecord> {
    const { sleep, now } = this.#options;
    const since = this.#pending.get(user.id)?.sinceMs;
    if (since === undefined) return user;
    let seen = user.fields === undefined ? await this.#read(user) : user;
    for (const waitMs of waitsUntil(since + MAX_VISIBILITY_MS, now)) {
      const pending = this.#stillPending(seen);
      if (!wanted.some((id) => pending.has(id))) return without(seen, pending);
      await sleep(waitMs);
      seen = await this.#read(seen);
    }
    const pending = this.#stillPending(seen);
    if (!wanted.some((id) => pending.has(id))) return without(seen, pending);
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
  #stillPending(user: KnownRecord): ReadonlySet<JsonValue> {
    const shown = new Set(accountsOf(user));
    const before = this.#pending.get(user.id);
    const pending = new Set([...(before?.accounts ?? [])].filter((id) => shown.has(id)));
    if (before !== undefined && pending.size > 0)
      this.#pending.set(user.id, { ...before, accounts: pending });
    else this.#pending.delete(user.id);
    return pending;
  }
}

function without(user: KnownRecord, pending: ReadonlySet<JsonValue>): KnownRecord {
  if (pending.size === 0) return user;
  const accountIds = accountsOf(user).filter((id) => !pending.has(id));
  return { ...user, fields: { ...user.fields, accountIds } };
}

function accountsOf({ fields }: KnownRecord): readonly JsonValue[] {
  const accounts = fields && own(fields, 'accountIds');
  return Array.isArray(accounts) ? accounts : [];
}
