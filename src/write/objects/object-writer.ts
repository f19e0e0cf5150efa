import type { Route, Write } from '../../mapping/route.ts';
import type { Batcher } from '../analytics/batcher.ts';
import type { AccountUnlinker } from '../memberships/account-unlinker.ts';
import type { BeforeDelete } from '../rest/before-delete.ts';
import type { Target, WriteContext } from '../rest/context.ts';
import type { Result } from '../result.ts';

/** Writes one row through the REST API. Throws `RecordError` for a row that is rejected. */
export type ObjectWriter = (context: WriteContext, target: Target) => Promise<Result>;

/** Writes rows that wait in one lane together, each to an outcome of its own, a rejection among them. */
export type GroupWriter = (
  context: WriteContext,
  route: Route,
  writes: readonly Write[],
) => Promise<Result[]>;

/** Writes one row by whichever API can, or by both. Throws `RecordError` for a row that is rejected. */
export type TwoApiWriter = (apis: Apis, route: Route, write: Write) => Promise<Result>;

/** Both APIs, each `undefined` without its token. */
export interface Apis {
  readonly rest: WriteContext | undefined;
  readonly batcher: Batcher | undefined;
  readonly unlinker: AccountUnlinker;
  readonly beforeDelete: BeforeDelete;
}
