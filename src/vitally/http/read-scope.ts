import { AsyncLocalStorage } from 'node:async_hooks';
import type { Send } from './answer.ts';

/**
 * What a read is for: what Vitally holds of the row's own record, whether a null empties anything, the records that a row
 * names, or whether what was accepted was applied (Contract 6).
 */
export type ReadPurpose = 'known' | 'nulls' | 'parents' | 'verify';

/** Reads by what they were for. */
export type Reads = Record<ReadPurpose, number>;

interface ReadScope {
  readonly reads: Reads;
  readonly purpose: ReadPurpose;
}

/** A read is many calls away from the row that needs it, and shared by rows: the scope goes along with the calls. */
const scopes = new AsyncLocalStorage<ReadScope>();

export function noReads(): Reads {
  return { known: 0, nulls: 0, parents: 0, verify: 0 };
}

/** Runs work whose reads are counted for a stream. */
export function countingReads<T>(reads: Reads, purpose: ReadPurpose, work: () => T): T {
  return scopes.run({ reads, purpose }, work);
}

/** Runs work whose reads are for something else than those around it. They count for the same stream. */
export function readingFor<T>(purpose: ReadPurpose, work: () => T): T {
  const scope = scopes.getStore();
  return scope === undefined || scope.purpose === purpose ? work() : scopes.run({ ...scope, purpose }, work);
}

/** The same door to Vitally, which counts what is read through it. A read that several rows share counts for the first. */
export function countedReads(send: Send): Send {
  return (request) => {
    const scope = request.method === 'GET' ? scopes.getStore() : undefined;
    if (scope !== undefined) scope.reads[scope.purpose] += 1;
    return send(request);
  };
}
