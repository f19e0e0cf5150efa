import type { StatePublisherOptions } from '../checkpoint/state-publisher.ts';
import type { AnalyticsWriter } from '../sync/analytics-writer.ts';
import type { JobRunnerOptions } from '../sync/job-runner.ts';
import type { Line } from '../sync/line.ts';
import type { Stop } from '../sync/stop.ts';
import type { ExpectedParents } from './expected-parents.ts';
import type { InFlightWrites } from './in-flight-writes.ts';
import type { LaneFinder } from './lane-finder.ts';

/** What a run is made of. */
export interface PipelineOptions
  extends Omit<StatePublisherOptions, 'onCrash' | 'onPublished' | 'textOf'>,
    Pick<JobRunnerOptions, 'writers' | 'failFast' | 'onSettled'> {
  readonly lines: readonly Line[];
  readonly analytics: AnalyticsWriter | undefined;
  readonly stop: Stop;
  readonly restConcurrency: number;
  readonly inFlight: InFlightWrites;
  readonly laneFinder: LaneFinder;
  readonly expected: ExpectedParents;
  readonly warn: (message: string) => Promise<void>;
  /** Rows of one key that wait are written as one. */
  readonly coalesce: boolean;
  /** Nothing more is read. */
  readonly onEndOfInput?: () => void;
  readonly onLanes?: (running: (laneKey: string) => Promise<void> | undefined) => void;
}
