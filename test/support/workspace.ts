import { onTestFinished } from 'vitest';
import type { Settings } from '../../src/config/settings.ts';
import type { JsonObject, JsonValue } from '../../src/json/json.ts';
import type { Route, Write } from '../../src/mapping/route.ts';
import { Shutdown } from '../../src/pipeline/shutdown.ts';
import { type Connection, connect } from '../../src/pipeline/wiring.ts';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/index.ts';
import type { Clock } from '../../src/vitally/http/clock.ts';
import { ExpectedParents } from '../../src/write/associations/expected-parents.ts';
import { InFlightWrites } from '../../src/write/in-flight-writes.ts';
import type { Result } from '../../src/write/result.ts';
import { settingsOf } from './routes.ts';
import { Api } from './sandbox/client.ts';
import { openSandbox } from './sandboxes.ts';

/** What is seeded was there long before the run: its `createdAt` must not look like the run's doing. */
const SEEDED_AGO_MS = 3_600_000;
/** High enough that no test waits for the rate limit. */
const UNHURRIED = 100_000;

export interface WorkspaceOptions extends SandboxOptions {
  readonly settings?: Partial<Settings>;
  readonly routes?: readonly Route[];
  readonly dryRun?: boolean;
  /** The run's and the sandbox's; default the machine's. */
  readonly clock?: Clock;
}

/** A sandbox and the writers of a run that is connected to it; both end with the test. */
export interface Workspace {
  readonly sandbox: Sandbox;
  readonly connection: Connection;
  readonly shutdown: Shutdown;
  write(route: Route, write: Write): Promise<Result>;
  /** Writes and gives the outcome in a word: its kind, for a rejected row its code. */
  outcome(route: Route, write: Write): Promise<string>;
  /** REST requests since the last call, as `PUT /accounts/a-1`. */
  asked(): string[];
  /** Puts records in that are an hour old. */
  seed(kind: string, ...objects: readonly JsonObject[]): void;
  /** Deletes a record behind the run's back. */
  vanish(kind: 'organizations' | 'accounts' | 'users', externalId: string): Promise<void>;
  /** The Vitally id of a record that is there. */
  idOf(kind: 'organizations' | 'accounts' | 'users', externalId: string): string;
}

/** Settings that lead to a sandbox, with both of its tokens. */
export function settingsFor(sandbox: Sandbox, overrides: Partial<Settings> = {}): Settings {
  return settingsOf({
    region: 'custom',
    restUrl: sandbox.url,
    analyticsUrl: sandbox.url,
    restAuthorization: `Basic ${Buffer.from('rest-token:').toString('base64')}`,
    analyticsAuthorization: 'Basic analytics-token',
    requestsPerMinute: UNHURRIED,
    ...overrides,
  });
}

export async function openWorkspace(options: WorkspaceOptions = {}): Promise<Workspace> {
  const { settings, routes = [], dryRun = false, clock, ...sandboxOptions } = options;
  let shiftMs = 0;
  const sandbox = await openSandbox({ now: () => (clock?.now() ?? Date.now()) + shiftMs, ...sandboxOptions });
  const shutdown = new Shutdown();
  const connection = connect({
    settings: settingsFor(sandbox, settings),
    routes,
    env: {},
    userAgent: 'test',
    dryRun,
    log: async () => {},
    redact: (text) => text,
    shutdown,
    holdForLists: false,
    expected: new ExpectedParents(options.routes ?? []),
    inFlight: new InFlightWrites(),
    ...(clock !== undefined && { clock }),
  });
  onTestFinished(async () => {
    connection.batcher?.stop();
    await connection.rest?.close();
    await connection.analytics?.close();
  });
  let seen = 0;
  const write = (route: Route, row: Write): Promise<Result> => connection.writer.write(route, row);
  return {
    sandbox,
    connection,
    shutdown,
    write,
    async outcome(route, row) {
      const { outcome } = await write(route, row);
      return outcome.kind === 'rejected' ? outcome.error.code : outcome.kind;
    },
    asked() {
      const all = sandbox.requests().filter(({ api }) => api === 'rest');
      const fresh = all.slice(seen);
      seen = all.length;
      return fresh.map(({ method, path }) => `${method} ${path.replace('/resources', '')}`);
    },
    seed(kind, ...objects) {
      shiftMs = -SEEDED_AGO_MS;
      sandbox.seed(kind, objects);
      shiftMs = 0;
    },
    async vanish(kind, externalId) {
      const { status } = await new Api(sandbox.url).delete(`/${kind}/${encodeURIComponent(externalId)}`);
      if (status !== 204) throw new Error(`not deleted: ${status}`);
    },
    idOf(kind, externalId) {
      const id = sandbox[kind].byExternalId(externalId)?.id;
      if (typeof id !== 'string') throw new Error(`no ${kind} ${externalId}`);
      return id;
    },
  };
}

export function writeOf(
  key: string | undefined,
  fields: Readonly<Record<string, JsonValue>> = {},
  traits: Readonly<Record<string, JsonValue>> = {},
): Write {
  return { key, fields: new Map(Object.entries(fields)), traits: new Map(Object.entries(traits)) };
}
