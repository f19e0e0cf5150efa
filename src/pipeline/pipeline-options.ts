import type { StatePublisherOptions } from '../checkpoint/state-publisher.ts';
import type { Batcher } from '../write/analytics/batcher.ts';
import type { ExpectedParents } from '../write/associations/expected-parents.ts';
import type { InFlightWrites } from '../write/in-flight-writes.ts';
import type { JobRunnerOptions } from './scheduler/job-runner.ts';
import type { LaneFinder } from './scheduler/lane-finder.ts';
import type { Shutdown } from './shutdown.ts';
import type { StreamMapper } from './stream-mapper.ts';

/** What a run is made of. */
export interface PipelineOptions
  extends Omit<StatePublisherOptions, 'onCrash' | 'onPublished' | 'textOf'>,
    Pick<JobRunnerOptions, 'writer' | 'failFast' | 'onSettled'> {
  readonly lines: readonly StreamMapper[];
  readonly batcher: Batcher | undefined;
  readonly shutdown: Shutdown;
  readonly restConcurrency: number;
  readonly inFlight: InFlightWrites;
  readonly laneFinder: LaneFinder;
  readonly expected: ExpectedParents;
  readonly warn: (message: string) => Promise<void>;
  /** Rows of one key that wait are written as one. */
  readonly coalesce: boolean;
  /** Nothing more is read. */
  readonly onEndOfInput?: () => void;
}
