import type { StateMessage } from '../protocol/messages.ts';
import type { ReadAhead } from './read-ahead.ts';
import type { ParentWaitlist } from './waitlist/parent-waitlist.ts';

/**
 * Where STATEs wait until they go out. They take room of what may be read ahead. Behind rows that wait for a parent they
 * must not keep the parent out: there their text goes to the file of these rows, and where that has no room it is kept
 * beyond the bound rather than a good row refused.
 */
export class StateRoom {
  readonly #budget: ReadAhead;
  readonly #waitlist: ParentWaitlist;

  constructor(budget: ReadAhead, waitlist: ParentWaitlist) {
    this.#budget = budget;
    this.#waitlist = waitlist;
  }

  /** The STATE to hold in its place; waits for room where no row waits for a parent. */
  async take(message: StateMessage): Promise<StateMessage> {
    const characters = message.raw.length;
    if (this.#budget.fits(characters) || this.#waitlist.rows === 0) {
      await this.#budget.take(characters, 0);
      return message;
    }
    const place = await (await this.#waitlist.file())?.put(message.raw);
    return place === undefined ? { ...message, isBeyondBudget: true } : { ...message, raw: '', place };
  }

  /** The text that it came in. */
  async textOf({ raw, place }: StateMessage): Promise<string> {
    if (place === undefined) return raw;
    const file = await this.#waitlist.file();
    if (file === undefined) throw new Error('the temporary file of waiting rows is gone');
    const text = await file.get(place);
    file.free(place);
    return text;
  }

  /** It is out. */
  leave({ raw, isBeyondBudget }: StateMessage): void {
    if (isBeyondBudget !== true) this.#budget.give(raw.length, 0);
  }
}
