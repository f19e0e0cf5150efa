import { expect, test } from 'vitest';
import { standing } from '../../../src/report/standing.ts';
import { countsOf } from '../../support/counts.ts';

const STARTED_AT_MS = Date.UTC(2026, 2, 2, 8);
const RUN = {
  counts: [{ ...countsOf(2_000, { created: 1_500 }, {}), unsettled: 500 }],
  acknowledged: 3,
  startedAtMs: STARTED_AT_MS,
  stoppedAtMs: STARTED_AT_MS + 250_000,
  dryRun: false,
  keptIn: undefined,
};
const WHEN = 'Stopped at 2026-03-02 08:04:10 UTC, 4 minutes and 10 seconds after the start';

test.each([
  [
    'with STATEs',
    RUN,
    `${WHEN}: 2000 rows read, 500 of them with unknown fate. 3 STATEs are acknowledged, and the rows before are safe; the next sync sends those behind again.`,
  ],
  [
    'without one',
    { ...RUN, counts: [countsOf(1, { created: 1 }, {})], acknowledged: 0 },
    `${WHEN}: 1 row read, all settled. No STATE was acknowledged: the next sync sends all rows again.`,
  ],
  [
    'before its first row',
    { ...RUN, counts: [countsOf(0, {}, {})], acknowledged: 0 },
    `${WHEN}, before any row was read: nothing was written.`,
  ],
  [
    'with rejected records',
    { ...RUN, acknowledged: 1, keptIn: '/local/41' },
    `${WHEN}: 2000 rows read, 500 of them with unknown fate. 1 STATE is acknowledged, and the rows before are safe; the next sync sends those behind again. Rejected records are kept under /local/41.`,
  ],
  ['dry', { ...RUN, dryRun: true }, `${WHEN} of the dry run: nothing was written.`],
])('a run that stopped %s says where it stands', (_, run, text) => {
  expect(standing(run)).toBe(text);
});
