import type { InputMessage } from '../messages.ts';

/**
 * Messages one after the other. One that has arrived already is given at once: a promise for each would cost more than
 * reading it.
 */
export interface MessageSource {
  /** The next message, `undefined` at the end; one caller at a time. */
  next(): InputMessage | undefined | Promise<InputMessage | undefined>;
  /** No further message is asked for: the input is given back. */
  close(): Promise<void>;
}

/** Messages that can be taken one after the other, and iterated. */
export interface Messages extends AsyncIterable<InputMessage> {
  /** Gives them at once where they have arrived; `undefined` where each takes a promise. */
  readonly source?: MessageSource;
}

/** The messages of any iteration as a source. */
export function sourceOf(messages: Messages): MessageSource {
  if (messages.source !== undefined) return messages.source;
  const iterator = messages[Symbol.asyncIterator]();
  return {
    async next() {
      const { done, value } = await iterator.next();
      return done === true ? undefined : value;
    },
    async close() {
      await iterator.return?.();
    },
  };
}

/** A source's messages as an iteration, to be iterated once. */
export function iterated(source: MessageSource): AsyncIterator<InputMessage> {
  return {
    async next() {
      const value = await source.next();
      return value === undefined ? { done: true, value } : { done: false, value };
    },
    async return() {
      await source.close();
      return { done: true, value: undefined };
    },
  };
}
