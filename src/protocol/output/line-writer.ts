import type { Writable } from 'node:stream';
import { OutputClosedError } from './output-closed-error.ts';

const CLOSED_CODES: ReadonlySet<unknown> = new Set([
  'EPIPE',
  'ECONNRESET',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
]);

/**
 * A function that writes one line and its line end to a stream. Its promise is fulfilled when the stream has handed
 * the line on, so awaiting it is the back-pressure; lines go out in the order of the calls.
 *
 * @throws OutputClosedError (as rejection) when the stream is closed, now or before; other failures as they are.
 */
export function lineWriter(stream: Writable): (line: string) => Promise<void> {
  const waiting = new Set<(error: unknown) => void>();
  let lastError: unknown;
  // Each write reports its own failure; without a listener the stream would throw it a second time.
  stream.on('error', (error) => {
    lastError = error;
  });
  // A write that is under way when the stream closes may never be called back.
  stream.on('close', () => {
    for (const fail of waiting) fail(lastError ?? outputClosed());
  });

  return (line) =>
    new Promise((resolve, reject) => {
      const fail = (error: unknown): void => {
        waiting.delete(fail);
        reject(isClosed(error) ? outputClosed(error) : error);
      };
      waiting.add(fail);
      stream.write(`${line}\n`, (error) => {
        if (error !== null && error !== undefined) return fail(error);
        waiting.delete(fail);
        resolve();
      });
    });
}

function isClosed(error: unknown): boolean {
  return error instanceof Error && 'code' in error && CLOSED_CODES.has(error.code);
}

function outputClosed(cause?: unknown): OutputClosedError {
  return new OutputClosedError('the reader of the output is gone', { cause });
}
