import type { Outcome } from '../checkpoint/outcome.ts';
import { RecordError } from '../errors/record-error.ts';
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

/** Vitally has a record now that was not there. */
export function created(request: VitallyRequest, changes?: Changes): Result {
  return done('created', request, changes);
}

/** A record that was there holds what the row says. */
export function updated(request: VitallyRequest, changes?: Changes): Result {
  return done('updated', request, changes);
}

/** The one or the other, where Vitally's answer tells which. */
export function written(isNew: boolean, request: VitallyRequest, changes?: Changes): Result {
  return isNew ? created(request, changes) : updated(request, changes);
}

export function deleted(request: VitallyRequest): Result {
  return done('deleted', request);
}

/** The same result, where what was done made the row's record. */
export function asCreated(result: Result): Result {
  return { ...result, outcome: { kind: 'created' } };
}

/** The Analytics API took the row in, and applies it later. */
export function accepted(request: VitallyRequest): Result {
  return done('accepted', request);
}

/** The record held everything already. */
export function unchanged(): Result {
  return { outcome: { kind: 'unchanged' } };
}

/** The row's mode has nothing to do for it. */
export function skipped(): Result {
  return { outcome: { kind: 'skipped' } };
}

/** A later row of the same key said everything that counts. */
export function superseded(): Result {
  return { outcome: { kind: 'superseded' } };
}

/** The row must be mended. */
export function rejected(error: RecordError): Result {
  return { outcome: { kind: 'rejected', error } };
}

/**
 * The one door where a {@link RecordError} becomes the outcome of a row; anything else that is thrown ends the run.
 * `undefined` where the work leaves the row's outcome for later.
 */
export async function outcomeOf<T extends Result | undefined>(work: () => Promise<T>): Promise<T | Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RecordError) return rejected(error);
    throw error;
  }
}

function done(
  kind: 'created' | 'updated' | 'deleted' | 'accepted',
  request: VitallyRequest,
  changes?: Changes,
): Result {
  return { outcome: { kind }, request, ...(changes !== undefined && { changes }) };
}
