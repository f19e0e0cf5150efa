import type { Crashes } from '../errors/crashes.ts';
import type { StateMessage } from '../protocol/messages.ts';
import type { Rejections } from '../rejected/rejections.ts';
import type { Ledger } from './ledger.ts';
import type { SafeState } from './state-interval.ts';

/** Emits a STATE that is safe now, in the text that it came in, with the records since the STATE before it. */
export type Acknowledge = (
  raw: string,
  counts: { readonly recordCount: number; readonly rejectedRecordCount: number },
) => Promise<void>;

/** Where the texts of STATEs wait until they go out. */
export interface StateTexts {
  /** The STATE as it is to be held; waits for room. */
  take(state: StateMessage): Promise<StateMessage>;
  /** The text that it came in, once. */
  textOf(state: StateMessage): Promise<string>;
  /** It is out: its room is given back. */
  leave(state: StateMessage): void;
}

export interface StatePublisherOptions {
  readonly ledger: Ledger;
  readonly rejections: Rejections;
  readonly acknowledge: Acknowledge;
  readonly texts: StateTexts;
  readonly shutdown: Crashes;
}

/**
 * Emits the STATEs that became safe, in order; the rejected records that they cover are on disk first.
 *
 * Invariant: while `#publishing` is true the loop will look at the ledger once more. It is cleared in the same
 * synchronous step as the look that found nothing, so that a `publish` is never lost between the two.
 */
export class StatePublisher {
  readonly #options: StatePublisherOptions;
  #publishing = false;
  /** A STATE could not be emitted: a later one would say that its records are safe. */
  #failed = false;
  #done: Promise<void> = Promise.resolve();
  #published = 0;

  constructor(options: StatePublisherOptions) {
    this.#options = options;
  }

  /** Takes a STATE in at its place in the input; it leaves once everything before it is safe. */
  async checkpoint(state: StateMessage): Promise<void> {
    const { ledger, texts } = this.#options;
    if (ledger.checkpoint(await texts.take(state))) this.publish();
  }

  /** Called when the ledger has something to give. */
  publish(): void {
    if (this.#publishing || this.#failed) return;
    this.#publishing = true;
    this.#done = this.#publishAll();
  }

  /** STATEs that left. */
  get published(): number {
    return this.#published;
  }

  /** Emits what is safe; resolves when nothing more is. */
  async flush(): Promise<void> {
    this.publish();
    while (this.#publishing) await this.#done;
  }

  async #publishAll(): Promise<void> {
    try {
      for (let next = this.#next(); next !== undefined; next = this.#next()) await this.#emit(next);
    } catch (error) {
      this.#failed = true;
      this.#publishing = false;
      this.#options.shutdown.crash(error);
    }
  }

  #next(): readonly SafeState[] | undefined {
    const safe = this.#options.ledger.takeSafe();
    if (safe.length > 0) return safe;
    this.#publishing = false;
    return undefined;
  }

  async #emit(states: readonly SafeState[]): Promise<void> {
    const { ledger, rejections, acknowledge, texts } = this.#options;
    await rejections.flush();
    for (const safe of states) {
      await acknowledge(await texts.textOf(safe.state), safe);
      ledger.published(1);
      this.#published++;
      texts.leave(safe.state);
    }
  }
}
