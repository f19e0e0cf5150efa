import type { Outcome } from '../checkpoint/outcome.ts';
import type { Route } from '../mapping/route.ts';
import type { VitallyRequest } from '../vitally/http/answer.ts';
import type { KnownRecord } from '../vitally/records/known-record.ts';
import type { Collection } from '../vitally/records/record-cache.ts';
import type { Changes } from './rest/changes.ts';

/** What became of a row, and the request that did it or would do it. */
export interface Result {
  readonly outcome: Outcome;
  readonly request?: VitallyRequest;
  readonly changes?: Changes;
  /** The row gives another external id than its record has, which Vitally keeps. */
  readonly keepsOtherId?: true;
}

/** What a request is about. */
export interface Subject {
  readonly route: Route;
  readonly collection: Collection;
  readonly key: string;
  readonly record: KnownRecord | undefined;
}
