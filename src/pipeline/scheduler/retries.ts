import { namesGiven } from '../../mapping/names-given.ts';
import type { Route, Write } from '../../mapping/route.ts';
import type { ParentWaitlist } from '../waitlist/parent-waitlist.ts';
import type { StreamEnds } from '../waitlist/stream-ends.ts';
import type { Job } from './job.ts';
import type { Lanes } from './lanes.ts';

export interface RetriesOptions {
  readonly waitlist: ParentWaitlist;
  readonly lanes: Lanes;
  readonly streamEnds: StreamEnds;
}

/**
 * Lets held jobs try again: when their parent appears, or for a last time when it can't come any more. Every method is
 * one synchronous step: no job is off the waitlist without being back in its lane's turn.
 */
export class Retries {
  readonly #options: RetriesOptions;

  constructor(options: RetriesOptions) {
    this.#options = options;
  }

  /** A row brought this record: the jobs that wait for it may run again. */
  parentAppeared(route: Route, write: Write): void {
    if (!this.#options.waitlist.mayBeAwaited(route.object)) return;
    this.#resume(this.#options.waitlist.appeared(route.object.name, namesGiven(route, write)));
  }

  /** A parent's stream may be complete: the jobs that wait for what it did not bring are tried a last time. */
  parentStreamsEnded(): void {
    for (const object of this.#options.streamEnds.takeEnded()) this.close(object);
  }

  /** No record of this object comes any more: the jobs that wait for one are tried a last time. */
  close(object: string): void {
    this.#resume(this.#options.waitlist.close(object));
  }

  #resume(jobs: readonly Job[]): void {
    for (const job of jobs) this.#options.lanes.resume(job);
  }
}
