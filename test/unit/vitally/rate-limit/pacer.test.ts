import { describe, expect, test } from 'vitest';
import { Pacer, type PacerAnswer, type Permit } from '../../../../src/vitally/rate-limit/pacer.ts';
import { type Run, type Scenario, simulate } from '../../../support/rate-limit/simulate.ts';

const METHODS = ['token-bucket', 'sliding-window', 'fixed-window'] as const;
const LIMITS = [60, 600, 1_000];
const COSTS = [1, 3, 5];
const LATENCIES: readonly (readonly [number, number])[] = [
  [2, 3],
  [5, 100],
  [100, 200],
];

function scenarios(more: Partial<Scenario> = {}): Scenario[] {
  return METHODS.flatMap((method) =>
    LIMITS.flatMap((limit) =>
      COSTS.flatMap((writeCost) =>
        LATENCIES.map((latencyMs) => ({ method, limit, writeCost, latencyMs, ...more })),
      ),
    ),
  );
}

/** Share that was used of what the server could give, and the line could carry. */
function utilisation(scenario: Scenario, run: Run): number {
  const {
    latencyMs = [5, 5],
    writeCost = 1,
    readCost = 1,
    readShare = 0,
    minutes = 5,
    maxInFlight = 8,
  } = scenario;
  const unitsPerRequest = readShare * readCost + (1 - readShare) * writeCost;
  const carried = ((maxInFlight * minutes * 60_000) / (latencyMs[0] + latencyMs[1])) * unitsPerRequest;
  return run.servedUnits / Math.min(run.availableUnits - run.othersUnits, carried * 0.97);
}

const name = ({ method, limit, writeCost = 1, latencyMs = [5, 5] }: Scenario): string =>
  `${method} of ${limit}, writes at ${writeCost}, ${latencyMs.join('–')} ms each way`;

describe('with a server to itself, five minutes, rows always waiting', () => {
  for (const scenario of [...scenarios(), ...scenarios({ headers: 'x-epoch' })]) {
    test(`${name(scenario)}${scenario.headers === undefined ? '' : ', times of reset'}: no 429, and nothing left unused`, () => {
      const run = simulate(scenario);
      expect(run.refused).toBe(0);
      expect(utilisation(scenario, run)).toBeGreaterThanOrEqual(0.95);
    });
  }

  for (const scenario of scenarios({ reset: 'full' }).filter(({ method }) => method === 'token-bucket')) {
    test(`${name(scenario)}, its reset that of the whole bucket`, () => {
      const run = simulate(scenario);
      expect(run.refused).toBe(0);
      expect(utilisation(scenario, run)).toBeGreaterThanOrEqual(0.95);
    });
  }

  for (const scenario of scenarios({ readShare: 0.4 })) {
    test(`${name(scenario)}, reads between the writes: hardly a 429`, () => {
      // A window that slides gives back what the oldest request took, which may be less than the next one needs.
      const bound = scenario.method === 'sliding-window' ? 4 : 0;
      const run = simulate(scenario);
      expect(run.refused).toBeLessThanOrEqual(bound);
      expect(utilisation(scenario, run)).toBeGreaterThanOrEqual(0.95);
    });
  }
});

describe('beside another client, which takes what it gets', () => {
  for (const share of [0.3, 0.6]) {
    for (const scenario of scenarios()) {
      const others = { ...scenario, othersPerMinute: (share * scenario.limit) / (scenario.writeCost ?? 1) };
      test(`${name(scenario)}, the other after ${share * 100} %: a handful of 429s at most`, () => {
        // Of 60 units a minute the other's next request may take the last at any moment.
        const run = simulate(others);
        expect(run.refused).toBeLessThanOrEqual(scenario.limit === 60 ? 25 : 8);
        expect(utilisation(others, run)).toBeGreaterThanOrEqual(0.92);
      });
    }
  }
});

describe('where no ceiling is configured', () => {
  for (const scenario of scenarios({ requestsPerMinute: 'unsaid' })) {
    test(`${name(scenario)}: what the headers allow is used`, () => {
      const run = simulate(scenario);
      expect(run.refused).toBe(0);
      expect(utilisation(scenario, run)).toBeGreaterThanOrEqual(0.95);
    });
  }

  test.each(METHODS)('%s of 3,000: its burst goes out in the first minute', (method) => {
    const run = simulate({ method, limit: 3_000, requestsPerMinute: 'unsaid' });
    expect(run.refused).toBe(0);
    expect(run.firstMinute).toBeGreaterThan(2_500);
  });

  test.each(METHODS)(
    '%s that says nothing gets 1,000 in any minute, however much it would take',
    (method) => {
      const run = simulate({
        method,
        limit: 5_000,
        headers: 'none',
        requestsPerMinute: 'unsaid',
        minutes: 10,
      });
      const { sentAtMs } = run;
      const tooSoon = sentAtMs.filter((at, index) => at - (sentAtMs[index - 1_000] ?? -60_000) < 60_000);
      expect(tooSoon).toEqual([]);
      expect(run.served).toBeGreaterThan(9_000);
    },
  );
});

