import { Pacer, type PacerOptions } from '../../../src/vitally/rate-limit/pacer.ts';
import type { RequestKind } from '../../../src/vitally/rate-limit/request-cost.ts';
import { Events } from './events.ts';
import { availableUnits, type Counter, counterOf, headersOf, type Limit, WINDOW_MS } from './server.ts';

export interface Scenario extends Limit {
  readonly minutes?: number;
  /** Requests in all; as many as go where left out. */
  readonly requests?: number;
  /** 100,000 where left out. */
  readonly requestsPerMinute?: number | 'unsaid';
  readonly maxInFlight?: number;
  /** Lowest and highest time each way, in milliseconds. */
  readonly latencyMs?: readonly [number, number];
  /** The same for the second connector, where it is another. */
  readonly otherLatencyMs?: readonly [number, number];
  /** Requests a minute of another client of the same limit, which doesn't heed headers. */
  readonly othersPerMinute?: number;
  /** Share of reads among the requests. */
  readonly readShare?: number;
  /** Connectors on the same key, each with a {@link Pacer} of its own and rows always waiting. */
  readonly connectors?: number;
  /** How much later than the one before each connector starts. */
  readonly apartMs?: number;
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

const START_MS = Date.UTC(2026, 0, 1);

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

/** Lets a {@link Pacer} with rows always waiting loose on a server of this kind, for some minutes of simulated time. */
export function simulate(scenario: Scenario): Run {
  return new Simulation(scenario).run();
}

/**
 * The least time in which the requests of this scenario can be answered: nothing is ever refused, since each waits at the
 * server until there are units for it. It has the same latencies, and no more in flight.
 */
export function boundMs(scenario: Scenario): number {
  const { requests = 0, latencyMs = [5, 5], maxInFlight = 8, seed = 1 } = scenario;
  const events = new Events();
  const server = counterOf(scenario);
  const random = randomFrom(seed);
  const kinds = kindsOf(scenario, randomFrom(seed + 1));
  let sent = 0;
  let freeAtMs = 0;
  let lastMs = 0;
  const send = (): void => {
    if (sent >= requests) return;
    sent++;
    const units = unitsOf(scenario, kinds());
    events.at(events.nowMs + oneWayMs(latencyMs, random), () => {
      freeAtMs = Math.max(server.readyAtMs(units, Math.max(events.nowMs, freeAtMs)), events.nowMs);
      server.take(units, freeAtMs);
      lastMs = freeAtMs + oneWayMs(latencyMs, random);
      events.at(lastMs, send);
    });
  };
  for (let slot = 0; slot < maxInFlight; slot++) send();
  events.run(Number.POSITIVE_INFINITY);
  return lastMs;
}

const oneWayMs = ([least, most]: readonly [number, number], random: () => number): number =>
  least + random() * (most - least);

const unitsOf = ({ readCost = 1, writeCost = 1 }: Scenario, kind: RequestKind): number =>
  kind === 'read' ? readCost : writeCost;

const kindsOf =
  ({ readShare = 0 }: Scenario, random: () => number): (() => RequestKind) =>
  () =>
    random() < readShare ? 'read' : 'write';

class Simulation {
  readonly events = new Events();
  readonly random: () => number;
  readonly kinds: () => RequestKind;
  readonly server: Counter;
  readonly servedOf: number[];
  readonly #scenario: Scenario;
  readonly #sentAtMs: number[] = [];
  #served = 0;
  #servedUnits = 0;
  #othersUnits = 0;
  #refused = 0;
  #backoffs = 0;
  #firstMinute = 0;
  #lastServedAtMs = 0;
  #refusedAtMs = Number.NEGATIVE_INFINITY;
  #onWire = 0;

  constructor(scenario: Scenario) {
    const { seed = 1, connectors = 1 } = scenario;
    this.#scenario = scenario;
    this.random = randomFrom(seed);
    this.kinds = kindsOf(scenario, randomFrom(seed + 1));
    this.server = counterOf(scenario);
    this.servedOf = Array.from({ length: connectors }, () => 0);
  }

