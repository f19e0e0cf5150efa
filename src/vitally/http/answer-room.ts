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

/**
 * The room for the bodies of answers that are being read, of all clients of a run together. Half of it is for all
 * answers, and half for the one that began first: it always gets on, so readers never wait for one another in a circle.
 * Each reader holds at most one chunk that the room lacked, 64 KiB.
 */
export class AnswerRoom {
  readonly #sharedBytes: number;
  readonly #shares = new Set<Share>();
  #takenBytes = 0;

  /** @param bytes for all answers; an answer longer than half of it must be cut by its reader */
  constructor(bytes: number = ALL_ANSWERS_BYTES) {
    this.#sharedBytes = bytes / 2;
  }

  begin(): AnswerShare {
    const share = new Share({
      mayGoOn: (asking) => this.#isFirst(asking) || this.#takenBytes <= this.#sharedBytes,
      take: (asking, bytes) => {
        if (this.#isFirst(asking)) return 0;
        this.#takenBytes += bytes;
        return bytes;
      },
      release: (leaving, bytes) => {
        this.#shares.delete(leaving);
        this.#takenBytes -= bytes;
        for (const waiting of this.#shares) waiting.look();
      },
    });
    this.#shares.add(share);
    return share;
  }

  /** A set keeps the order in which its members came. */
  #isFirst(share: Share): boolean {
    for (const first of this.#shares) return first === share;
    return false;
  }
}

interface Room {
  mayGoOn(share: Share): boolean;
  /** @returns bytes that count against the shared half */
  take(share: Share, bytes: number): number;
  release(share: Share, bytes: number): void;
}

class Share implements AnswerShare {
  readonly #room: Room;
  #takenBytes = 0;
  #goOn: (() => void) | undefined;

  constructor(room: Room) {
    this.#room = room;
  }

  take(bytes: number, signal: AbortSignal): Promise<void> | undefined {
    this.#takenBytes += this.#room.take(this, bytes);
    if (signal.aborted || this.#room.mayGoOn(this)) return undefined;
    return new Promise((resolve) => {
      this.#goOn = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  release(): void {
    const bytes = this.#takenBytes;
    this.#takenBytes = 0;
    this.#room.release(this, bytes);
  }

  /** Something was given back. */
  look(): void {
    if (this.#goOn === undefined || !this.#room.mayGoOn(this)) return;
    this.#goOn();
    this.#goOn = undefined;
  }
}
