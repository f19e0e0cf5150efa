import { describe, expect, test } from 'vitest';
import { type Scenario, simulate } from '../../../support/rate-limit/simulate.ts';

const LIMIT = 1_000;
const COSTS = [1, 2, 5];

/** Time in which a bucket gives out so many units at the least. */
const boundMs = (units: number, capacity: number): number => ((units - capacity) / LIMIT) * 60_000;

describe('a bucket that holds far less than its limit is drained at the pace of its refill', () => {
  const scenarios = [60, 30, 12].flatMap((capacity) =>
    COSTS.flatMap((writeCost) =>
      (['ratelimit', 'x-epoch'] as const).map((headers) => ({ capacity, writeCost, headers })),
    ),
  );
  test.each(scenarios)('$capacity units, writes at $writeCost, $headers', (shape) => {
    const requests = 1_500 / shape.writeCost;
    const common = { method: 'token-bucket', limit: LIMIT, minutes: 30, latencyMs: [2, 5] } as const;
    const run = simulate({ ...common, ...shape, requests });
    expect(run.served).toBe(requests);
    // A bucket of two writes is at times full before the next one comes.
    const most = shape.capacity < 3 * shape.writeCost ? 1.08 : 1.05;
    expect(run.lastServedAtMs / boundMs(1_500, shape.capacity)).toBeLessThanOrEqual(most);
    expect(run.refused).toBe(0);
  });
});

describe('two connectors on one key: each gets its part, and little is left unused', () => {
  const shapes: readonly Pick<Scenario, 'method' | 'capacity'>[] = [
    { method: 'token-bucket' },
    { method: 'token-bucket', capacity: 100 },
    { method: 'token-bucket', capacity: 60 },
    { method: 'token-bucket', capacity: 30 },
    { method: 'token-bucket', capacity: 12 },
    { method: 'sliding-window' },
    { method: 'fixed-window' },
  ];
  const scenarios = shapes.flatMap((shape) => [1, 2, 3].map((seed) => ({ ...shape, seed })));
  test.each(scenarios)('$method, capacity $capacity, seed $seed', (scenario) => {
    const run = simulate({ ...scenario, limit: LIMIT, connectors: 2, minutes: 10, latencyMs: [20, 60] });
    expect(Math.min(...run.servedOf) / run.served).toBeGreaterThanOrEqual(0.4);
    expect(1 - run.servedUnits / run.availableUnits).toBeLessThanOrEqual(0.01);
    expect(run.refused / run.served).toBeLessThanOrEqual(0.005);
  });
});
