import { RecordError } from '../errors/record-error.ts';
import { own } from '../json/guards.ts';
import type { JsonValue } from '../json/json.ts';
import { objectByName } from '../objects/index.ts';
import type { Directory } from '../vitally/directory.ts';
import type { KnownRecord } from '../vitally/known-record.ts';
import { LruMap } from '../vitally/lru.ts';
import { VISIBILITY_WAITS_MS } from './visibility.ts';

const MAX_DEPARTING_USERS = 50_000;

export interface DeparturesOptions {
  readonly directory: Directory;
  readonly sleep: (ms: number) => Promise<void>;
}

/**
 * Users on their way out of accounts: the Analytics API takes an unlink in and applies it later. Until then REST shows
 * the account still, and a link that is made anew would be undone. Ids are Vitally's.
 */
export class Departures {
  readonly #options: DeparturesOptions;
  readonly #leaving = new LruMap<string, ReadonlySet<string>>(MAX_DEPARTING_USERS);

  constructor(options: DeparturesOptions) {
    this.#options = options;
  }

  /** Vitally took in that the user leaves the account. */
  add(user: string, account: string): void {
    this.#leaving.set(user, new Set([...(this.#leaving.get(user) ?? []), account]));
  }

  /**
   * The user without the accounts that it is about to leave. Where one of them is wanted back, it is waited until the
   * user has left. Throws {@link RecordError} `refused` where that takes too long.
   */
  async foresee(user: KnownRecord, wanted: readonly JsonValue[]): Promise<KnownRecord> {
    if (this.#leaving.get(user.id) === undefined) return user;
    let seen = user.fields === undefined ? await this.#read(user) : user;
    for (const waitMs of VISIBILITY_WAITS_MS) {
      const leaving = this.#stillLeaving(seen);
      if (!wanted.some((id) => leaving.has(id))) return without(seen, leaving);
      await this.#options.sleep(waitMs);
      seen = await this.#read(seen);
    }
    const leaving = this.#stillLeaving(seen);
    if (!wanted.some((id) => leaving.has(id))) return without(seen, leaving);
    throw new RecordError({
      code: 'refused',
      field: 'accountIds',
      message: 'an earlier row took the user out of this account, and Vitally has not done so yet',
      fix: 'Send the row again later.',
    });
  }

  async #read(user: KnownRecord): Promise<KnownRecord> {
    const { directory } = this.#options;
    const kind = objectByName('user').rest;
    if (kind === undefined) return user;
    const finding = await directory.reread(kind, user.id);
    return finding.kind === 'found' ? finding.record : user;
  }

  /** What REST no longer shows is done. */
  #stillLeaving(user: KnownRecord): ReadonlySet<JsonValue> {
    const shown = new Set(accountsOf(user));
    const leaving = new Set([...(this.#leaving.get(user.id) ?? [])].filter((id) => shown.has(id)));
    if (leaving.size > 0) this.#leaving.set(user.id, leaving);
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