describe('without helpful headers', () => {
  for (const headers of ['none', 'retry-after', 'constant'] as const) {
    test.each(METHODS)(`%s of 600 under a ceiling of 1,000, headers: ${headers}`, (method) => {
      const scenario: Scenario = {
        method,
        limit: 600,
        headers,
        requestsPerMinute: 1_000,
        minutes: 10,
        latencyMs: [5, 100],
      };
      const run = simulate(scenario);
      expect(run.servedUnits / run.availableUnits).toBeGreaterThanOrEqual(0.9);
      expect(run.backoffs).toBeLessThanOrEqual(12);
    });

    test.each(METHODS)(`%s of 600, no ceiling configured, headers: ${headers}`, (method) => {
      const scenario: Scenario = { method, limit: 600, headers, requestsPerMinute: 'unsaid', minutes: 10 };
      const ceiling = simulate({ ...scenario, requestsPerMinute: 1_000 });
      const run = simulate(scenario);
      expect(run.refused).toBeLessThanOrEqual(ceiling.refused * 1.5 + 10);
      expect(run.served).toBeGreaterThanOrEqual(ceiling.served * 0.9);
    });

    test.each(METHODS)(`%s of 60 under a ceiling of 1,000, headers: ${headers}`, (method) => {
      const scenario: Scenario = { method, limit: 60, headers, requestsPerMinute: 1_000, minutes: 10 };
      const run = simulate(scenario);
      expect(run.servedUnits / run.availableUnits).toBeGreaterThanOrEqual(0.85);
      expect(run.refused).toBeLessThanOrEqual(60);
    });
  }
});

describe('the configured ceiling', () => {
  test.each(METHODS)('holds under a %s that allows more, and is used up', (method) => {
    const { sentAtMs, refused, served } = simulate({ method, limit: 5_000, requestsPerMinute: 300 });
    expect(refused).toBe(0);
    expect(served).toBeGreaterThanOrEqual(5 * 300 - 1);
    let first = 0;
    for (const [last, atMs] of sentAtMs.entries()) {
      while ((sentAtMs[first] ?? 0) + 60_000 <= atMs) first++;
      expect(last - first + 1).toBeLessThanOrEqual(300);
    }
  });
});

const OK = { status: 200, headers: {} };
const FULL = { kind: 'await_answer', missing: 'slot' };

function newPacer(requestsPerMinute = 1_000): Pacer {
  return new Pacer({ requestsPerMinute, maxInFlight: 8, random: () => 0 });
}

/** A pacer whose first answers are there, the last one at 45 ms: eight requests may be on the wire. */
function warmPacer(answer: PacerAnswer = OK): Pacer {
  const pacer = newPacer();
  for (let nowMs = 0; nowMs < 50; nowMs += 10) pacer.answered(pacer.sent('write', nowMs), nowMs + 5, answer);
  return pacer;
}

/** Requests that go within a stretch of time, each answered well after 10 ms. */
function sentWithin(pacer: Pacer, fromMs: number, untilMs: number): number {
  let sent = 0;
  for (let nowMs = fromMs; nowMs < untilMs; ) {
    const admission = pacer.admit('write', nowMs);
    if (admission.kind === 'go') {
      sent++;
      pacer.answered(pacer.sent('write', nowMs), nowMs + 10, OK);
      nowMs += 10;
    } else nowMs = admission.kind === 'at' ? admission.atMs : untilMs;
  }
  return sent;
}

describe('the start', () => {
  test('one by one until two answers are there, then twice as many with each answer', () => {
    const starting = newPacer();
    const slots: number[] = [];
    const permits: Permit[] = [];
    for (let nowMs = 0; slots.length < 7; nowMs += 10) {
      while (starting.admit('write', nowMs).kind === 'go') permits.push(starting.sent('write', nowMs));
      expect(starting.admit('write', nowMs)).toEqual(FULL);
      slots.push(permits.length);
      const answered = permits.shift();
      if (answered !== undefined) starting.answered(answered, nowMs + 5, OK);
    }
    expect(slots).toEqual([1, 1, 2, 4, 8, 8, 8]);
  });

  test('an answer that is lost is no answer', () => {
    const starting = newPacer();
    for (let nowMs = 0; nowMs < 50; nowMs += 10) {
      starting.answered(starting.sent('write', nowMs), nowMs + 5, undefined);
    }
    starting.sent('write', 60);
    expect(starting.admit('write', 60)).toEqual(FULL);
  });

  test.each([
    ['a pause of some seconds changes nothing', 5_000, 'go'],
    ['after a longer one it begins again', 11_000, 'await_answer'],
  ])('%s', (_name, pauseMs, kind) => {
    const resting = warmPacer();
    expect(resting.admit('write', 50 + pauseMs).kind).toBe('go');
    resting.sent('write', 50 + pauseMs);
    expect(resting.admit('write', 50 + pauseMs).kind).toBe(kind);
  });

  test('an answer that takes long is no pause', () => {
    const waiting = warmPacer();
    waiting.sent('write', 50);
    expect(waiting.admit('write', 20_000)).toEqual({ kind: 'go' });
  });
});

