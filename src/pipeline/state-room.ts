import type { StateTexts } from '../checkpoint/state-publisher.ts';
import type { StateMessage } from '../protocol/messages.ts';
import type { ReadAhead } from './read-ahead.ts';
import type { ParentWaitlist } from './waitlist/parent-waitlist.ts';

/**
 * Where the texts of STATEs wait until they go out. They take room of what may be read ahead. Behind rows that wait for a
 * parent they must not keep the parent out: there the text goes to the file of these rows. Where that has no room, the
 * text is kept in memory beyond the bound, so that no good row is rejected for it.
 */
export class StateRoom implements StateTexts {
  readonly #readAhead: ReadAhead;
  readonly #waitlist: ParentWaitlist;

  constructor(readAhead: ReadAhead, waitlist: ParentWaitlist) {
    this.#readAhead = readAhead;
    this.#waitlist = waitlist;
  }

  /** The STATE to hold in its place; waits for room where no row waits for a parent. */
  async take(message: StateMessage): Promise<StateMessage> {
    const characters = message.raw.length;
    if (this.#readAhead.fits(characters) || this.#waitlist.rows === 0) {
      await this.#readAhead.take(characters, 0);
      return message;
    }
    const place = await (await this.#waitlist.file())?.put(message.raw);
    return place === undefined ? { ...message, isBeyondReadAhead: true } : { ...message, raw: '', place };
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
  leave({ raw, isBeyondReadAhead }: StateMessage): void {
    if (isBeyondReadAhead !== true) this.#readAhead.give(raw.length, 0);
  }
}
