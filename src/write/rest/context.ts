import type { Route, Write } from '../../mapping/route.ts';
import type { Answer, Send, VitallyRequest } from '../../vitally/http/answer.ts';
import type { KnownRecord } from '../../vitally/records/known-record.ts';
import type { NamedLists } from '../../vitally/records/named-lists.ts';
import type { Collection, RecordCache } from '../../vitally/records/record-cache.ts';
import type { PendingMessages } from '../analytics/pending-messages.ts';
import type { AssociationResolver } from '../associations/resolver.ts';
import type { InFlightWrites } from '../in-flight-writes.ts';
import type { AccountUnlinker } from '../memberships/account-unlinker.ts';
import type { Subject } from '../result.ts';
import type { BeforeDelete } from './before-delete.ts';
import type { RestBody } from './body.ts';
import type { LostAnswers } from './lost-answers.ts';

/** What a writer needs to write through REST. */
export interface WriteContext {
  readonly recordCache: RecordCache;
  readonly associations: AssociationResolver;
  /** Messages that a write of the same record must not overtake. */
  readonly pending: PendingMessages;
  readonly named: NamedLists;
  /** Sends a request that reads, in a dry run too. */
  readonly read: Send;
  /** Sends a request that writes; a dry run answers by itself. */
  readonly commit: (request: VitallyRequest, subject: Subject) => Promise<Answer>;
  readonly lostAnswers: LostAnswers;
  readonly skipUnchanged: boolean;
  /** Look before every write, so that a dry run can tell what would become of each row. */
  readonly lookFirst: boolean;
  /** Called before each delete; throws where the limit is reached. */
  readonly beforeDelete: BeforeDelete;
  /** Who writes which record now. */
  readonly inFlight: InFlightWrites;
  /** Milliseconds since the epoch, by the run's clock. */
  readonly now: () => number;
  /** Waits; rejects when the run is stopped. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Takes users out of accounts. */
  readonly unlinker: AccountUnlinker;
}

/** A row and where its record is. */
export interface Target {
  readonly route: Route;
  readonly write: Write;
  readonly key: string;
  /** Where its record is or will be. */
  readonly collection: Collection;
  /** What its object wants done before and after a PUT. */
  readonly putSteps?: PutSteps;
}

/** What an object wants done before and after each PUT of one of its records, while no other row writes that record. */
export interface PutSteps {
  /** The record that the PUT is made from. */
  readonly before: (context: WriteContext, found: KnownRecord, body: RestBody) => Promise<KnownRecord>;
  /** `sent` is the body of the PUT, `written` the record as Vitally answered. */
  readonly after: (
    context: WriteContext,
    target: Target,
    sent: RestBody,
    written: KnownRecord,
  ) => Promise<void>;
}
