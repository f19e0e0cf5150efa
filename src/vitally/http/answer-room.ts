/** Answers that are read at once may hold this together (Contract 10). */
export const ALL_ANSWERS_BYTES = 64 * 1024 * 1024;

/** What one answer that is being read has taken of the room. */
export interface AnswerShare {
  /**
   * Takes room for bytes that were read, at once. Where none was left, they overdraw it, and the reader must wait for
   * the promise before it reads on.
   *
   * @param signal ends the waiting when it is aborted
   * @returns `undefined` where the reader may go on
   */
  take(bytes: number, signal: AbortSignal): Promise<void> | undefined;
  /** Gives everything back. It may be called again. */
  release(): void;
}

interface Share {
  /** Bytes that count against the shared half. */
  takenBytes: number;
  /** Lets the reader go on; `undefined` while it does not wait. */
  goOn: (() => void) | undefined;
}

/**
 * The room for the bodies of answers that are being read, of all clients of a run together. Half of it is for all
 * answers, and half for the one that began first: it always gets on, so readers never wait for one another in a circle.
 * Each reader holds at most one chunk that the room lacked, 64 KiB.
 */
export class AnswerRoom {
  readonly #sharedBytes: number;
  /** In the order in which they began. */
  readonly #shares = new Set<Share>();
  #takenBytes = 0;

  /** @param bytes for all answers; an answer longer than half of it must be cut by its reader */
  constructor(bytes: number = ALL_ANSWERS_BYTES) {
    this.#sharedBytes = bytes / 2;
  }

  begin(): AnswerShare {
    const share: Share = { takenBytes: 0, goOn: undefined };
    this.#shares.add(share);
    return {
      take: (bytes, signal) => this.#take(share, bytes, signal),
      release: () => this.#release(share),
    };
  }

  #take(share: Share, bytes: number, signal: AbortSignal): Promise<void> | undefined {
    if (!this.#isFirst(share)) {
      share.takenBytes += bytes;
      this.#takenBytes += bytes;
    }
    if (signal.aborted || this.#mayGoOn(share)) return undefined;
    return new Promise((resolve) => {
      const goOn = (): void => {
        share.goOn = undefined;
        signal.removeEventListener('abort', goOn);
        resolve();
      };
      share.goOn = goOn;
      signal.addEventListener('abort', goOn);
    });
  }

  #release(share: Share): void {
    this.#takenBytes -= share.takenBytes;
    share.takenBytes = 0;
    this.#shares.delete(share);
    for (const waiting of this.#shares) if (this.#mayGoOn(waiting)) waiting.goOn?.();
  }

  #mayGoOn(share: Share): boolean {
    return this.#isFirst(share) || this.#takenBytes <= this.#sharedBytes;
  }

  #isFirst(share: Share): boolean {
    for (const first of this.#shares) return first === share;
    return false;
  }
}
