import { AsyncLocalStorage } from 'node:async_hooks';

const places = new AsyncLocalStorage<() => void>();

/**
 * Runs work that takes one of few places, and gives `free`, which resolves once the work has ended or has left its place.
 * Work that waits for a list leaves it: a page answers a hundred rows, which could not wait for it in eight places.
 */
export function inPlace(work: () => Promise<void>): {
  readonly free: Promise<void>;
  readonly ended: Promise<void>;
} {
  const left = Promise.withResolvers<void>();
  const ended = places.run(left.resolve, work);
  return { free: Promise.race([ended, left.promise]), ended };
}

/**
 * The work that calls this waits for a list: its place is another's. It does not get one back, since those that have one
 * may wait for its record.
 */
export function leavePlace(): void {
  places.getStore()?.();
}
