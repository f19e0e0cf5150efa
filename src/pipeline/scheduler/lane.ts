import type { Job } from './job.ts';

/** Lanes of waiting rows may be a hundred thousand: they share it. */
const NONE: readonly Job[] = [];

/** The jobs of one record, one after the other. */
export interface Lane {
  /** In the order they came in, the one that runs among them. */
  readonly jobs: Job[];
  /** Those that wait for something else than a place: at most two, so that a list is enough. */
  held: readonly Job[];
  /** Has its place in the queue of its transport. */
  queued: Job | undefined;
  running: Job | undefined;
  /** What the job that runs waits for appeared before it has ended. */
  woken: boolean;
}

export function laneOf(job: Job): Lane {
  return { jobs: [job], held: NONE, queued: undefined, running: undefined, woken: false };
}

/**
 * The oldest job, or while that is held the oldest of the record whose lane it is: what waits in a conversation's
 * lane may be messages that wait for this very conversation.
 */
export function runnable({ jobs, held }: Lane): Job | undefined {
  const owner = jobs.find(({ route }) => route.object.lane === undefined);
  return [jobs[0], owner].find((job) => job !== undefined && !held.includes(job));
}
