import { describe, expect, test } from 'vitest';
import { nameOf, type SummaryInput, streamSentence, summaryOf } from '../../../src/report/summary.ts';
import { ValueCounts } from '../../../src/report/value-counts.ts';
import { countsOf } from '../../support/counts.ts';
import { routeOf } from '../../support/routes.ts';

const rest = { requests: 12, throttled: 1, retried: 2, waitedMs: 1_500 };
const analytics = { requests: 3, throttled: 4, retried: 5, waitedMs: 250.4 };

function inputOf(overrides: Partial<SummaryInput> = {}): SummaryInput {
  return {
    status: 'succeeded',
    dryRun: false,
    ignoredLines: 0,
    routes: [routeOf('account', { namespace: 'mart' }), routeOf('event', { stream: 'clicks' })],
    counts: [
      countsOf(5, { created: 2, rejected: 3 }, { bad_key: 1, refused: 2 }),
      countsOf(4, { accepted: 4 }),
    ],
    stopped: false,
    rest,
    analytics,
    durationMs: 12_345.6,
    ...overrides,
  };
}

test('the summary has the contract’s members, in its order', () => {
  const summary = summaryOf(inputOf({ ignoredLines: 2 }));
  expect(Object.keys(summary)).toEqual([
    'status',
    'dry_run',
    'ignored_lines',
    'streams',
    'requests',
    'waited_seconds',
    'duration_seconds',
  ]);
  expect(summary).toEqual({
    status: 'succeeded',
    dry_run: false,
    ignored_lines: 2,
    streams: [
      {
        stream: 'rows',
        namespace: 'mart',
        object: 'account',
        mode: 'upsert',
        via: 'rest',
        received: 5,
        created: 2,
        updated: 0,
        deleted: 0,
        accepted: 0,
        unchanged: 0,
        superseded: 0,
        skipped: 0,
        rejected: 3,
        rejected_by_code: { bad_key: 1, refused: 2 },
      },
      expect.objectContaining({
        stream: 'clicks',
        namespace: null,
        via: 'analytics',
        accepted: 4,
        rejected_by_code: {},
      }),
    ],
    requests: { rest: 12, analytics: 3, throttled: 5, retried: 7 },
    waited_seconds: 1.75,
    duration_seconds: 12.346,
  });
});

test('an API that was not used counts nothing', () => {
  const summary = summaryOf(inputOf({ rest: undefined, analytics: undefined }));
  expect(summary).toMatchObject({
    requests: { rest: 0, analytics: 0, throttled: 0, retried: 0 },
    waited_seconds: 0,
  });
});

test('a stopped run shows what is unsettled', () => {
  const stopped = inputOf({
    status: 'failed',
    stopped: true,
    counts: [countsOf(5, { created: 2 }), countsOf(0)],
  });
  expect(summaryOf(stopped)).toMatchObject({
    status: 'failed',
    streams: [{ unsettled: 3 }, { unsettled: 0 }],
  });
  expect(JSON.stringify(summaryOf(inputOf()))).not.toContain('unsettled');
});

test('a stream without counts has none', () => {
  expect(summaryOf(inputOf({ counts: [], stopped: true }))).toMatchObject({
    streams: [{ received: 0, unsettled: 0, rejected_by_code: {} }, { received: 0 }],
  });
});

describe('a stream in a sentence', () => {
  test.each([
    {
      counts: countsOf(5, { created: 2, rejected: 3 }),
      stopped: false,
      sentence: 'stream rows (account, upsert by REST): 5 received: 2 created, 3 rejected',
    },
    { counts: countsOf(0), stopped: false, sentence: 'stream rows (account, upsert by REST): 0 received' },
    { counts: undefined, stopped: true, sentence: 'stream rows (account, upsert by REST): 0 received' },
    {
      counts: countsOf(5, { created: 2 }),
      stopped: true,
      sentence: 'stream rows (account, upsert by REST): 5 received: 2 created, 3 unsettled',
    },
  ])('$sentence', ({ counts, stopped, sentence }) => {
    expect(streamSentence(routeOf('account'), counts, stopped)).toBe(sentence);
  });

  test('an Analytics stream of a namespace', () => {
    const route = routeOf('event', { namespace: 'mart', stream: 'clicks' });
    expect(streamSentence(route, countsOf(1, { accepted: 1 }), false)).toBe(
      'stream mart.clicks (event, append by Analytics): 1 received: 1 accepted',
    );
    expect(nameOf(route)).toBe('mart.clicks');
  });
});

describe('values that mapping changed', () => {
  const values = [new ValueCounts(), new ValueCounts()];
  values[0]?.add({ coerced: ['mrr', 'traits.seats'], stripped: ['note'] });
  values[0]?.add({ coerced: ['mrr'] });

  test('are in the summary of their stream, and empty where nothing was changed', () => {
    expect(summaryOf(inputOf({ values })).streams).toMatchObject([
      { coerced: { mrr: 2, 'traits.seats': 1 }, stripped: { note: 1 } },
      { coerced: {}, stripped: {} },
    ]);
  });

  test('end the sentence of their stream', () => {
    const counts = countsOf(2, { updated: 2 });
    expect(streamSentence(routeOf('account'), counts, false, values[0])).toBe(
      'stream rows (account, upsert by REST): 2 received: 2 updated; coerced: mrr 2, traits.seats 1; stripped: note 1',
    );
    expect(streamSentence(routeOf('account'), counts, false, values[1])).toBe(
      'stream rows (account, upsert by REST): 2 received: 2 updated',
    );
  });
});
