import { randomUUID } from 'node:crypto';
import { RecordError } from '../../errors/record-error.ts';
import type { Route, Write } from '../../mapping/route.ts';
import type { Batcher, TakenIn } from '../analytics/batcher.ts';
import { refusal } from '../refusal.ts';

/** The two ends of a membership. */
export interface Ends {
  readonly user: string;
  readonly account: string;
}

/** Takes users out of accounts, which only the Analytics API does (vitally-api.md, "Unlinking"). */
export class AccountUnlinker {
  readonly #batcher: Batcher | undefined;

  /** @param batcher `undefined` without an Analytics token: no user can be taken out then */
  constructor(batcher: Batcher | undefined) {
    this.#batcher = batcher;
  }

  /**
   * Resolves when Vitally has taken the message in; it applies it later.
   *
   * @param ends both by your own ids
   * @throws RecordError where the message is refused, or there is no Analytics token
   */
  async unlink(route: Route, write: Write, { user, account }: Ends): Promise<TakenIn> {
    if (this.#batcher === undefined) {
      throw new RecordError({
        code: 'refused',
        field: 'accountIds',
        message:
          'Vitally keeps the accounts that the row no longer names, and only its Analytics API takes a user out',
        fix: 'Add an analytics_api_token, or set relations to add.',
      });
    }
    const text = JSON.stringify({
      type: 'unlink',
      userId: user,
      accountId: account,
      messageId: randomUUID(),
    });
    const taken = await this.#batcher.write('unlink', [{ text, bytes: Buffer.byteLength(text) }]);
    if (taken.kind === 'refused') throw refusal(route.object, write, taken.answer, taken);
    return taken;
  }
}
