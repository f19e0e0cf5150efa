import type { Route } from '../routing/route.ts';
import type { Answer, VitallyRequest } from '../vitally/answer.ts';
import type { Directory } from '../vitally/directory.ts';
import type { Relations } from './relations.ts';
import type { Subject } from './settlement.ts';

/** What writing through REST needs to know and to do. */
export interface RestContext {
  readonly directory: Directory;
  readonly relations: Relations;
  /** Sends a request that writes; a dry run answers by itself. */
  readonly commit: (request: VitallyRequest, subject: Subject) => Promise<Answer>;
  readonly skipUnchanged: boolean;
  /** Look before every write: a dry run tells what would become of each row. */
  readonly lookFirst: boolean;
  /** Called before each delete; throws where the limit is reached. */
  readonly beforeDelete: (route: Route) => Promise<void>;
}