describe('after a 429', () => {
  test.each([
    ['Retry-After', { 'retry-after': '7' }, 7_000],
    ['the reset', { 'ratelimit-reset': '9', 'ratelimit-remaining': '0', 'ratelimit-limit': '1000' }, 9_000],
    ['the longer of both', { 'retry-after': '7', 'ratelimit-reset': '9' }, 9_000],
    ['a second without either', {}, 1_000],
    ['a second where both are less', { 'retry-after': '0', 'ratelimit-reset': '0' }, 1_000],
    ['ten minutes at most', { 'retry-after': '86400' }, 600_000],
  ])('everything waits for %s, then one request goes', (_name, headers, waitMs) => {
    const pacer = warmPacer();
    pacer.answered(pacer.sent('write', 50), 100, { status: 429, headers });
    expect(pacer.admit('write', 100)).toEqual({ kind: 'at', atMs: 100 + waitMs });
    expect(pacer.admit('read', 99 + waitMs).kind).toBe('at');
    expect(pacer.admit('read', 100 + waitMs)).toEqual({ kind: 'go' });
    pacer.sent('read', 100 + waitMs);
    expect(pacer.admit('read', 100 + waitMs)).toEqual(FULL);
  });

  const headers = (remaining: number, resetSeconds: number) => ({
    'ratelimit-limit': '60',
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(resetSeconds),
  });

  test('the reset of a bucket that refills all the time is not waited for, unless 429 follows 429', () => {
    const pacer = warmPacer({ status: 200, headers: headers(30, 30) });
    pacer.answered(pacer.sent('write', 3_000), 3_005, { status: 200, headers: headers(32, 28) });
    pacer.answered(pacer.sent('write', 3_010), 3_015, { status: 429, headers: headers(5, 55) });
    expect(pacer.admit('read', 3_015)).toEqual({ kind: 'at', atMs: 4_015 });
    pacer.answered(pacer.sent('read', 4_015), 4_020, { status: 429, headers: headers(5, 55) });
    expect(pacer.admit('read', 4_020)).toEqual({ kind: 'at', atMs: 6_020 });
    pacer.answered(pacer.sent('read', 6_020), 6_025, { status: 429, headers: headers(5, 55) });
    expect(pacer.admit('read', 6_025)).toEqual({ kind: 'at', atMs: 61_025 });
  });

  test('without headers, what went through becomes the ceiling, and grows again from minute to minute', () => {
    const pacer = newPacer();
    expect(sentWithin(pacer, 0, 4_000)).toBe(400);
    pacer.answered(pacer.sent('write', 4_000), 4_010, { status: 429, headers: {} });
    expect(sentWithin(pacer, 4_010, 60_000)).toBe(0);
    const minutes = Array.from({ length: 12 }, (_, minute) =>
      sentWithin(pacer, (minute + 1) * 60_000, (minute + 2) * 60_000),
    );
    expect(minutes[0]).toBeLessThanOrEqual(400);
    expect(minutes[0]).toBeGreaterThanOrEqual(350);
    for (const [minute, count] of minutes.entries()) {
      if (minute > 0) expect(count).toBeGreaterThanOrEqual(minutes[minute - 1] ?? 0);
    }
    expect(minutes.at(-1)).toBeGreaterThanOrEqual(990);
  });

  test('without headers, a streak of 429s lowers the ceiling once, and never below a quarter', () => {
    const pacer = newPacer();
    let nowMs = 0;
    for (let times = 0; times < 6; times++) {
      const admission = pacer.admit('write', nowMs);
      nowMs = admission.kind === 'at' ? admission.atMs : nowMs;
      pacer.answered(pacer.sent('write', nowMs), nowMs + 10, { status: 429, headers: {} });
      nowMs += 10;
    }
    const admission = pacer.admit('write', nowMs);
    const freeMs = admission.kind === 'at' ? admission.atMs : nowMs;
    expect(sentWithin(pacer, freeMs, freeMs + 1_500)).toBeGreaterThanOrEqual(100);
  });
});
