import { AsyncLocalStorage } from 'node:async_hooks';
import type { ObjectName } from '../objects/object.ts';
import { namesOfEither, recordName } from './record-name.ts';

/** The lane that a row is written in, and the names of the record that it is written to. */
export interface RecordLane {
  readonly laneKey: string;
  /** As `recordName` makes them. */
  readonly names: readonly string[];
}

/**
 * Who writes which record now. A row counts from when it is given to its lane until it is settled, under every name that
 * it gives its record and every name known of that record. So a later row, or an association, that uses another of these
 * names is led to the same lane.
 *
 * Every method that looks at names or claims them is one synchronous step: no other row can come between a look and the
 * claim that follows from it.
 */
export class InFlightWrites {
  /**
   * By name: the lanes of the rows that claim it, with the number of rows in each. Where one row claims a name, as is
   * usual, the lane alone: a hundred thousand rows may wait for their parents, and each takes memory here.
   */
  readonly #lanes = new Map<string, string | Map<string, number>>();
  readonly #claims = new Map<object, RecordLane>();
  /** By name: resolves when the last work under it ends. */
  readonly #working = new Map<string, Promise<void>>();
  /** By lane: resolves when the job that runs in it ends. */
  readonly #running = new Map<string, Promise<void>>();
  /** By lane whose job was posted: who waits until it ends, once anything does. */
  readonly #posted = new Map<string, PromiseWithResolvers<void> | undefined>();
  /** The lane in which the asking code runs. */
  readonly #own = new AsyncLocalStorage<string>();

  /** The lane in which the record of one of these names is being written, or is about to be; the latest of several. */
  laneOf(names: readonly string[]): string | undefined {
    for (const name of names) {
      const lanes = this.#lanes.get(name);
      if (lanes !== undefined) return typeof lanes === 'string' ? lanes : [...lanes.keys()].at(-1);
    }
    return undefined;
  }

  /** The row is under way in this lane. */
  begin(row: object, claim: RecordLane): void {
    this.#claims.set(row, claim);
    for (const name of new Set(claim.names)) {
      const known = this.#lanes.get(name);
      if (known === undefined) {
        this.#lanes.set(name, claim.laneKey);
        continue;
      }
      const lanes = typeof known === 'string' ? new Map([[known, 1]]) : known;
      lanes.set(claim.laneKey, (lanes.get(claim.laneKey) ?? 0) + 1);
      this.#lanes.set(name, lanes);
    }
  }

  /** The row is settled. Nothing happens for a row that never was under way. */
  end(row: object): void {
    const claim = this.#claims.get(row);
    if (claim === undefined) return;
    this.#claims.delete(row);
    for (const name of new Set(claim.names)) {
      const lanes = this.#lanes.get(name);
      if (typeof lanes === 'string') this.#lanes.delete(name);
      if (lanes === undefined || typeof lanes === 'string') continue;
      const left = (lanes.get(claim.laneKey) ?? 1) - 1;
      if (left > 0) lanes.set(claim.laneKey, left);
      else lanes.delete(claim.laneKey);
      if (lanes.size === 0) this.#lanes.delete(name);
    }
  }

  /**
   * Runs the job of a lane; until it ends, {@link running} tells of it. A lane runs one job at a time, but its next job
   * may begin in the step in which this one ends: so a job that ends removes only its own entry.
   */
  async inLane(laneKey: string, job: () => Promise<void>): Promise<void> {
    const ended = this.#own.run(laneKey, job);
    this.#running.set(laneKey, ended);
    try {
      await ended;
    } finally {
      if (this.#running.get(laneKey) === ended) this.#running.delete(laneKey);
    }
  }

  /** The lane's job is on its way without any code that runs: {@link running} tells of it until {@link postEnded}. */
  posted(laneKey: string): void {
    this.#posted.set(laneKey, undefined);
  }

  postEnded(laneKey: string): void {
    const waited = this.#posted.get(laneKey);
    this.#posted.delete(laneKey);
    waited?.resolve();
  }

  /**
   * Resolves when the write of this record that runs now has ended; `undefined` when none runs, or when it is the one
   * that asks: it would wait for itself.
   *
   * @param id of the record: your own, Vitally's, or a user's e-mail
   */
  running(object: ObjectName, id: string): Promise<void> | undefined {
    const laneKey = this.laneOf(namesOfEither(object, id)) ?? recordName(object, 'externalId', id);
    if (this.#posted.has(laneKey)) return this.#postOf(laneKey);
    return this.#own.getStore() === laneKey ? undefined : this.#running.get(laneKey);
  }

  #postOf(laneKey: string): Promise<void> {
    const waited = this.#posted.get(laneKey) ?? Promise.withResolvers<void>();
    this.#posted.set(laneKey, waited);
    return waited.promise;
  }

  /**
   * Runs work under a name, one piece at a time and in the order it was asked for. Lanes alone don't suffice: two rows may
   * mean one record that was not there yet when their lanes were chosen. The work must not wait for another row.
   */
  async exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#working.get(name) ?? Promise.resolve();
    const result = before.then(work);
    const ended = result.then(
      () => {},
      () => {},
    );
    this.#working.set(name, ended);
    try {
      return await result;
    } finally {
      if (this.#working.get(name) === ended) this.#working.delete(name);
    }
  }

  /** Rows that are under way. */
  get size(): number {
    return this.#claims.size;
  }
}
