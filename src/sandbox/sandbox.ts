import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serveControl } from './control/control.ts';
import { type Inspection, inspect } from './control/inspection.ts';
import { seed } from './control/seed.ts';
import { SeedError, seedWhole } from './control/seed-file.ts';
import { type Snapshot, snapshot } from './control/snapshot.ts';
import type { FaultPlan } from './faults/faults.ts';
import { serveApi } from './http/api-server.ts';
import { bracketed } from './http/browser-guard.ts';
import { deliver, jsonAnswer } from './http/deliver.ts';
import type { LoggedRequest } from './http/request-log.ts';
import { parseTarget } from './http/target.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { servePage } from './page/page.ts';
import { REST_RESOURCES } from './rest/registry.ts';
import { type SandboxOptions, State } from './state.ts';
import { showAccount } from './store/account.ts';
import { showOrganization } from './store/organization.ts';
import { showUser } from './store/show-user.ts';

/** Longer than any client keeps an idle connection, so that no client sends into one that is being closed. */
const KEEP_ALIVE_MS = 120_000;
const FOREIGN = jsonAnswer(403, {
  error: 'this host or origin is not the sandbox; names that lead to it are given with --allow-host',
});

/** A running imitation of Vitally. */
export interface Sandbox {
  /** e.g. `http://127.0.0.1:8080`: the base of both APIs. */
  readonly url: string;
  /** Ends every connection and timer; messages that are not applied are lost. */
  close(): Promise<void>;
  readonly organizations: Inspection;
  readonly accounts: Inspection;
  readonly users: Inspection;
  /** Records of another kind by its path, e.g. `notes`, or all `instances`. @throws RangeError for an unknown kind */
  items(kind: string): Inspection;
  /** Requests that would have erased every instance of a custom object. */
  readonly collectionDeletes: number;
  /** The applied track events in the order of their arrival. */
  events(): JsonObject[];
  /** The last requests to both APIs, oldest first. */
  requests(): LoggedRequest[];
  /** The most requests in work at once. */
  readonly maxConcurrent: number;
  /** The most requests in work at once that write one and the same record. */
  readonly maxConcurrentPerKey: number;
  setFaults(plan: FaultPlan): void;
  /** Replaces the switches. @throws RangeError for an unknown one. */
  setProfile(switches: readonly string[]): void;
  /** Answers nothing until {@link Sandbox.release}. */
  stall(): void;
  release(): void;
  /** Resolves when no Analytics message waits to be applied. */
  settle(): Promise<void>;
  /** Puts records in without requests; see `seed`. */
  seed(kind: string, objects: readonly JsonObject[]): void;
  snapshot(): Snapshot;
}

/**
 * Starts a sandbox, on the loopback interface unless `host` says otherwise.
 *
 * @throws RangeError for an unknown switch, SeedError for content that cannot be put in whole, the system's error for a
 *   port that is taken
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const state = new State(options);
  const { faults } =
    options.content === undefined ? { faults: [] } : seedWhole(state.context, options.content);
  if (faults.length > 0) throw new SeedError(faults);
  const server = createServer((request, response) => {
    serve(state, request, response).catch((error: unknown) => fail(request, response, error));
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, listenHost(options), resolve);
  });
  const { world, inbox, late, log, concurrency, gate } = state;
  return {
    url: `http://${reachedBy(listenHost(options))}:${portOf(server.address())}`,
    close: () =>
      new Promise((resolve) => {
        inbox.close();
        late.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    organizations: inspect(world.organizations, (record) =>
      showOrganization(world, record, state.context.switches),
    ),
    accounts: inspect(world.accounts, (record) => showAccount(world, record, state.context.switches)),
    users: inspect(world.users, (record) => showUser(world, record, state.context.switches)),
    items: (kind) => itemsOf(state, kind),
    get collectionDeletes() {
      return world.collectionDeletes;
    },
    events: () => world.events.all(),
    requests: () => log.last(),
    get maxConcurrent() {
      return concurrency.highest;
    },
    get maxConcurrentPerKey() {
      return concurrency.highestPerKey;
    },
    setFaults: (plan) => state.setFaults(plan),
    setProfile: (switches) => state.setProfile(switches),
    stall: () => gate.shut(),
    release: () => gate.open(),
    settle: () => inbox.settle(),
    seed: (kind, objects) => seed(state.context, kind, [...objects] satisfies JsonValue),
    snapshot: () => snapshot(world),
  };
}

function itemsOf(state: State, kind: string): Inspection {
  const found = REST_RESOURCES.get(kind)?.inspect?.(() => state.context);
  if (found === undefined) throw new RangeError(`there is nothing of the kind ${kind}`);
  return found;
}

async function serve(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const target = parseTarget(request.url ?? '/');
  const { pathname } = target;
  if (state.guard.isForeign(request)) return void deliver(response, FOREIGN, undefined);
  if (pathname.startsWith('/resources/')) return serveApi(state, 'rest', target, request, response);
  if (pathname.startsWith('/analytics/v1/')) return serveApi(state, 'analytics', target, request, response);
  if (pathname.startsWith('/sandbox/')) return serveControl(state, target, request, response);
  if (await servePage(state, target, request, response)) return;
  deliver(response, jsonAnswer(404, { error: 'no such endpoint' }), undefined);
}

/** A client may leave at any time; any other error is a bug of the sandbox and must be seen. */
function fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (request.destroyed && !request.complete) return;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (response.headersSent) response.destroy();
  else deliver(response, jsonAnswer(500, { error: `bug in the sandbox: ${text}` }), undefined);
}

function listenHost({ host }: SandboxOptions): string {
  return (host ?? '127.0.0.1').replace(/^\[(.*)\]$/, '$1');
}

/** Where a client on this machine finds it: an address that means every interface is none to send to. */
function reachedBy(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '[::1]' : bracketed(host);
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string')
    throw new TypeError('the sandbox listens on a TCP port');
  return address.port;
}
