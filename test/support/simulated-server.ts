import type { AnswerHeaders } from '../../src/vitally/http/exchange.ts';
import { Pacer } from '../../src/vitally/rate-limit/pacer.ts';
import type { RequestKind } from '../../src/vitally/rate-limit/request-cost.ts';

export type Method = 'token-bucket' | 'sliding-window' | 'fixed-window';

/** A server's rate limit, counted in units within 60 s. */
export interface Limit {
  readonly method: Method;
  readonly limit: number;
  readonly readCost?: number;
  readonly writeCost?: number;
  /** Units that a token bucket holds at most; `limit` where left out. */
  readonly capacity?: number;
  /** What the bucket's reset is about: one unit or the whole bucket. */
  readonly reset?: 'one' | 'full';
  readonly headers?: 'ratelimit' | 'x-epoch' | 'none' | 'retry-after' | 'constant';
}

export interface Scenario extends Limit {
  readonly minutes?: number;
  /** Requests in all; as many as go where left out. */
  readonly requests?: number;
  /** 100,000 where left out. */
  readonly requestsPerMinute?: number | 'unsaid';
  readonly maxInFlight?: number;
  /** Lowest and highest time each way, in milliseconds. */
  readonly latencyMs?: readonly [number, number];
  /** Requests a minute of another client of the same limit, which doesn't heed headers. */
  readonly othersPerMinute?: number;
  /** Share of reads among the requests. */
  readonly readShare?: number;
  /** Connectors on the same key, each with a {@link Pacer} of its own and rows always waiting. */
  readonly connectors?: number;
  readonly seed?: number;
}

export interface Run {
  readonly served: number;
  /** Of each connector. */
  readonly servedOf: readonly number[];
  readonly servedUnits: number;
  readonly othersUnits: number;
  readonly refused: number;
  /** Groups of refusals less than a second apart. */
  readonly backoffs: number;
  readonly sentAtMs: readonly number[];
  /** Units that the server could have given out in all. */
  readonly availableUnits: number;
  readonly firstMinute: number;
  /** When the last request was answered that the server took. */
  readonly lastServedAtMs: number;
}

const WINDOW_MS = 60_000;

/** Reproducible numbers in [0, 1). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Counter {
  /** Takes units if they are there, and says what is left and when some come back. */
  take(
    units: number,
    nowMs: number,
  ): { readonly ok: boolean; readonly left: number; readonly resetMs: number };
}

function counter({ method, limit, capacity = limit, reset = 'one' }: Limit): Counter {
  const rate = limit / WINDOW_MS;
  if (method === 'token-bucket') {
    let tokens = capacity;
    let atMs = 0;
    return {
      take(units, nowMs) {
        tokens = Math.min(capacity, tokens + (nowMs - atMs) * rate);
        atMs = nowMs;
        const ok = tokens >= units;
        if (ok) tokens -= units;
        const resetMs = reset === 'full' ? (capacity - tokens) / rate : tokens >= capacity ? 0 : 1 / rate;
        return { ok, left: Math.floor(tokens), resetMs };
      },
    };
  }
  const spent: { readonly units: number; readonly atMs: number }[] = [];
  let used = 0;
  let windowAtMs = 0;
  return {
    take(units, nowMs) {
      if (method === 'fixed-window') {
        if (nowMs >= windowAtMs + WINDOW_MS) {
          windowAtMs += WINDOW_MS * Math.floor((nowMs - windowAtMs) / WINDOW_MS);
          used = 0;
        }
      } else {
        for (
          let oldest = spent[0];
          oldest !== undefined && oldest.atMs <= nowMs - WINDOW_MS;
          oldest = spent[0]
        ) {
          used -= oldest.units;
          spent.shift();
        }
      }
      const ok = used + units <= limit;
      if (ok) {
        used += units;
        spent.push({ units, atMs: nowMs });
      }
      const fromMs = method === 'fixed-window' ? windowAtMs : (spent[0]?.atMs ?? nowMs);
      return { ok, left: limit - used, resetMs: fromMs + WINDOW_MS - nowMs };
    },
  };
}

const START_MS = Date.UTC(2026, 0, 1);

function headersOf(
  style: Limit['headers'],
  limit: number,
  left: number,
  resetMs: number,
  ok: boolean,
  nowMs: number,
): AnswerHeaders {
  switch (style) {
    case 'none':
      return {};
    case 'retry-after':
      return ok ? {} : { 'retry-after': String(Math.ceil(resetMs / 1_000)) };
    case 'constant':
      return {
        'ratelimit-limit': String(limit),
        'ratelimit-remaining': String(limit - 1),
        'ratelimit-reset': '1',
      };
    case 'x-epoch':
      return {
        'x-ratelimit-limit': String(limit),
        'x-ratelimit-remaining': String(left),
        'x-ratelimit-reset': String(Math.ceil((START_MS + nowMs + resetMs) / 1_000)),
        date: new Date(START_MS + nowMs).toUTCString(),
      };
    default:
      return {
        'ratelimit-limit': `${limit}, ${limit};window=60`,
        'ratelimit-remaining': String(left),
        'ratelimit-reset': String(Math.ceil(resetMs / 1_000)),
      };
  }
}

