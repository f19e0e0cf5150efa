import type { Settings } from '../config/settings.ts';
import { ConfigError } from '../errors/config-error.ts';
import type { Route } from '../mapping/route.ts';
import { OBJECTS } from '../objects/index.ts';
import type { Answer, Send, VitallyRequest } from '../vitally/http/answer.ts';
import type { VitallyClient } from '../vitally/http/client.ts';
import { type Clock, systemClock } from '../vitally/http/clock.ts';
import { countedReads } from '../vitally/http/read-scope.ts';
import { DEFAULT_MAX_IN_FLIGHT } from '../vitally/rate-limit/policy.ts';
import { Admins } from '../vitally/records/admins.ts';
import type { Hold } from '../vitally/records/listing/background-listing.ts';
import { NamedLists } from '../vitally/records/named-lists.ts';
import { RecordCache } from '../vitally/records/record-cache.ts';
import { Batcher } from '../write/analytics/batcher.ts';
import { PendingMessages } from '../write/analytics/pending-messages.ts';
import { AcceptedRows } from '../write/analytics/verify/accepted-rows.ts';
import { Verification } from '../write/analytics/verify/verification.ts';
import { AnalyticsWriter } from '../write/analytics/writer.ts';
import type { ExpectedParents } from '../write/associations/expected-parents.ts';
import { AssociationResolver } from '../write/associations/resolver.ts';
import { committing } from '../write/commit.ts';
import { deleteGuard } from '../write/delete-limit.ts';
import type { Firewall } from '../write/firewall.ts';
import { foreteller } from '../write/foretell.ts';
import type { InFlightWrites } from '../write/in-flight-writes.ts';
import { AccountUnlinker } from '../write/memberships/account-unlinker.ts';
import { listedRecords } from '../write/rest/compare/listed-changes.ts';
import type { WriteContext } from '../write/rest/context.ts';
import { LostAnswers } from '../write/rest/lost-answers.ts';
import { StreamUse } from '../write/stream-use.ts';
import { Writer } from '../write/writer.ts';
import { clientsOf } from './clients.ts';
import { LaneFinder } from './scheduler/lane-finder.ts';
import type { Shutdown } from './shutdown.ts';
import { type ReadTraits, traitReader } from './streams/known-traits-reader.ts';

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
  readonly redact: (text: string) => string;
  /** The objects that this run may still create. */
  readonly expected: ExpectedParents;
  /** Who writes which record now. */
  readonly inFlight: InFlightWrites;
  /** Default: the machine's. */
  readonly clock?: Clock | undefined;
  /** Rows wait for others that would pay for a page of a list with them; with `false` none does. */
  readonly holdForLists?: false;
  /** Default: 30 seconds. */
  readonly requestTimeoutMs?: number | undefined;
}

/** The clients and writers of a run, as far as there are tokens for them. Nothing is sent yet. */
export interface Connection {
  readonly rest: VitallyClient | undefined;
  readonly analytics: VitallyClient | undefined;
  /** Those of the two that there are. */
  readonly clients: readonly VitallyClient[];
  readonly writer: Writer;
  readonly batcher: Batcher | undefined;
  /** Things that Vitally's settings name, read once each; `undefined` without a REST token. */
  readonly named: NamedLists | undefined;
  /** `undefined` without a REST token. */
  readonly readTraits: ReadTraits | undefined;
  /** Finds the lane of each row. */
  readonly laneFinder: LaneFinder;
  /** What the rows of each stream read, and which APIs carried them. */
  readonly use: StreamUse;
  /** Reads back what was accepted; `undefined` where the settings or the tokens don't let it. */
  readonly verification: Verification | undefined;
  /** A STATE waits for the rows before it: what waits for further rows goes on. */
  hasten(): void;
  /** No further rows come: what waits for one goes on. */
  endOfInput(): void;
}

