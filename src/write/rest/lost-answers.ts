import { RecordError } from '../../errors/record-error.ts';
import { TransientError } from '../../errors/transient-error.ts';
import { tried } from '../../errors/tried.ts';
import { requestLine, type VitallyRequest } from '../../vitally/http/answer.ts';

/** When so many rows in a row lose their answer for good, Vitally is out of order. */
const ROWS_OF_AN_OUTAGE = 3;
/** A held row occupies its lane, and all the rest of the input may wait behind it: after this time it is settled. */
const MAX_HELD_MS = 4 * 60_000;

interface Held {
  readonly release: () => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Rows whose POST may have been applied although its answer was lost, and whose record was not found. One such row is
 * rejected; three in a row are an outage, which ends the run. So a row is held until a write is answered well, the third
 * row comes, or the input ends.
 *
 * Every method is one synchronous step: a row is either looked for or held, and is released or failed once.
 */
export class LostAnswers {
  readonly #signal: AbortSignal | undefined;
  readonly #maxHeldMs: number;
  #held: Held[] = [];
  /** POSTs that are under way, or whose record is looked for. */
  #undecided = 0;
  #inputEnded = false;

  constructor(options: { readonly signal?: AbortSignal; readonly maxHeldMs?: number } = {}) {
    this.#signal = options.signal;
    this.#maxHeldMs = options.maxHeldMs ?? MAX_HELD_MS;
    options.signal?.addEventListener('abort', () => this.#fail(options.signal?.reason));
  }

  /** A write was answered well: this is no outage. */
  answeredWell(): void {
    for (const { release } of this.#held.splice(0)) release();
  }

  /** No further rows come. */
  endOfInput(): void {
    this.#inputEnded = true;
    this.#releaseLast();
  }

  /** A POST is sent that must not be repeated. {@link answered} says that its answer came; where it is lost, {@link lookFor}. */
  sent(): void {
    this.#undecided += 1;
  }

  /** Its answer came, or it was given up with the run. */
  answered(): void {
    this.#undecided -= 1;
    this.#releaseLast();
  }

  /**
   * Looks for what a request whose answer was lost may have made. `undefined` when the row is to be rejected as unsure;
   * throws {@link TransientError} in an outage.
   */
  async lookFor<T>(look: () => Promise<T | undefined>): Promise<T | undefined> {
    let found: T | undefined;
    try {
      const looked = await tried(look);
      // Where the look itself is refused, nothing tells what became of the row.
      if (looked.error !== undefined) throw outage(looked.error);
      found = looked.value;
    } finally {
      this.#undecided -= 1;
      if (found !== undefined) this.#releaseLast();
    }
    if (found === undefined) await this.#hold();
    return found;
  }

  #hold(): Promise<void> {
    this.#signal?.throwIfAborted();
    return new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#held = this.#held.filter((other) => other !== held);
        resolve();
      }, this.#maxHeldMs);
      const held: Held = {
        release: () => {
          clearTimeout(timer);
          resolve();
        },
        fail: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      this.#held.push(held);
      if (this.#held.length >= ROWS_OF_AN_OUTAGE) this.#fail(outage(undefined));
      else this.#releaseLast();
    });
  }

  #fail(error: unknown): void {
    for (const { fail } of this.#held.splice(0)) fail(error);
  }

  /** At the end of the input only rows that are still undecided can make it an outage. */
  #releaseLast(): void {
    if (this.#inputEnded && this.#undecided === 0) this.answeredWell();
  }
}

function outage(cause: unknown): TransientError {
  const what =
    cause === undefined
      ? `Vitally lost its answers to ${ROWS_OF_AN_OUTAGE} rows in a row, and nothing shows what became of them`
      : "Vitally's answer to a row was lost, and whether its record was made can't be looked up";
  return new TransientError(
    `${what}: it is out of order. The next run sends these rows again, and finds what was made where it can be looked for; a request is repeated.`,
    { cause },
  );
}

/** What becomes of a row whose request may or may not have been applied, where nothing could show what it did. */
export function unseen(title: string, request: VitallyRequest): RecordError {
  return new RecordError({
    code: 'unsure',
    message: `Vitally's answer was lost on the way, and nothing tells whether the ${title} was carried out`,
    request: requestLine(request),
    fix: "Look in Vitally whether it was, and send the row again if it wasn't.",
  });
}

/** The rejection of a row whose request may or may not have been applied. */
export function unsure(title: string, request: VitallyRequest): RecordError {
  return new RecordError({
    code: 'unsure',
    message: `Vitally's answer was lost on the way, and for a minute no such ${title} showed: nothing tells whether it was made`,
    request: requestLine(request),
    fix: `Look in Vitally whether the ${title} is there, and send the row again if it isn't.`,
  });
}