/** Lets a {@link Pacer} with rows always waiting loose on a server of this kind, for some minutes of simulated time. */
export function simulate(scenario: Scenario): Run {
  const {
    limit,
    readCost = 1,
    writeCost = 1,
    minutes = 5,
    latencyMs = [5, 5],
    othersPerMinute = 0,
    readShare = 0,
    requests = Number.POSITIVE_INFINITY,
    connectors = 1,
  } = scenario;
  const { requestsPerMinute: configured = 100_000, maxInFlight = 8, seed = 1 } = scenario;
  const random = randomFrom(seed);
  const server = counter(scenario);
  const requestsPerMinute = configured === 'unsaid' ? undefined : configured;
  const endMs = minutes * 60_000;
  const events: { readonly atMs: number; readonly run: () => void }[] = [];
  const at = (atMs: number, run: () => void): void => {
    let index = events.length;
    while (index > 0 && (events[index - 1]?.atMs ?? 0) > atMs) index--;
    events.splice(index, 0, { atMs, run });
  };
  const oneWayMs = (): number => latencyMs[0] + random() * (latencyMs[1] - latencyMs[0]);
  let nowMs = 0;
  let served = 0;
  let servedUnits = 0;
  let othersUnits = 0;
  let refused = 0;
  let backoffs = 0;
  let firstMinute = 0;
  let lastServedAtMs = 0;
  let refusedAtMs = Number.NEGATIVE_INFINITY;
  const sentAtMs: number[] = [];
  const servedOf = Array.from({ length: connectors }, () => 0);

  const connect = (connector: number): (() => void) => {
    const pacer = new Pacer({ requestsPerMinute, maxInFlight, random });
    let next: RequestKind = random() < readShare ? 'read' : 'write';
    let onWire = 0;
    let wakeAtMs = Number.POSITIVE_INFINITY;
    const send = (): void => {
      const kind = next;
      next = random() < readShare ? 'read' : 'write';
      const permit = pacer.sent(kind, START_MS + nowMs);
      onWire++;
      sentAtMs.push(nowMs);
      const units = kind === 'read' ? readCost : writeCost;
      at(nowMs + oneWayMs(), () => {
        const { ok, left, resetMs } = server.take(units, nowMs);
        const headers = headersOf(scenario.headers, limit, left, resetMs, ok, nowMs);
        at(nowMs + oneWayMs(), () => {
          onWire--;
          if (ok) {
            served++;
            servedOf[connector] = (servedOf[connector] ?? 0) + 1;
            lastServedAtMs = nowMs;
            servedUnits += units;
            if (nowMs <= WINDOW_MS) firstMinute++;
          } else {
            refused++;
            if (nowMs - refusedAtMs > 1_000) backoffs++;
            refusedAtMs = nowMs;
          }
          pacer.answered(permit, START_MS + nowMs, { status: ok ? 200 : 429, headers });
          pump();
        });
      });
    };
    const pump = (): void => {
      // A request that is refused is sent again: so as many are awaited as are not served yet.
      while (served + onWire < requests) {
        const admission = pacer.admit(next, START_MS + nowMs);
        if (admission.kind === 'go') send();
        else {
          if (admission.kind === 'at' && (admission.atMs - START_MS < wakeAtMs || wakeAtMs <= nowMs)) {
            wakeAtMs = admission.atMs - START_MS;
            at(wakeAtMs, pump);
          }
          return;
        }
      }
    };
    return pump;
  };
  const others = (): void => {
    if (server.take(writeCost, nowMs).ok) othersUnits += writeCost;
    at(nowMs + (random() * 2 * WINDOW_MS) / othersPerMinute, others);
  };
  if (othersPerMinute > 0) at(random() * 1_000, others);
  for (const connector of servedOf.keys()) at(connector * 3_000, connect(connector));
  for (let event = events.shift(); event !== undefined && event.atMs < endMs; event = events.shift()) {
    nowMs = event.atMs;
    event.run();
  }
  const availableUnits =
    limit * minutes + (scenario.method === 'token-bucket' ? (scenario.capacity ?? limit) : 0);
  const counts = { served, servedOf, servedUnits, othersUnits, refused, backoffs };
  return { ...counts, sentAtMs, availableUnits, firstMinute, lastServedAtMs };
}
