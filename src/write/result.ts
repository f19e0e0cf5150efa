import type { Outcome } from '../checkpoint/outcome.ts';
import type { RecordError } from '../errors/record-error.ts';
import { tried } from '../errors/tried.ts';
import { isJsonObject, own } from '../json/guards.ts';
import type { Route } from '../mapping/route.ts';
import { type Answer, requestLine, type VitallyRequest } from '../vitally/http/answer.ts';
import type { KnownRecord } from '../vitally/records/known-record.ts';
import type { Collection } from '../vitally/records/record-cache.ts';
import type { Changes } from './rest/changes.ts';

/** What became of a row, and the request that did it or would do it. */
export interface Result {
  readonly outcome: Outcome;
  readonly request?: VitallyRequest;
  /** Of the answer to `request`, where it was sent. */
  readonly httpStatus?: number | undefined;
  /** Vitally's id of the row's record, where it is known. */
  readonly id?: string | undefined;
  readonly changes?: Changes | undefined;
  /** The row gives another external id than its record has, which Vitally keeps. */
  readonly keepsOtherId?: true;
  /** Of a skipped row. */
  readonly skippedFor?: SkipReason;
  /** Fields that the row was taken without, since Vitally does not know the team member they name. */
  readonly leftOut?: readonly string[];
}

/** Why nothing was to be done for a row: a mode that creates none, one that changes none, or the row's own mark. */
export type SkipReason = 'no record' | 'record there' | 'deleted in source';

/** What a request is about. */
export interface Subject {
  readonly route: Route;
  readonly collection: Collection;
  readonly key: string;
  readonly record: KnownRecord | undefined;
}

/** One of several requests of a row, answered well. */
export interface Sent {
  readonly request: VitallyRequest;
  /** `undefined` where its answer was lost and what it did was seen. */
  readonly httpStatus: number | undefined;
}

/** What is known of a write beside its request. */
export type Known = Pick<Result, 'httpStatus' | 'id' | 'changes'>;

/** Vitally has a record now that was not there. */
export function created(request: VitallyRequest, known?: Known): Result {
  return { outcome: { kind: 'created' }, request, ...known };
}

/** A record that was there holds what the row says. */
export function updated(request: VitallyRequest, known?: Known): Result {
  return { outcome: { kind: 'updated' }, request, ...known };
}

/** The one or the other, where Vitally's answer tells which. */
export function written(isNew: boolean, request: VitallyRequest, known?: Known): Result {
  return isNew ? created(request, known) : updated(request, known);
}

export function deleted(request: VitallyRequest, known?: Known): Result {
  return { outcome: { kind: 'deleted' }, request, ...known };
}

/** What an answer tells that shows the row's record. */
export function shownBy(answer: Extract<Answer, { kind: 'ok' }>): Known {
  const id = isJsonObject(answer.body) ? own(answer.body, 'id') : undefined;
  return { httpStatus: answer.status, id: typeof id === 'string' ? id : undefined };
}

/** The same result, where what was done made the row's record. */
export function asCreated(result: Result): Result {
  return { ...result, outcome: { kind: 'created' } };
}

/** The Analytics API took the row in, and applies it later. */
export function accepted(request: VitallyRequest, known?: Known): Result {
  return { outcome: { kind: 'accepted' }, request, ...known };
}

/** The record held everything already. */
export function unchanged(id?: string): Result {
  return { outcome: { kind: 'unchanged' }, id };
}

/** Nothing was to be done for the row. `known`: a request that told so, and the id of a record that is there. */
export function skipped(
  skippedFor: SkipReason,
  known: Pick<Result, 'request' | 'httpStatus' | 'id'> = {},
): Result {
  return { outcome: { kind: 'skipped' }, skippedFor, ...known };
}

/** Vitally answered a row's request by saying that the record is not there any more. */
export interface Gone {
  readonly gone: Sent;
}

export function isGone(settled: Result | Gone): settled is Gone {
  return 'gone' in settled;
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
 * Gives a {@link RecordError} as the outcome of its row; anything else that is thrown ends the run.
 * `undefined` where the work leaves the row's outcome for later.
 */
export async function outcomeOf<T extends Result | undefined>(work: () => Promise<T>): Promise<T | Result> {
  const done = await tried(work);
  return done.error === undefined ? done.value : rejected(done.error);
}

/** Runs work that may reject a row after one of its requests was answered well: the rejection then names that request. */
export async function afterRequest<T>(
  request: VitallyRequest,
  { httpStatus, id }: Known,
  work: () => Promise<T>,
): Promise<T> {
  const { value, error } = await tried(work);
  if (error === undefined) return value;
  if (error.request !== undefined) throw error;
  throw error.but({
    request: { ...requestLine(request), httpStatus },
    ...(id !== undefined && { recordId: id }),
  });
}
