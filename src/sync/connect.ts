import { ConfigError } from '../errors/config-error.ts';
import { OBJECTS } from '../objects/index.ts';
import type { ExpectedParents } from '../pipeline/expected-parents.ts';
import type { InFlightWrites } from '../pipeline/in-flight-writes.ts';
import { LaneFinder } from '../pipeline/lane-finder.ts';
import { namesOfEither } from '../pipeline/row-subject.ts';
import type { Route } from '../routing/route.ts';
import { answerRedactor } from '../settings/redact.ts';
import type { Settings } from '../settings/settings.ts';
import { Admins } from '../vitally/admins.ts';
import type { Answer, VitallyRequest } from '../vitally/answer.ts';
import { createClient, DEFAULT_MAX_IN_FLIGHT, type VitallyClient } from '../vitally/client.ts';
import { type Clock, systemClock } from '../vitally/clock.ts';
import { Directory } from '../vitally/directory.ts';
import { NamedThings } from '../vitally/named.ts';
import { PendingMessages } from '../write/analytics/pending-messages.ts';
import { behindFirewall, Firewall } from '../write/firewall.ts';
import { LostAnswers } from '../write/rest/lost-answers.ts';
import { AnalyticsRows } from './analytics-rows.ts';
import { AnalyticsWriter } from './analytics-writer.ts';
import { deleteGuard } from './delete-limit.ts';
import { plannedAnswer } from './dry-run.ts';
import { foreteller } from './foretell.ts';
import { recordLane } from './job.ts';
import { Links } from './links.ts';
import { Relations } from './relations.ts';
import type { RestContext } from './rest-context.ts';
import { RestWriter } from './rest-writer.ts';
import { type ReadTraits, traitReader } from './route-traits.ts';
import type { Subject } from './settlement.ts';
import type { Stop } from './stop.ts';
import { Writers } from './writers.ts';

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
  readonly stop: Stop;
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
  readonly writers: Writers;
  readonly batches: AnalyticsWriter | undefined;
  /** Things that Vitally's settings name, read once each; `undefined` without a REST token. */
  readonly named: NamedThings | undefined;
  /** `undefined` without a REST token. */
  readonly readTraits: ReadTraits | undefined;
  /** Finds the lane of each row. */
  readonly laneFinder: LaneFinder;
  /** Tells the writers how to wait for a record that is on its way. */
  readonly useLanes: (running: (laneKey: string) => Promise<void> | undefined) => void;
  /** No further rows come: what waited for one is settled. */
  readonly endOfInput: () => void;
}

export function connect(options: ConnectOptions): Connection {
  const { settings, dryRun, inFlight } = options;
  let running: (laneKey: string) => Promise<void> | undefined = () => undefined;
  const firewalls = {
    rest: new Firewall({ api: 'REST API', signal: options.stop.sending }),
    analytics: new Firewall({ api: 'Analytics API', signal: options.stop.sending }),
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
  const directory = rest && new Directory((request) => rest.send(request));
  const named = rest && new NamedThings((request) => rest.send(request));
  const warn = (message: string): Promise<void> => options.log('WARN', message);
  const clock = clockOf(options);
  const lostAnswers = new LostAnswers({ signal: options.stop.sending });
  const sleep = (ms: number): Promise<void> => clock.sleep(ms, options.stop.sending);
  const { now } = clock;
  const pending = directory && new PendingMessages({ directory, now, sleep });
  const relations =
    directory &&
    pending &&
    named &&
    new Relations({
      directory,
      named,
      pending,
      expected: options.expected,
      now,
      admins: new Admins((request) => rest.send(request)),
      running: (object, id) => running(inFlight.laneOf(namesOfEither(object, id)) ?? recordLane(object, id)),
      sleep,
    });
  const batches =
    analytics &&
    new AnalyticsWriter({
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
  let links: Links | undefined;
  const context: RestContext | undefined =
    rest && directory && pending && named && relations
      ? {
          directory,
          relations,
          pending,
          exclusively: (name, work) => inFlight.exclusively(name, work),
          named,
          read: (request) => rest.send(request),
          commit: committing(rest, dryRun, lostAnswers),
          lostAnswers,
          skipUnchanged: settings.skipUnchanged,
          lookFirst: dryRun,
          beforeDelete,
          sleep,
          unlink: async (route, write, ends) => links?.unlink(route, write, ends),
        }
      : undefined;
  links = new Links({ rest: context, batches, beforeDelete });
  return {
    rest,
    analytics,
    batches,
    named,
    laneFinder: new LaneFinder({ routes: options.routes, inFlight, directory, named }),
    readTraits: rest && named && traitReader((request) => rest.send(request), named, warn),
    writers: new Writers({
      rest: context && new RestWriter(context),
      analytics:
        batches &&
        new AnalyticsRows({
          batches,
          directory,
          pending: dryRun ? undefined : pending,
          relations,
          foretell: dryRun && context !== undefined ? foreteller(context) : undefined,
        }),
      links,
      directory,
      named,
      pending,
      warn,
      onRowDone: () => firewalls.rest.rowDone(),
    }),
    useLanes: (lanes) => {
      running = lanes;
    },
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
    signal: options.stop.sending,
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