export function connect(options: ConnectOptions): Connection {
  const { dryRun, inFlight, routes } = options;
  const { rest, analytics, firewalls } = clientsOf({ ...options, clock: clockOf(options) });
  const lostAnswers = new LostAnswers({ signal: options.shutdown.hardSignal });
  const read = rest && countedReads(rest.send);
  const acceptedRows = rest && analytics && acceptedRowsOf(options);
  const known = read && knownOf(options, read, acceptedRows);
  const use = new StreamUse();
  const batcher = analytics && batcherOver(committing(analytics, dryRun, lostAnswers), firewalls.analytics);
  const beforeDelete = deleteGuard({
    send: (request) => sendOr(rest, request),
    ...(known !== undefined && { named: known.named }),
  });
  const unlinker = new AccountUnlinker(batcher);
  const context: WriteContext | undefined = rest &&
    read &&
    known && {
      ...known,
      inFlight,
      read,
      commit: committing(rest, dryRun, lostAnswers),
      lostAnswers,
      skipUnchanged: options.settings.skipUnchanged,
      lookFirst: dryRun,
      beforeDelete,
      now: clockOf(options).now,
      sleep: sleepOf(options),
      unlinker,
    };
  const { recordCache, named } = known ?? {};
  const warn = (message: string): Promise<void> => options.log('WARN', message);
  return {
    rest,
    analytics,
    clients: [rest, analytics].filter((client) => client !== undefined),
    batcher,
    named,
    laneFinder: new LaneFinder({ routes, inFlight, recordCache, named, use }),
    use,
    verification:
      acceptedRows && known && read && verificationOf(options, acceptedRows, known.recordCache, read, use),
    readTraits: rest && named && traitReader(rest.send, named, warn),
    writer: new Writer({
      apis: { rest: context, batcher, unlinker, beforeDelete },
      analytics: batcher && analyticsWriter(batcher, context, acceptedRows),
      warn,
      firewall: firewalls.rest,
      use,
    }),
    ...waitsOf([batcher, recordCache?.listings], [lostAnswers, firewalls.rest, firewalls.analytics]),
  };
}

type Waits = Pick<Batcher, 'flush' | 'endOfInput'>;

/** Tells all that waits for further rows that these are waited for, or that there are none. */
function waitsOf(
  forRows: readonly (Waits | undefined)[],
  forTheEnd: readonly Pick<Waits, 'endOfInput'>[],
): Pick<Connection, 'hasten' | 'endOfInput'> {
  return {
    hasten() {
      for (const waits of forRows) waits?.flush();
    },
    endOfInput() {
      for (const waits of [...forRows, ...forTheEnd]) waits?.endOfInput();
    },
  };
}

/** What a run knows of Vitally by REST, and what looks things up in it. */
function knownOf(
  options: ConnectOptions,
  send: Send,
  acceptedRows: AcceptedRows | undefined,
): Pick<WriteContext, 'recordCache' | 'named' | 'pending' | 'associations'> {
  const { inFlight, expected } = options;
  const { now } = clockOf(options);
  const sleep = sleepOf(options);
  const hold: Hold = (ms, woken) =>
    clockOf(options).sleep(ms, AbortSignal.any([woken, options.shutdown.hardSignal]));
  const recordCache = new RecordCache(send, {
    listed: listedRecords(),
    hold: options.holdForLists === false ? undefined : hold,
    onWritten: acceptedRows && ((collection, externalId) => acceptedRows.forget(collection, externalId)),
  });
  const [named, admins] = [new NamedLists(send), new Admins(send)];
  const pending = new PendingMessages({ recordCache, now, sleep });
  const associations = new AssociationResolver({
    recordCache,
    named,
    admins,
    pending,
    expected,
    inFlight,
    now,
    sleep,
  });
  return { recordCache, named, pending, associations };
}

/** A dry run accepts nothing that could be read back. */
function acceptedRowsOf({ settings, dryRun }: ConnectOptions): AcceptedRows | undefined {
  const { verifyAccepted } = settings;
  return verifyAccepted === 'off' || dryRun ? undefined : new AcceptedRows(verifyAccepted);
}

function verificationOf(
  options: ConnectOptions,
  rows: AcceptedRows,
  recordCache: RecordCache,
  send: Send,
  use: StreamUse,
): Verification {
  const { log, redact, shutdown } = options;
  const clock = clockOf(options);
  return new Verification({ rows, send, recordCache, use, clock, signal: shutdown.hardSignal, log, redact });
}

function batcherOver(commit: (request: VitallyRequest) => Promise<Answer>, firewall: Firewall): Batcher {
  return new Batcher({
    commit,
    maxInFlight: DEFAULT_MAX_IN_FLIGHT,
    now: systemClock.now,
    types: MESSAGE_TYPES,
    firewall,
  });
}

/** A dry run looks at records to tell what a message would do, and waits for none to show. */
function analyticsWriter(
  batcher: Batcher,
  context: WriteContext | undefined,
  acceptedRows: AcceptedRows | undefined,
): AnalyticsWriter {
  const dryRun = context?.lookFirst === true;
  return new AnalyticsWriter({
    batcher,
    recordCache: context?.recordCache,
    pending: dryRun ? undefined : context?.pending,
    associations: context?.associations,
    acceptedRows,
    foretell: dryRun ? foreteller(context) : undefined,
  });
}

function clockOf({ clock }: ConnectOptions): Clock {
  return clock ?? systemClock;
}

function sleepOf(options: ConnectOptions): (ms: number) => Promise<void> {
  const clock = clockOf(options);
  return (ms) => clock.sleep(ms, options.shutdown.hardSignal);
}

async function sendOr(client: VitallyClient | undefined, request: VitallyRequest): Promise<Answer> {
  if (client === undefined)
    throw new ConfigError('a delete_limit in percent needs a rest_api_token: give it as a count');
  return await client.send(request);
}
