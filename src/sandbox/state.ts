import { Inbox } from './analytics/inbox.ts';
import type { Context } from './context.ts';
import { Budget } from './faults/budget.ts';
import { FaultDraw, type FaultPlan, NO_FAULTS } from './faults/faults.ts';
import { Gate } from './faults/gate.ts';
import { FixedWindow, type RateLimit, SlidingWindow, TokenBucket } from './faults/rate-limit.ts';
import { parseSwitches, type Switches } from './faults/switches.ts';
import { BrowserGuard } from './http/browser-guard.ts';
import { Concurrency } from './http/concurrency.ts';
import { LateRequests } from './http/late-requests.ts';
import { type Api, RequestLog } from './http/request-log.ts';
import { Runs } from './http/runs.ts';
import type { JsonValue } from './json.ts';
import { World } from './store/world.ts';

/** Where and how the sandbox listens and behaves; everything has a default. */
export interface SandboxOptions {
  /** 0, the default, takes any free one. */
  readonly port?: number;
  /** The interface to listen on; default 127.0.0.1. */
  readonly host?: string;
  /** Further names that requests may give in their Host header. */
  readonly allowHosts?: readonly string[];
  readonly restToken?: string;
  readonly analyticsToken?: string;
  /** Of each API; default 1,000. */
  readonly requestsPerMinute?: number;
  /** Units that a REST write takes of the rate limit; default 1. */
  readonly writeCost?: number;
  /** Waited before each answer; default 0. */
  readonly latencyMs?: number;
  /** Until an accepted Analytics message is applied; default 0: at once. */
  readonly analyticsDelayMs?: number;
  /** Names of switches, see `SANDBOX_SWITCHES`. */
  readonly profile?: readonly string[];
  readonly faults?: FaultPlan;
  /** What it holds from the start: an object of kinds of records, see `seedWhole`. */
  readonly content?: JsonValue;
  /** The sandbox's clock, in milliseconds since the epoch. Latency and delay are real time whatever it says. */
  readonly now?: () => number;
}

/** All that a running sandbox knows. */
export class State {
  readonly now: () => number;
  readonly world: World;
  readonly inbox: Inbox;
  readonly log = new RequestLog();
  readonly runs = new Runs();
  readonly budgets: Readonly<Record<Api, Budget>> = { rest: new Budget(), analytics: new Budget() };
  readonly concurrency = new Concurrency();
  readonly gate = new Gate();
  readonly guard: BrowserGuard;
  readonly late: LateRequests;
  readonly tokens: { readonly rest: string; readonly analytics: string };
  readonly writeCost: number;
  readonly latencyMs: number;
  readonly #requestsPerMinute: number;
  #switches: Switches;
  #faults: FaultDraw;
  #limits: Readonly<Record<Api, RateLimit>>;

  /** @throws RangeError for an unknown switch. */
  constructor(options: SandboxOptions) {
    this.now = options.now ?? Date.now;
    this.world = new World(this.now);
    this.inbox = new Inbox(() => this.context, options.analyticsDelayMs ?? 0);
    this.late = new LateRequests(this.now);
    this.guard = new BrowserGuard([
      ...(options.host === undefined ? [] : [options.host]),
      ...(options.allowHosts ?? []),
    ]);
    this.tokens = {
      rest: options.restToken ?? 'rest-token',
      analytics: options.analyticsToken ?? 'analytics-token',
    };
    this.writeCost = options.writeCost ?? 1;
    this.latencyMs = options.latencyMs ?? 0;
    this.#requestsPerMinute = options.requestsPerMinute ?? 1000;
    this.#switches = parseSwitches(options.profile ?? []);
    this.#faults = new FaultDraw(options.faults ?? NO_FAULTS);
    this.#limits = this.#newLimits();
  }

  get context(): Context {
    return { world: this.world, switches: this.#switches };
  }

  get faults(): FaultDraw {
    return this.#faults;
  }

  rateLimit(api: Api): RateLimit {
    return this.#limits[api];
  }

  setFaults(plan: FaultPlan): void {
    this.#faults = new FaultDraw(plan);
  }

  /** Begins anew: no records, no requests, nothing on its way. Switches and faults stay. */
  clear(): void {
    this.inbox.clear();
    this.late.close();
    this.world.clear();
    this.log.clear();
    this.runs.clear();
    for (const budget of Object.values(this.budgets)) budget.clear();
  }

  /** Replaces the switches; the rate limits begin anew where their kind changes. */
  setProfile(names: readonly string[]): void {
    const before = limitKind(this.#switches);
    this.#switches = parseSwitches(names);
    if (limitKind(this.#switches) !== before) this.#limits = this.#newLimits();
  }

  #newLimits(): Readonly<Record<Api, RateLimit>> {
    const perMinute = this.#requestsPerMinute;
    const make = (): RateLimit => {
      const kind = limitKind(this.#switches);
      if (kind === 'sliding-window') return new SlidingWindow(perMinute);
      if (kind === 'fixed-window') return new FixedWindow(perMinute);
      return new TokenBucket(perMinute, this.now());
    };
    return { rest: make(), analytics: make() };
  }
}

function limitKind(switches: Switches): 'sliding-window' | 'fixed-window' | 'token-bucket' {
  if (switches.has('sliding-window')) return 'sliding-window';
  return switches.has('fixed-window') ? 'fixed-window' : 'token-bucket';
}
