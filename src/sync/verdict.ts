import { ConfigError } from '../errors/config-error.ts';
import type { Route } from '../routing/route.ts';
import type { StreamCounts } from './ledger.ts';
import { nameOf } from './summary.ts';

export type RejectionPolicy =
  | { readonly policy: 'fail_at_end' }
  | { readonly policy: 'fail_fast' }
  | { readonly policy: 'continue'; readonly maxPercent: number | undefined };

/**
 * Whether a run that came to its end succeeded, by the policy for rejected records; `undefined` when it did, else
 * the error that ends it, with the counts and where the records are. Contract section 7.
 */
export function verdict(
  policy: RejectionPolicy,
  routes: readonly Route[],
  counts: readonly StreamCounts[],
  /** Where rejected records are kept; `undefined` where nowhere. */
  kept: string | undefined,
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
  const where =
    kept === undefined
      ? 'set object_storage_config to keep rejected records for mending'
      : `they are kept under ${kept}: mend them and send the files through write again`;
  return new ConfigError(
    `Vitally could not take ${streams.join('; ')}. Everything else is written; ${where}.`,
  );
}

function exceeds(policy: RejectionPolicy, count: StreamCounts): boolean {
  if (policy.policy !== 'continue') return true;
  if (policy.maxPercent === undefined) return false;
  return count.outcomes.rejected * 100 > policy.maxPercent * count.received;
}
