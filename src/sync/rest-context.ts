import type { Route, Write } from '../routing/route.ts';
import type { Answer, VitallyRequest } from '../vitally/answer.ts';
import type { Directory, Kind } from '../vitally/directory.ts';
import type { Send } from '../vitally/listing.ts';
import type { NamedThings } from '../vitally/named.ts';
import type { PendingMessages } from '../write/analytics/pending-messages.ts';
import type { BeforeDelete } from '../write/rest/before-delete.ts';
import type { LostAnswers } from '../write/rest/lost-answers.ts';
import type { Relations } from './relations.ts';
import type { Subject } from './settlement.ts';

/** What writing through REST needs to know and to do. */
export interface RestContext {
  readonly directory: Directory;
  readonly relations: Relations;
  /** Messages that a write of the same record must not overtake. */
  readonly pending: PendingMessages;
  readonly named: NamedThings;
  /** Sends a request that reads, in a dry run too. */
  readonly read: Send;
  /** Sends a request that writes; a dry run answers by itself. */
  readonly commit: (request: VitallyRequest, subject: Subject) => Promise<Answer>;
  readonly lostAnswers: LostAnswers;
  readonly skipUnchanged: boolean;
  /** Look before every write: a dry run tells what would become of each row. */
  readonly lookFirst: boolean;
  /** Called before each delete; throws where the limit is reached. */
  readonly beforeDelete: BeforeDelete;
  /** Does work on a record while nobody else does any on it. The work must wait for no other row. */
  readonly exclusively: <T>(name: string, work: () => Promise<T>) => Promise<T>;
  /** Waits; rejects when the run is stopped. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Takes a user out of an account, both given by your own ids. Throws where that can't be done. */
  readonly unlink: (
    route: Route,
    write: Write,
    ends: { readonly user: string; readonly account: string },
  ) => Promise<void>;
}

/** One row on its way to its record. */
export interface Target {
  readonly route: Route;
  readonly write: Write;
  readonly key: string;
  /** Where its record is or will be. */
  readonly kind: Kind;
}
