import type { Route } from '../routing/route.ts';
import type { VitallyRequest } from '../vitally/answer.ts';
import type { Kind } from '../vitally/directory.ts';
import type { KnownRecord } from '../vitally/known-record.ts';
import type { Changes } from './compare.ts';
import type { Outcome } from './outcomes.ts';

/** What became of a row, and the request that did it or would do it. */
export interface Settlement {
  readonly outcome: Outcome;
  readonly request?: VitallyRequest;
  readonly changes?: Changes;
  /** The row gives another external id than its record has, which Vitally keeps. */
  readonly keepsOtherId?: true;
}

/** What a request is about. */
export interface Subject {
  readonly route: Route;
  readonly kind: Kind;
  readonly key: string;
  readonly record: KnownRecord | undefined;
}
