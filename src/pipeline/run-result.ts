import { heldSentences } from '../checkpoint/held-states.ts';
import type { Ledger } from '../checkpoint/ledger.ts';
import { unreachable } from '../errors/unreachable.ts';
import type { Route } from '../mapping/route.ts';
import { maskKey } from '../rejected/mask-key.ts';
import { absentColumns } from '../report/column-map.ts';
import { type Kept, type RejectionPolicy, verdict } from '../report/exit-policy.ts';
import { standing } from '../report/standing.ts';
import { nameOf, streamSentence, summaryOf } from '../report/summary.ts';
import type { VitallyClient } from '../vitally/http/client.ts';
import type { Verification } from '../write/analytics/verify/verification.ts';
import { DeleteLimitReached } from '../write/delete-limit.ts';
import type { StreamUse } from '../write/stream-use.ts';
import type { Shutdown } from './shutdown.ts';
import type { StreamMapper } from './streams/stream-mapper.ts';
import type { ParentWaitlist } from './waitlist/parent-waitlist.ts';

/** How a run ended: for the log, for `--summary`, and the error to end with, if any. */
export interface RunResult {
  readonly sentences: readonly string[];
  readonly summary: Record<string, unknown>;
  readonly error: unknown;
  /** What an error stopped: how far the run came, for the end of that error's message. */
  readonly standing: string | undefined;
}

/** What there is to tell of a run that has ended. */
export interface RunFacts {
  readonly routes: readonly Route[];
  readonly policy: RejectionPolicy;
  readonly ledger: Ledger;
  readonly mappers: readonly StreamMapper[];
  readonly waitlist: ParentWaitlist;
  readonly use: StreamUse;
  readonly verification: Verification | undefined;
  readonly rest: VitallyClient | undefined;
  readonly analytics: VitallyClient | undefined;
  readonly shutdown: Shutdown;
  readonly startedAtMs: number;
  readonly stoppedAtMs: number;
  /** STATEs that left. */
  readonly acknowledged: number;
  readonly ignoredLines: number;
  readonly kept: Kept;
}

/** Takes stock of a run that has ended. */
export function runResult(facts: RunFacts): RunResult {
  const { routes, ledger, mappers, waitlist, shutdown, startedAtMs, stoppedAtMs, kept } = facts;
  const { dryRun } = kept;
  const counts = ledger.counts();
  const traffic = routes.map((route) => facts.use.of(route));
  const values = mappers.map((mapper) => mapper.values);
  const stopped = shutdown.cause !== undefined;
  const error = errorOf(facts);
  return {
    sentences: [
      ...(stopped && !dryRun ? heldSentences(ledger.held(), (stream) => waitlist.awaitedBy(stream)) : []),
      ...routes.map((route, index) =>
        streamSentence(route, counts[index], stopped, values[index], traffic[index]),
      ),
    ],
    summary: summaryOf({
      status: error === undefined && !stopped ? 'succeeded' : 'failed',
      dryRun,
      ignoredLines: facts.ignoredLines,
      routes,
      counts,
      traffic,
      values,
      verified: stopped ? [] : routes.map((route) => facts.verification?.countsOf(route)),
      stopped,
      rest: facts.rest?.stats(),
      analytics: facts.analytics?.stats(),
      durationMs: stoppedAtMs - startedAtMs,
    }),
    error,
    standing:
      shutdown.cause?.kind === 'error'
        ? standing({
            counts,
            acknowledged: facts.acknowledged,
            startedAtMs,
            stoppedAtMs,
            dryRun,
            keptIn: kept.place,
          })
        : undefined,
  };
}

/** What mapping has to warn of, once the counts are there. */
export function mappingWarnings({ ledger, mappers }: Pick<RunFacts, 'ledger' | 'mappers'>): string[] {
  const counts = ledger.counts();
  return mappers.flatMap(({ route, notes, values, absentColumns: absent }, index) => {
    const name = nameOf(route);
    return [
      ...notes.warnings(name),
      ...values.warnings(name, maskKey),
      ...absentColumns(route, absent, counts[index]?.received ?? 0),
    ];
  });
}

function errorOf({ shutdown, policy, routes, ledger, kept }: RunFacts): unknown {
  const cause = shutdown.cause;
  if (cause === undefined) return verdict(policy, routes, ledger.counts(), kept);
  switch (cause.kind) {
    case 'error':
      return cause.error instanceof DeleteLimitReached
        ? cause.error.withRowsLeft(ledger.counts()[routes.indexOf(cause.error.route)]?.unsettled ?? 0)
        : cause.error;
    case 'signal':
      return undefined;
    default:
      return unreachable(cause);
  }
}
