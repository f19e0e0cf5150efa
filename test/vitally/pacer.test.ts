import { describe, expect, test } from 'vitest';
import { Pacer } from '../../src/vitally/pacer.ts';
import { type Scenario, simulate } from './simulated-server.ts';

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
function utilisation(scenario: Scenario): number {
  const {
    latencyMs = [5, 5],
    writeCost = 1,
    readCost = 1,
    readShare = 0,
    minutes = 5,
    maxInFlight = 8,
  } = scenario;
  const run = simulate(scenario);
  const unitsPerRequest = readShare * readCost + (1 - readShare) * writeCost;
  const carried = ((maxInFlight * minutes * 60_000) / (latencyMs[0] + latencyMs[1])) * unitsPerRequest;
  return run.servedUnits / Math.min(run.availableUnits - run.othersUnits, carried * 0.97);
}

const name = ({ method, limit, writeCost = 1, latencyMs = [5, 5] }: Scenario): string =>
  `${method} of ${limit}, writes at ${writeCost}, ${latencyMs.join('–')} ms each way`;

describe('with a server to itself, five minutes, rows always waiting', () => {
  for (const scenario of [...scenarios(), ...scenarios({ headers: 'x-epoch' })]) {
    test(`${name(scenario)}${scenario.headers === undefined ? '' : ', times of reset'}: no 429, and nothing left unused`, () => {
      expect(simulate(scenario).refused).toBe(0);
      expect(utilisation(scenario)).toBeGreaterThanOrEqual(0.95);
    });
  }

  for (const scenario of scenarios({ reset: 'full' }).filter(({ method }) => method === 'token-bucket')) {
    test(`${name(scenario)}, its reset that of the whole bucket`, () => {
      expect(simulate(scenario).refused).toBe(0);
      expect(utilisation(scenario)).toBeGreaterThanOrEqual(0.95);
    });
  }

  for (const scenario of scenarios({ readShare: 0.4 })) {
    test(`${name(scenario)}, reads between the writes: hardly a 429`, () => {
      // A window that slides gives back what the oldest request took, which may be less than the next one needs.
      const bound = scenario.method === 'sliding-window' ? 4 : 0;
      expect(simulate(scenario).refused).toBeLessThanOrEqual(bound);
      expect(utilisation(scenario)).toBeGreaterThanOrEqual(0.95);
    });
  }
});

describe('beside another client, which takes what it gets', () => {
  for (const share of [0.3, 0.6]) {
    for (const scenario of scenarios()) {
      const others = { ...scenario, othersPerMinute: (share * scenario.limit) / (scenario.writeCost ?? 1) };
      test(`${name(scenario)}, the other after ${share * 100} %: a handful of 429s at most`, () => {
        // Of 60 units a minute the other's next request may take the last at any moment.
        expect(simulate(others).refused).toBeLessThanOrEqual(scenario.limit === 60 ? 20 : 8);
        expect(utilisation(others)).toBeGreaterThanOrEqual(0.92);
      });
    }
  }
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
      expect(run.episodes).toBeLessThanOrEqual(12);
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

describe('the start', () => {
  const pacer = (): Pacer => new Pacer({ requestsPerMinute: 1_000, maxInFlight: 8, random: () => 0 });
  const full = { kind: 'await_answer', missing: 'slot' };

  test('one by one until two answers are there, then twice as many with each answer', () => {
    const starting = pacer();
    const slots: number[] = [];
    const permits = [];
    for (let nowMs = 0; slots.length < 7; nowMs += 10) {
      while (starting.admit('write', nowMs).kind === 'go') permits.push(starting.sent('write', nowMs));
      expect(starting.admit('write', nowMs)).toEqual(full);
      slots.push(permits.length);
      const answered = permits.shift();
      if (answered !== undefined) starting.answered(answered, nowMs + 5, { status: 200, headers: {} });
    }
    expect(slots).toEqual([1, 1, 2, 4, 8, 8, 8]);
  });

  test('an answer that is lost is no answer', () => {
    const starting = pacer();
    for (let nowMs = 0; nowMs < 50; nowMs += 10) {
      starting.answered(starting.sent('write', nowMs), nowMs + 5, undefined);
    }
    starting.sent('write', 60);
    expect(starting.admit('write', 60)).toEqual(full);
  });

  test.each([
    ['a pause of some seconds changes nothing', 5_000, 'go'],
    ['after a longer one it begins again', 11_000, 'await_answer'],
  ])('%s', (_name, pauseMs, kind) => {
    const resting = pacer();
    for (let nowMs = 0; nowMs < 50; nowMs += 10) {
      resting.answered(resting.sent('write', nowMs), nowMs + 5, { status: 200, headers: {} });
    }
    expect(resting.admit('write', 50 + pauseMs).kind).toBe('go');
    resting.sent('write', 50 + pauseMs);
    expect(resting.admit('write', 50 + pauseMs).kind).toBe(kind);
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
    const pacer = new Pacer({ requestsPerMinute: 1_000, maxInFlight: 8, random: () => 0 });
    pacer.answered(pacer.sent('write', 0), 100, { status: 429, headers });
    expect(pacer.admit('write', 100)).toEqual({ kind: 'at', atMs: 100 + waitMs });
    expect(pacer.admit('read', 99 + waitMs).kind).toBe('at');
    expect(pacer.admit('read', 100 + waitMs)).toEqual({ kind: 'go' });
    pacer.sent('read', 100 + waitMs);
    expect(pacer.admit('read', 100 + waitMs)).toEqual({ kind: 'await_answer', missing: 'slot' });
  });
});
