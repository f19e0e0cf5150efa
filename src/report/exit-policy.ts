import type { StreamCounts } from '../checkpoint/ledger.ts';
import { ConfigError } from '../errors/config-error.ts';
import { timeInWords } from '../errors/times.ts';
import type { Route } from '../mapping/route.ts';
import { nameOf } from './summary.ts';

export type RejectionPolicy =
  | { readonly policy: 'fail_at_end' }
  | { readonly policy: 'fail_fast' }
  | { readonly policy: 'continue'; readonly maxPercent: number | undefined };

/** What became of the rejected records of a run. */
export interface Kept {
  /** Where they are; `undefined` where they are kept nowhere. */
  readonly place: string | undefined;
  /** Milliseconds since the epoch; `undefined` where none was rejected. */
  readonly firstAtMs: number | undefined;
  readonly dryRun: boolean;
}

/**
 * Whether a run that came to its end succeeded, by the policy for rejected records; `undefined` when it did, else
 * the error that ends it, with the counts and where the records are. Contract 7.
 */
export function verdict(
  policy: RejectionPolicy,
  routes: readonly Route[],
  counts: readonly StreamCounts[],
  kept: Kept,
): ConfigError | undefined {
  const failing = counts
    .map((count, index) => ({ count, route: routes[index] }))
    .filter(({ count }) => count.outcomes.rejected > 0 && exceeds(policy, count));
  if (failing.length === 0) return undefined;
  const streams = failing.map(({ count, route }) => {
    const codes = [...count.rejectedByCode].map(([code, n]) => `${n} ${code}`).join(', ');
    const name = route === undefined ? count.stream.name : nameOf(route);
    return `${count.outcomes.rejected} of ${count.received} records of stream ${name} (${codes})`;
  });
  const since = kept.firstAtMs === undefined ? '' : `, the first at ${timeInWords(kept.firstAtMs)}`;
  const [only, ...others] = failing;
  return new ConfigError(`${opening(kept.dryRun)} ${streams.join('; ')}${since}. ${advice(kept)}`, {
    technical: `rejected_records.policy is ${policy.policy}`,
    ...(others.length === 0 && only !== undefined && { stream: only.count.stream }),
  });
}

function opening(dryRun: boolean): string {
  return dryRun ? 'Dry run: Vitally could not take' : 'Vitally could not take';
}

function advice({ place, dryRun }: Kept): string {
  if (dryRun)
    return 'Nothing was written. The log shows the first of them with what to do; --plan FILE writes down every row.';
  const safe = 'Everything else is written and acknowledged, and stays so.';
  if (place === undefined) {
    return (
      `${safe} The log shows the first of them with what to do: mend the source and run the sync again, or ` +
      'set object_storage_config to keep rejected records for mending.'
    );
  }
  return `${safe} They are kept under ${place} with what to do: mend them and send the files through write again.`;
}

function exceeds(policy: RejectionPolicy, count: StreamCounts): boolean {
  if (policy.policy !== 'continue') return true;
  if (policy.maxPercent === undefined) return false;
  return count.outcomes.rejected * 100 > policy.maxPercent * count.received;
}