  run(): Run {
    const { minutes = 5, apartMs = 3_000, othersPerMinute = 0 } = this.#scenario;
    if (othersPerMinute > 0) this.events.at(this.random() * 1_000, () => this.#others(othersPerMinute));
    for (const index of this.servedOf.keys()) {
      const connector = new Connector(this, this.#scenario, index);
      this.events.at(index * apartMs, () => connector.pump());
    }
    const endMs = minutes * 60_000;
    this.events.run(endMs);
    return {
      served: this.#served,
      servedOf: this.servedOf,
      servedUnits: this.#servedUnits,
      othersUnits: this.#othersUnits,
      refused: this.#refused,
      backoffs: this.#backoffs,
      sentAtMs: this.#sentAtMs,
      availableUnits: availableUnits(this.#scenario, endMs),
      firstMinute: this.#firstMinute,
      lastServedAtMs: this.#lastServedAtMs,
    };
  }

  /** A request that is refused is sent again: so as many are awaited as are not served yet. */
  get hasMore(): boolean {
    return this.#served + this.#onWire < (this.#scenario.requests ?? Number.POSITIVE_INFINITY);
  }

  sent(): void {
    this.#onWire++;
    this.#sentAtMs.push(this.events.nowMs);
  }

  answered(index: number, units: number, ok: boolean): void {
    const { nowMs } = this.events;
    this.#onWire--;
    if (ok) {
      this.#served++;
      this.servedOf[index] = (this.servedOf[index] ?? 0) + 1;
      this.#lastServedAtMs = nowMs;
      this.#servedUnits += units;
      if (nowMs <= WINDOW_MS) this.#firstMinute++;
      return;
    }
    this.#refused++;
    if (nowMs - this.#refusedAtMs > 1_000) this.#backoffs++;
    this.#refusedAtMs = nowMs;
  }

  #others(perMinute: number): void {
    const units = unitsOf(this.#scenario, 'write');
    if (this.server.take(units, this.events.nowMs).ok) this.#othersUnits += units;
    this.events.at(this.events.nowMs + (this.random() * 2 * WINDOW_MS) / perMinute, () =>
      this.#others(perMinute),
    );
  }
}

/** A {@link Pacer} whose rows always wait. */
class Connector {
  readonly #simulation: Simulation;
  readonly #scenario: Scenario;
  readonly #index: number;
  readonly #latencyMs: readonly [number, number];
  readonly #pacer: Pacer;
  #next: RequestKind;
  #wakeAtMs = Number.POSITIVE_INFINITY;

  constructor(simulation: Simulation, scenario: Scenario, index: number) {
    const { latencyMs = [5, 5], otherLatencyMs = latencyMs, maxInFlight = 8 } = scenario;
    const { requestsPerMinute: said = 100_000 } = scenario;
    const options: PacerOptions = {
      requestsPerMinute: said === 'unsaid' ? undefined : said,
      maxInFlight,
      random: simulation.random,
    };
    this.#simulation = simulation;
    this.#scenario = scenario;
    this.#index = index;
    this.#latencyMs = index === 0 ? latencyMs : otherLatencyMs;
    this.#pacer = new Pacer(options);
    this.#next = simulation.kinds();
  }

  pump(): void {
    const { events } = this.#simulation;
    while (this.#simulation.hasMore) {
      const admission = this.#pacer.admit(this.#next, START_MS + events.nowMs);
      if (admission.kind === 'go') {
        this.#send();
        continue;
      }
      if (admission.kind === 'at') this.#wakeAt(admission.atMs - START_MS);
      return;
    }
  }

  #wakeAt(atMs: number): void {
    const { events } = this.#simulation;
    if (atMs >= this.#wakeAtMs && this.#wakeAtMs > events.nowMs) return;
    this.#wakeAtMs = atMs;
    events.at(atMs, () => this.pump());
  }

  #send(): void {
    const { events, server, random } = this.#simulation;
    const kind = this.#next;
    this.#next = this.#simulation.kinds();
    const permit = this.#pacer.sent(kind, START_MS + events.nowMs);
    this.#simulation.sent();
    const units = unitsOf(this.#scenario, kind);
    events.at(events.nowMs + oneWayMs(this.#latencyMs, random), () => {
      const verdict = server.take(units, events.nowMs);
      const headers = headersOf(this.#scenario, verdict, START_MS + events.nowMs);
      events.at(events.nowMs + oneWayMs(this.#latencyMs, random), () => {
        this.#simulation.answered(this.#index, units, verdict.ok);
        const status = verdict.ok ? 200 : 429;
        this.#pacer.answered(permit, START_MS + events.nowMs, { status, headers });
        this.pump();
      });
    });
  }
}
