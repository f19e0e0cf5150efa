import { boundMs, type Scenario, simulate } from '../test/support/rate-limit/simulate.ts';

/**
 * How near the limiter comes to what a limit allows, simulated under a virtual clock: drain ÷ bound of one connector, and
 * shares, waste and 429s of two on one key. Each figure is the worst of several numbers of units, latencies and seeds.
 */

const LIMIT = 1_000;
const COSTS = [1, 2, 5];
const SEEDS = [1, 2, 3];
const MINUTES = 10;

type Shape = Pick<Scenario, 'method' | 'capacity' | 'reset' | 'phaseMs'>;

const SHAPES: readonly (readonly [string, Shape])[] = [
  ['bucket of the limit', { method: 'token-bucket' }],
  ['the same, reset of the whole', { method: 'token-bucket', reset: 'full' }],
  ['bucket of 100', { method: 'token-bucket', capacity: 100 }],
  ['bucket of 60', { method: 'token-bucket', capacity: 60 }],
  ['bucket of 30', { method: 'token-bucket', capacity: 30 }],
  ['bucket of 12', { method: 'token-bucket', capacity: 12 }],
  ['sliding window', { method: 'sliding-window' }],
  ['fixed window', { method: 'fixed-window' }],
  ['fixed window, begun at 40 s', { method: 'fixed-window', phaseMs: 40_000 }],
];

/** Each way, in milliseconds: single writes near and far, and batches, which take longer to answer. */
const LATENCIES: readonly (readonly [number, number])[] = [
  [2, 5],
  [20, 60],
  [80, 150],
];

const worst = { ratio: 0, refused: 0 };

/** The worst drain ÷ bound, and 429s ÷ requests. */
function drained(scenario: Scenario): typeof worst {
  const { writeCost = 1 } = scenario;
  const runs = [1_500, 2_400, 5_000].flatMap((units) =>
    LATENCIES.flatMap((latencyMs) =>
      SEEDS.map((seed) => {
        const one = { ...scenario, minutes: 120, requests: units / writeCost, latencyMs, seed };
        const run = simulate(one);
        const took = run.served < one.requests ? Number.POSITIVE_INFINITY : run.lastServedAtMs;
        return { ratio: took / boundMs(one), refused: run.refused / run.sentAtMs.length };
      }),
    ),
  );
  return {
    ratio: Math.max(...runs.map(({ ratio }) => ratio)),
    refused: Math.max(...runs.map(({ refused }) => refused)),
  };
}

function shared(scenario: Scenario): { share: number; waste: number; refused: number } {
  const runs = LATENCIES.flatMap((latencyMs) =>
    SEEDS.flatMap((seed) =>
      [0, 3_000, 20_000].map((apartMs) => {
        const run = simulate({ ...scenario, minutes: MINUTES, connectors: 2, apartMs, latencyMs, seed });
        return {
          share: Math.min(...run.servedOf) / run.served,
          waste: 1 - run.servedUnits / run.availableUnits,
          refused: run.refused / run.sentAtMs.length,
        };
      }),
    ),
  );
  return {
    share: Math.min(...runs.map(({ share }) => share)),
    waste: Math.max(...runs.map(({ waste }) => waste)),
    refused: Math.max(...runs.map(({ refused }) => refused)),
  };
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`.padStart(7);

console.log(
  `limit ${LIMIT} a minute`.padEnd(30),
  'cost  drain ÷ bound   429s  | two: least share   waste    429s',
);
for (const [what, shape] of SHAPES) {
  for (const writeCost of COSTS) {
    const scenario = { ...shape, limit: LIMIT, writeCost };
    const spellings = (['ratelimit', 'x-epoch'] as const).map((headers) => drained({ ...scenario, headers }));
    const ratio = Math.max(...spellings.map((one) => one.ratio));
    const refused = Math.max(...spellings.map((one) => one.refused));
    const two = shared(scenario);
    console.log(
      what.padEnd(30),
      `${writeCost}`.padStart(4),
      ratio.toFixed(3).padStart(14),
      percent(refused),
      ' |',
      percent(two.share).padStart(16),
      percent(two.waste),
      percent(two.refused),
    );
  }
}

const UNTOLD: readonly (readonly [string, Shape])[] = SHAPES.filter(
  ([, { capacity = LIMIT }]) => capacity >= 12,
);
console.log('\nwithout a rate header'.padEnd(30), '      drain ÷ bound   429s');
for (const headers of ['none', 'retry-after'] as const) {
  for (const [what, shape] of UNTOLD) {
    const { ratio, refused } = drained({ ...shape, limit: LIMIT, headers, requestsPerMinute: 'unsaid' });
    console.log(`${what}, ${headers}`.padEnd(44), ratio.toFixed(3), percent(refused));
  }
}
