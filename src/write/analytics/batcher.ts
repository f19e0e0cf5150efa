import type { Answer, VitallyRequest } from '../../vitally/http/answer.ts';
import { SendAborted } from '../../vitally/http/send-aborted.ts';
import { type Firewall, isForeign } from '../firewall.ts';
import { Batch, type Entry, requestsOf } from './batch.ts';
import type { Message } from './message.ts';
import { type Posted, type Refusal, RefusedBatches } from './refused-batch.ts';

const BATCH_PATH = '/analytics/v1/batch';

/** What became of a row's messages: taken in, or refused for good. */
export type Taken = TakenIn | RefusedRow;

export interface TakenIn {
  readonly kind: 'accepted';
  /** On Vitally's clock. */
  readonly sentAtMs: number;
  /** Of the answer to the batch. */
  readonly httpStatus: number;
}

/** A row of which a message was refused; others of its messages may have been taken in. */
export type RefusedRow = {
  readonly kind: 'refused';
  readonly sentAtMs: number;
  /** For each of the row's messages, in their order, whether it was taken in. */
  readonly taken: readonly boolean[];
} & Refusal;

/** A row's messages, and what is told what became of them; neither is called before {@link Batcher.add} has returned. */
export interface Waiting extends Entry {
  settle(taken: Taken): void;
  /** The run must end. */
  crash(error: unknown): void;
}

export interface BatcherOptions {
  readonly commit: (request: VitallyRequest) => Promise<Answer>;
  /** Requests on the wire at a time. */
  readonly maxInFlight: number;
  readonly now: () => number;
  /** Message types, parents first: of several full batches that of the parents is sent first. */
  readonly types: readonly string[];
  readonly firewall: Firewall;
  /** In [0, 1). Default `Math.random`. */
  readonly random?: () => number;
}

/** Gathers messages into batches, sends them, and finds the bad messages in a batch that is refused. */
export class Batcher {
  readonly #options: BatcherOptions;
  readonly #batches: readonly Batch<Waiting>[];
  readonly #byType: ReadonlyMap<string, Batch<Waiting>>;
  readonly #refusedBatches: RefusedBatches;
  #inFlight = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #ended = false;

  constructor(options: BatcherOptions) {
    this.#options = options;
    this.#batches = options.types.map((type) => new Batch<Waiting>(type));
    this.#byType = new Map(this.#batches.map((batch) => [batch.type, batch]));
    this.#refusedBatches = new RefusedBatches({
      send: (messages) => this.#post(messages),
      firewall: options.firewall,
      random: options.random ?? Math.random,
    });
  }

  /** Resolves when Vitally has taken the row's messages in, or refused them; rejects when the run must end. */
  async write(type: string, messages: readonly Message[]): Promise<Taken> {
    return await new Promise<Taken>((settle, crash) => {
      this.add(type, { messages, since: this.now(), settle, crash });
    });
  }

  /** Takes a row's messages in, which were made {@link now}. */
  add(type: string, entry: Waiting): void {
    const batch = this.#byType.get(type);
    if (batch === undefined) throw new Error(`no batch for messages of type ${type}`);
    if (this.#stopped) {
      queueMicrotask(() => entry.crash(stopping()));
      return;
    }
    const { since } = entry;
    const dueBefore = batch.dueAtMs(since);
    batch.add(entry, since);
    if (this.#ended) batch.flush(since);
    const dueAtMs = batch.dueAtMs(since);
    if (dueAtMs <= since || dueAtMs !== dueBefore) this.#pump();
  }

  /** On the clock by which batches are due. */
  now(): number {
    return this.#options.now();
  }

  /** A STATE waits: the gathered messages are sent soon. */
  flush(): void {
    const now = this.#options.now();
    for (const batch of this.#batches) batch.flush(now);
    this.#pump();
  }

  /** No further rows come: batches no longer wait to fill up. */
  endOfInput(): void {
    this.#ended = true;
    this.flush();
  }

  /** Sends nothing more. Waiting rows end with {@link SendAborted}; requests on the wire end by themselves. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const batch of this.#batches) {
      while (batch.size > 0) {
        for (const entry of batch.take(this.#options.now())) entry.crash(stopping());
      }
    }
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  #pump(): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    const now = this.#options.now();
    for (const batch of this.#batches) {
      while (this.#inFlight < this.#options.maxInFlight && batch.size > 0 && batch.dueAtMs(now) <= now) {
        void this.#send(batch.type, batch.take(now));
      }
    }
    if (this.#inFlight >= this.#options.maxInFlight) return;
    const dueAtMs = Math.min(...this.#batches.map((batch) => batch.dueAtMs(now)));
    if (Number.isFinite(dueAtMs)) {
      this.#timer = setTimeout(() => this.#pump(), Math.max(0, dueAtMs - now));
    }
  }

  async #send(type: string, entries: readonly Waiting[]): Promise<void> {
    this.#inFlight += 1;
    const refused = new Map<Message, Refusal>();
    const statuses = new Map<Message, number>();
    let sentAtMs = Number.NEGATIVE_INFINITY;
    try {
      for (const messages of requestsOf(entries.flatMap((entry) => entry.messages))) {
        const posted = await this.#refusedBatches.post(type, messages);
        sentAtMs = Math.max(sentAtMs, posted.sentAtMs);
        for (const [message, refusal] of posted.refused) refused.set(message, refusal);
        for (const [message, status] of posted.taken) statuses.set(message, status);
      }
      for (const entry of entries)
        this.#settle(entry, takenOf(entry, { refused, taken: statuses, sentAtMs }));
    } catch (error) {
      for (const entry of entries) entry.crash(error);
    } finally {
      this.#inFlight -= 1;
      this.#pump();
    }
  }

  /** A row that a firewall refused waits until it is certain that the firewall lets other rows through. */
  #settle(entry: Waiting, taken: Taken): void {
    if (taken.kind === 'accepted' || !isForeign(taken.answer)) entry.settle(taken);
    else this.#options.firewall.hold().then(() => entry.settle(taken), entry.crash);
  }

  async #post(messages: readonly Message[]): Promise<Answer> {
    const body = `[${messages.map((message) => message.text).join(',')}]`;
    return await this.#options.commit({ method: 'POST', path: BATCH_PATH, body });
  }
}

function stopping(): SendAborted {
  return new SendAborted('The run is stopping.');
}

function takenOf({ messages }: Waiting, { refused, taken, sentAtMs }: Posted): Taken {
  const refusals = messages.map((message) => refused.get(message));
  const refusal = refusals.find((found) => found !== undefined);
  if (refusal === undefined) {
    const [first] = messages;
    const httpStatus = first && taken.get(first);
    if (httpStatus === undefined) throw new Error('a message was neither taken in nor refused');
    return { kind: 'accepted', sentAtMs, httpStatus };
  }
  return { kind: 'refused', sentAtMs, taken: refusals.map((found) => found === undefined), ...refusal };
}
