import { answerRedactor } from '../config/connection/redact.ts';
import type { Settings } from '../config/settings.ts';
import { ConfigError } from '../errors/config-error.ts';
import type { Route } from '../mapping/route.ts';
import { OBJECTS } from '../objects/index.ts';
import type { Answer, VitallyRequest } from '../vitally/http/answer.ts';
import { createClient, type VitallyClient } from '../vitally/http/client.ts';
import { type Clock, systemClock } from '../vitally/http/clock.ts';
import { DEFAULT_MAX_IN_FLIGHT } from '../vitally/rate-limit/policy.ts';
import { Admins } from '../vitally/records/admins.ts';
import { NamedLists } from '../vitally/records/named-lists.ts';
import { RecordCache } from '../vitally/records/record-cache.ts';
import { Batcher } from '../write/analytics/batcher.ts';
import { PendingMessages } from '../write/analytics/pending-messages.ts';
import { AnalyticsWriter } from '../write/analytics/writer.ts';
import type { ExpectedParents } from '../write/associations/expected-parents.ts';
import { AssociationResolver } from '../write/associations/resolver.ts';
import { deleteGuard } from '../write/delete-limit.ts';
import { plannedAnswer } from '../write/dry-run.ts';
import { behindFirewall, Firewall } from '../write/firewall.ts';
import { foreteller } from '../write/foretell.ts';
import type { InFlightWrites } from '../write/in-flight-writes.ts';
import { AccountUnlinker } from '../write/memberships/account-unlinker.ts';
import { MembershipWriter } from '../write/memberships/user-account.ts';
import type { RestContext } from '../write/rest/context.ts';
import { LostAnswers } from '../write/rest/lost-answers.ts';
import { RecordWriter } from '../write/rest/record-writer.ts';
import type { Subject } from '../write/result.ts';
import { Writer } from '../write/writer.ts';
import { type ReadTraits, traitReader } from './known-traits-reader.ts';
import { LaneFinder } from './scheduler/lane-finder.ts';
import type { Shutdown } from './shutdown.ts';

/** Message types, parents first: across requests, parents go before children. */
const MESSAGE_TYPES = [
  ...new Set([
    ...OBJECTS.map(({ analytics }) => analytics?.type).filter((type) => type !== undefined),
    'unlink',
  ]),
];

