import type { StreamCounts } from '../checkpoint/ledger.ts';
import { OUTCOMES } from '../checkpoint/outcome.ts';
import type { Route, Transport } from '../mapping/route.ts';
import type { Reads } from '../vitally/http/read-scope.ts';
import type { ValueCounts } from './value-counts.ts';

/** What one API was asked in a run. Counts are HTTP requests, repeats included; waiting is for the rate limit. */
export interface Traffic {
  readonly requests: number;
  readonly throttled: number;
  readonly retried: number;
  readonly waitedMs: number;
}

/** What the rows of a stream made the run do. */
export interface StreamTraffic {
  readonly reads: Reads;
  /** The APIs that carried rows of it. */
  readonly carriers: ReadonlySet<Transport>;
}

/** How many of the records that the Analytics API took in show what was sent. */
export interface VerifiedCounts {
  readonly verified: number;
  readonly not_shown: number;
  readonly differs: number;
}

export interface SummaryInput {
  readonly status: 'succeeded' | 'failed';
  readonly dryRun: boolean;
  /** Lines of the input that were no message. */
  readonly ignoredLines: number;
  readonly routes: readonly Route[];
  readonly counts: readonly StreamCounts[];
  /** What each stream's rows made the run do. */
  readonly traffic?: readonly StreamTraffic[];
  /** What mapping changed in each stream's values. */
  readonly values?: readonly ValueCounts[];
  /** What was found of each stream's accepted rows, where it was looked for. */
  readonly verified?: readonly (VerifiedCounts | undefined)[];
  /** The run was stopped before its end: `unsettled` is shown. */
  readonly stopped: boolean;
  readonly rest: Traffic | undefined;
  readonly analytics: Traffic | undefined;
  readonly durationMs: number;
}

/** The end-of-run summary as Contract 6 spells it. */
export function summaryOf(input: SummaryInput): Record<string, unknown> {
  const traffic = [input.rest, input.analytics].filter((part) => part !== undefined);
  const sum = (pick: (part: Traffic) => number): number =>
    traffic.reduce((total, part) => total + pick(part), 0);
  return {
    status: input.status,
    dry_run: input.dryRun,
    ignored_lines: input.ignoredLines,
    streams: input.routes.map((route, index) => ({
      ...streamSummary(route, input.counts[index], input.stopped, input.traffic?.[index]),
      ...input.values?.[index]?.summary(),
      ...input.verified?.[index],
      ...readsOf(input.traffic?.[index]),
    })),
    requests: {
      rest: input.rest?.requests ?? 0,
      analytics: input.analytics?.requests ?? 0,
      throttled: sum((part) => part.throttled),
      retried: sum((part) => part.retried),
    },
    waited_seconds: seconds(sum((part) => part.waitedMs)),
    duration_seconds: seconds(input.durationMs),
  };
}

/** One stream's counts in a sentence for the log: only what is not zero. */
export function streamSentence(
  route: Route,
  counts: StreamCounts | undefined,
  stopped: boolean,
  values?: ValueCounts,
  traffic?: StreamTraffic,
): string {
  const parts = OUTCOMES.map((kind) => [kind, counts?.outcomes[kind] ?? 0] as const).filter(([, n]) => n > 0);
  const unsettled = counts?.unsettled ?? 0;
  const outcomes = parts.map(([kind, n]) => `${n} ${kind}`);
  if (stopped && unsettled > 0) outcomes.push(`${unsettled} unsettled`);
  const received = counts?.received ?? 0;
  const by = carriersOf(route, traffic)
    .map((carrier) => (carrier === 'rest' ? 'REST' : 'Analytics'))
    .join(' and ');
  const what = `${route.object.name}, ${route.mode} by ${by}`;
  const tail = outcomes.length > 0 ? `: ${outcomes.join(', ')}` : '';
  return `stream ${nameOf(route)} (${what}): ${received} received${tail}${values?.sentence() ?? ''}`;
}

export function nameOf(route: { readonly stream: string; readonly namespace: string | undefined }): string {
  return route.namespace === undefined ? route.stream : `${route.namespace}.${route.stream}`;
}

function streamSummary(
  route: Route,
  counts: StreamCounts | undefined,
  stopped: boolean,
  traffic: StreamTraffic | undefined,
): Record<string, unknown> {
  return {
    stream: route.stream,
    namespace: route.namespace ?? null,
    object: route.object.name,
    mode: route.mode,
    via: carriersOf(route, traffic).join(', '),
    received: counts?.received ?? 0,
    ...Object.fromEntries(OUTCOMES.map((kind) => [kind, counts?.outcomes[kind] ?? 0])),
    ...(stopped && { unsettled: counts?.unsettled ?? 0 }),
    rejected_by_code: Object.fromEntries(counts?.rejectedByCode ?? []),
  };
}

/** The APIs that carried rows of a stream, in the order of the alphabet; of one without rows, what would have. */
function carriersOf({ transport }: Route, traffic: StreamTraffic | undefined): Transport[] {
  const carriers = [...(traffic?.carriers ?? [])].sort();
  return carriers.length === 0 ? [transport] : carriers;
}

/** What was read for a stream, by purpose; only what is not zero, and nothing where all of it is. */
function readsOf(traffic: StreamTraffic | undefined): { readonly reads?: Record<string, number> } {
  const reads = Object.entries(traffic?.reads ?? {}).filter(([, count]) => count > 0);
  return reads.length === 0 ? {} : { reads: Object.fromEntries(reads) };
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}
