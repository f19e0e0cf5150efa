import type { StreamCounts } from '../../src/checkpoint/ledger.ts';
import type { OutcomeKind } from '../../src/checkpoint/outcome.ts';
import type { RejectionCode } from '../../src/errors/record-error.ts';

/** A stream's counts: what is not named is 0. */
export function countsOf(
  received: number,
  outcomes: Partial<Record<OutcomeKind, number>> = {},
  codes: Partial<Record<RejectionCode, number>> = {},
  name = 'rows',
): StreamCounts {
  const settled = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  const none = {
    created: 0,
    updated: 0,
    deleted: 0,
    accepted: 0,
    unchanged: 0,
    superseded: 0,
    skipped: 0,
    rejected: 0,
  };
  const entries: [RejectionCode, number][] = [];
  for (const code of ['bad_key', 'refused', 'missing_key'] as const) {
    const count = codes[code];
    if (count !== undefined) entries.push([code, count]);
  }
  return {
    stream: { name, namespace: undefined },
    received,
    unsettled: received - settled,
    outcomes: { ...none, ...outcomes },
    rejectedByCode: new Map(entries),
  };
}