export interface ConnectOptions {
  readonly settings: Settings;
  readonly routes: readonly Route[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly userAgent: string;
  readonly dryRun: boolean;
  readonly log: (level: 'INFO' | 'WARN', message: string) => Promise<void>;
  readonly shutdown: Shutdown;
  /** Who writes which record now: shared with the pipeline. */
  readonly expected: ExpectedParents;
  readonly inFlight: InFlightWrites;
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/** The clients and writers of a run, as far as there are tokens for them. Nothing is sent yet. */
export interface Connection {
  readonly rest: VitallyClient | undefined;
  readonly analytics: VitallyClient | undefined;
  readonly writer: Writer;
  readonly batcher: Batcher | undefined;
  /** Things that Vitally's settings name, read once each; `undefined` without a REST token. */
  readonly named: NamedLists | undefined;
  /** `undefined` without a REST token. */
  readonly readTraits: ReadTraits | undefined;
  /** Finds the lane of each row. */
  readonly laneFinder: LaneFinder;
  /** No further rows come: what waited for one is settled. */
  readonly endOfInput: () => void;
}

export function connect(options: ConnectOptions): Connection {
  const { settings, dryRun, inFlight } = options;
  const firewalls = {
    rest: new Firewall({ api: 'REST API', signal: options.shutdown.hardSignal }),
    analytics: new Firewall({ api: 'Analytics API', signal: options.shutdown.hardSignal }),
  };
  const restClient = client(options, 'rest', settings.restUrl, settings.restAuthorization);
  const analyticsClient = client(
    options,
    'analytics',
    settings.analyticsUrl,
    settings.analyticsAuthorization,
  );
  const rest = restClient && behindFirewall(restClient, firewalls.rest, 'rows');
  const analytics = analyticsClient && behindFirewall(analyticsClient, firewalls.analytics, 'batches');
  const recordCache = rest && new RecordCache((request) => rest.send(request));
  const named = rest && new NamedLists((request) => rest.send(request));
  const warn = (message: string): Promise<void> => options.log('WARN', message);
  const clock = clockOf(options);
  const lostAnswers = new LostAnswers({ signal: options.shutdown.hardSignal });
  const sleep = (ms: number): Promise<void> => clock.sleep(ms, options.shutdown.hardSignal);
  const { now } = clock;
  const pending = recordCache && new PendingMessages({ recordCache, now, sleep });
  const relations =
    recordCache &&
    pending &&
    named &&
    new AssociationResolver({
      recordCache,
      named,
      pending,
      expected: options.expected,
      now,
      admins: new Admins((request) => rest.send(request)),
      inFlight,
      sleep,
    });
  const batcher =
    analytics &&
    new Batcher({
      commit: committing(analytics, dryRun, lostAnswers),
      maxInFlight: DEFAULT_MAX_IN_FLIGHT,
      now: systemClock.now,
      types: MESSAGE_TYPES,
      firewall: firewalls.analytics,
    });
  const beforeDelete = deleteGuard({
    send: (request) => sendOr(rest, request),
    ...(named !== undefined && { named }),
  });
  const unlinker = new AccountUnlinker(batcher);
  const context: RestContext | undefined =
    rest && recordCache && pending && named && relations
      ? {
          recordCache,
          relations,
          pending,
          inFlight,
          named,
          read: (request) => rest.send(request),
          commit: committing(rest, dryRun, lostAnswers),
          lostAnswers,
          skipUnchanged: settings.skipUnchanged,
          lookFirst: dryRun,
          beforeDelete,
          sleep,
          unlinker,
        }
      : undefined;
  return {
    rest,
    analytics,
    batcher,
    named,
    laneFinder: new LaneFinder({ routes: options.routes, inFlight, recordCache, named }),
    readTraits: rest && named && traitReader((request) => rest.send(request), named, warn),
    writer: new Writer({
      rest: context && new RecordWriter(context),
      analytics:
        batcher &&
        new AnalyticsWriter({
          batcher,
          recordCache,
          pending: dryRun ? undefined : pending,
          relations,
          foretell: dryRun && context !== undefined ? foreteller(context) : undefined,
        }),
      memberships: new MembershipWriter({ rest: context, batcher, unlinker, beforeDelete }),
      recordCache,
      named,
      pending,
      warn,
      onRowDone: () => firewalls.rest.rowDone(),
    }),
    endOfInput() {
      lostAnswers.endOfInput();
      firewalls.rest.endOfInput();
      firewalls.analytics.endOfInput();
    },
  };
}

function client(
  options: ConnectOptions,
  api: 'rest' | 'analytics',
  baseUrl: string,
  authorization: string | undefined,
): VitallyClient | undefined {
  if (authorization === undefined) return undefined;
  return createClient({
    api,
    baseUrl,
    authorization,
    requestsPerMinute: options.settings.requestsPerMinute,
    firewalls: 'answer',
    clock: clockOf(options),
    signal: options.shutdown.hardSignal,
    env: options.env,
    userAgent: options.userAgent,
    redact: answerRedactor(options.settings.secrets),
    log: (level, message) => {
      // An output that is gone ends the run at its next STATE.
      options.log(level, message).catch(() => {});
    },
  });
}

function committing(client: VitallyClient, dryRun: boolean, lostAnswers: LostAnswers) {
  return async (request: VitallyRequest, subject?: Subject): Promise<Answer> => {
    if (dryRun) return plannedAnswer(request, subject, systemClock.now());
    const answer = await client.send(request);
    if (answer.kind === 'ok') lostAnswers.answeredWell();
    return answer;
  };
}

function clockOf({ clock }: ConnectOptions): Clock {
  return clock ?? systemClock;
}

async function sendOr(client: VitallyClient | undefined, request: VitallyRequest): Promise<Answer> {
  if (client === undefined)
    throw new ConfigError('a delete_limit in percent needs a rest_api_token: give it as a count');
  return await client.send(request);
}
