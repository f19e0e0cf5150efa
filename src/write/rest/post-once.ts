import { TransientError } from '../../errors/transient-error.ts';
import { namesGiven } from '../../mapping/names-given.ts';
import type { Answer, VitallyRequest } from '../../vitally/http/answer.ts';
import { MaybeApplied } from '../../vitally/http/retry/maybe-applied.ts';
import { isArchived, type KnownRecord } from '../../vitally/records/known-record.ts';
import type { Subject } from '../result.ts';
import type { Target, WriteContext } from './context.ts';
import { unseen, unsure } from './lost-answers.ts';

/** Vitally answered; or its answer was lost, and what was to be made is there. */
export type Posted<T> =
  | { readonly kind: 'answered'; readonly answer: Answer }
  /** `sentAtMs` as in {@link Answer}: of the request whose answer was lost. */
  | { readonly kind: 'appeared'; readonly found: T; readonly sentAtMs: number };

/**
 * Waits before each look, by round; after the looks of a round the POST is repeated. Vitally may apply a request seconds
 * after a gateway gave up on it: where a second POST would make a second record, that is worth waiting for.
 */
const ROUNDS_MS = {
  upserts: [[500], [1_000], [2_000], [4_000], [8_000], [15_000], [30_000]],
  duplicates: [[500, 1_000, 2_000, 4_000], [1_000, 2_000, 4_000, 8_000], [8_000, 15_000], [30_000]],
} as const;
/** How long one row is tried, the time-out of its last attempt included (Contract 8). */
const MAX_TRIED_MS = 270_000;
/** Waits before each look for what must not be sent twice: a minute in all. */
const MINUTE_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 29_500] as const;

/**
 * POSTs a record that has an external id. When the answer is lost, the record is looked for, and the POST is repeated
 * where it is not found. Only here does the run learn from an answer whether a record exists: a created record is
 * remembered, and of one that "exists" the run forgets that it was missing.
 *
 * Throws {@link TransientError} when every answer is lost and the record never shows.
 */
export async function postRecord(
  context: WriteContext,
  target: Target,
  externalId: string,
  request: VitallyRequest,
): Promise<Posted<KnownRecord>> {
  const rounds = target.route.object.rest?.looksFirst === true ? ROUNDS_MS.duplicates : ROUNDS_MS.upserts;
  let first: MaybeApplied | undefined;
  let triedForMs = 0;
  for (let round = 0; triedForMs < MAX_TRIED_MS; round++) {
    const answer = await sendOnce(context, request, { ...target, record: undefined });
    if (!(answer instanceof MaybeApplied))
      return { kind: 'answered', answer: takenIn(context, target, externalId, answer, first) };
    first ??= answer;
    triedForMs += answer.triedForMs;
    for (const waitMs of rounds[round] ?? [30_000]) {
      await context.sleep(waitMs);
      triedForMs += waitMs;
      forgetAbsence(context, target, externalId);
      const finding = await context.recordCache.find(target.collection, 'externalId', externalId, 'fields');
      if (finding.kind === 'found' && !isArchived(finding.record.fields))
        return { kind: 'appeared', found: finding.record, sentAtMs: first.sentAtMs };
    }
  }
  throw new TransientError(
    `Vitally lost every answer to the POST of a ${target.route.object.title.toLowerCase()} for five minutes, and the record never showed.`,
  );
}

function takenIn(
  context: WriteContext,
  target: Target,
  externalId: string,
  answer: Answer,
  lost: MaybeApplied | undefined,
): Answer {
  if (answer.kind === 'ok') context.recordCache.remember(target.collection, answer.body);
  if (answer.kind === 'exists') forgetAbsence(context, target, externalId);
  return lost === undefined ? answer : { ...answer, repeated: true, sentAtMs: lost.sentAtMs };
}

/** Forgets that the record was missing, under every name that the row gives it. */
function forgetAbsence(
  { recordCache }: WriteContext,
  { route, write, collection }: Target,
  externalId: string,
): void {
  recordCache.forgetAbsence(collection, { ...namesGiven(route, write), externalId });
}

/**
 * POSTs once what has no id to find it by, since a second POST might make a second copy. When the answer is lost, `look`
 * looks for it during a minute; it is left out where nothing could show it.
 *
 * Throws {@link RecordError} `unsure` for what never shows, and {@link TransientError} where that happens to one row
 * after the other.
 */
export async function postOnce<T>(
  context: WriteContext,
  request: VitallyRequest,
  subject: Subject,
  title: string,
  look?: () => Promise<T | undefined>,
): Promise<Posted<T>> {
  const { lostAnswers } = context;
  lostAnswers.sent();
  const answer = await sendOnce(context, request, subject).catch((error: unknown) => {
    lostAnswers.answered();
    throw error;
  });
  if (!(answer instanceof MaybeApplied)) {
    lostAnswers.answered();
    return { kind: 'answered', answer };
  }
  const found = await lostAnswers.lookFor(async () => {
    for (const waitMs of look === undefined ? [] : MINUTE_MS) {
      await context.sleep(waitMs);
      const seen = await look?.();
      if (seen !== undefined) return seen;
    }
    return undefined;
  });
  if (found === undefined) throw look === undefined ? unseen(title, request) : unsure(title, request);
  return { kind: 'appeared', found, sentAtMs: answer.sentAtMs };
}

async function sendOnce(
  context: WriteContext,
  request: VitallyRequest,
  subject: Subject,
): Promise<Answer | MaybeApplied> {
  try {
    return await context.commit({ ...request, once: true }, subject);
  } catch (error) {
    if (error instanceof MaybeApplied) return error;
    throw error;
  }
}
