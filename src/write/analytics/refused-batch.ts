import type { Answer } from '../../vitally/http/answer.ts';
import { type Firewall, isForeign } from '../firewall.ts';
import type { Message } from './message.ts';

export type Refused = Exclude<Answer, { kind: 'ok' }>;

/** Why a message was not taken in. One that was not sent alone gets the reason of those of its batch that were. */
export interface Refusal {
  readonly answer: Refused;
  readonly alone: boolean;
}

/** Messages that are sent alone while none of their type was taken (Contract 5). */
const SINGLES = 7;

export interface RefusedBatchesOptions {
  readonly send: (messages: readonly Message[]) => Promise<Answer>;
  readonly firewall: Firewall;
  /** A number in [0, 1). */
  readonly random: () => number;
}

/** What became of the messages that were posted together. */
export interface Posted {
  readonly refused: ReadonlyMap<Message, Refusal>;
  /** With the status of the answer that took it in. */
  readonly taken: ReadonlyMap<Message, number>;
  /** When the last of them was sent, on Vitally's clock. */
  readonly sentAtMs: number;
}

/** One batch on its way: what became of its messages so far. */
interface Batch {
  readonly type: string;
  readonly messages: readonly Message[];
  readonly refused: Map<Message, Refusal>;
  /** With the status of the answer that took it in. */
  readonly taken: Map<Message, number>;
}

/**
 * Sends batches, and finds the bad messages in those that are refused. Vitally gives one answer for a whole batch: so the
 * batch is halved until each bad message is alone. Where no message of a type was taken in yet, the type itself may be
 * blocked: then a few messages from all over the batch are sent alone, and the rest gets their answer.
 */
export class RefusedBatches {
  readonly #options: RefusedBatchesOptions;
  readonly #takenTypes = new Set<string>();

  constructor(options: RefusedBatchesOptions) {
    this.#options = options;
  }

  /** Resolves when each message was taken in or refused. */
  async post(type: string, messages: readonly Message[]): Promise<Posted> {
    const batch: Batch = { type, messages, refused: new Map(), taken: new Map() };
    const sentAtMs = await this.#post(batch, messages);
    return { refused: batch.refused, taken: batch.taken, sentAtMs };
  }

  async #post(batch: Batch, messages: readonly Message[]): Promise<number> {
    const answer = await this.#send(batch, messages);
    if (answer.kind === 'ok' || messages.length === 1) return answer.sentAtMs;
    const mayBeBlocked = answer.kind !== 'too_large' && !this.#takenTypes.has(batch.type);
    return mayBeBlocked ? await this.#sample(batch, messages) : await this.#halve(batch, messages);
  }

  async #halve(batch: Batch, messages: readonly Message[]): Promise<number> {
    const left = messages.filter((message) => !batch.taken.has(message) && !batch.refused.has(message));
    const middle = Math.ceil(left.length / 2);
    let sentAtMs = Number.NEGATIVE_INFINITY;
    for (const half of [left.slice(0, middle), left.slice(middle)]) {
      // The halves are sent one after the other: meanwhile a message of the second may have been sent alone.
      const rest = half.filter((message) => !batch.taken.has(message) && !batch.refused.has(message));
      if (rest.length === 0) continue;
      const answer = await this.#send(batch, rest);
      sentAtMs = Math.max(sentAtMs, answer.sentAtMs);
      if (answer.kind !== 'ok' && rest.length > 1)
        sentAtMs = Math.max(sentAtMs, await this.#halve(batch, rest));
    }
    return sentAtMs;
  }

  /** Sends single messages from all over a batch, of a type of which no message was taken in yet. */
  async #sample(batch: Batch, messages: readonly Message[]): Promise<number> {
    const answers: Refused[] = [];
    let sentAtMs = Number.NEGATIVE_INFINITY;
    for (const message of sampleOf(messages, this.#options.random)) {
      if (batch.taken.has(message) || batch.refused.has(message)) continue;
      const answer = await this.#send(batch, [message]);
      sentAtMs = Math.max(sentAtMs, answer.sentAtMs);
      if (answer.kind === 'ok' || this.#takenTypes.has(batch.type)) break;
      answers.push(answer);
    }
    const rest = messages.filter((message) => !batch.taken.has(message) && !batch.refused.has(message));
    if (rest.length === 0) return sentAtMs;
    if (this.#takenTypes.has(batch.type)) return Math.max(sentAtMs, await this.#post(batch, rest));
    const [first] = answers;
    if (first === undefined || new Set(answers.map(reasonOf)).size > 1) {
      return Math.max(sentAtMs, await this.#halve(batch, rest));
    }
    for (const message of rest) batch.refused.set(message, { answer: first, alone: false });
    return sentAtMs;
  }

  async #send(batch: Batch, messages: readonly Message[]): Promise<Answer> {
    const answer = await this.#options.send(messages);
    const [only] = messages;
    if (answer.kind === 'ok') {
      this.#takenTypes.add(batch.type);
      for (const message of messages) batch.taken.set(message, answer.status);
      this.#options.firewall.rowDone();
    } else if (messages.length === 1 && only !== undefined) {
      batch.refused.set(only, { answer, alone: true });
      if (isForeign(answer)) await this.#options.firewall.count(() => this.#tryElsewhere(batch, only));
    }
    return answer;
  }

  /** Whether a message from another place of the batch is answered otherwise, or one was taken before. */
  async #tryElsewhere(batch: Batch, tried: Message): Promise<boolean> {
    const { messages, taken, refused } = batch;
    if (taken.size > 0) return true;
    const left = messages.filter((message) => !taken.has(message) && !refused.has(message));
    // The one furthest from what was tried last.
    const at = messages.indexOf(tried);
    const other = at < messages.length / 2 ? left.at(-1) : left[0];
    if (other === undefined) return false;
    const answer = await this.#options.send([other]);
    if (answer.kind !== 'ok') {
      refused.set(other, { answer, alone: true });
      return !isForeign(answer);
    }
    taken.set(other, answer.status);
    this.#takenTypes.add(batch.type);
    this.#options.firewall.rowDone();
    return true;
  }
}

/** The first, the last and one from each of five stretches between them. */
function sampleOf(messages: readonly Message[], random: () => number): Message[] {
  if (messages.length <= SINGLES) return [...messages];
  const between = messages.slice(1, -1);
  const stretches = SINGLES - 2;
  const drawn = Array.from({ length: stretches }, (_, index) => {
    const from = Math.floor((index * between.length) / stretches);
    const to = Math.floor(((index + 1) * between.length) / stretches);
    return from + Math.min(Math.floor(random() * (to - from)), to - from - 1);
  });
  const indexes = [0, messages.length - 1, ...drawn.map((index) => index + 1)];
  return indexes.map((index) => messages[index]).filter((message) => message !== undefined);
}

/** A refusal without what may differ from row to row: quoted values, and words with digits. */
function reasonOf(answer: Refused): string {
  const words = answer.text
    .replace(/"[^"]*"|'[^']*'|`[^`]*`|“[^”]*”/g, ' ')
    .replace(/\S*\d\S*/g, ' ')
    .replace(/\s+/g, ' ');
  return `${answer.kind} ${answer.status} ${words}`;
}
