import type { Answer } from '../answer.ts';
import type { Context } from '../context.ts';
import type { Inspection } from '../control/inspection.ts';
import type { JsonObject } from '../json.ts';

/** A REST request whose token was accepted. */
export interface RestRequest {
  readonly method: string;
  /** The decoded path below `/resources`, e.g. `['accounts', 'acc-17']`. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  /** `undefined` for a request without a body. */
  readonly body: JsonObject | undefined;
}

/** Everything below `/resources/<path>`. A new object is a file that makes one of these, and a line in the registry. */
export interface RestResource {
  readonly path: string;
  /** `undefined` where there is no such endpoint. */
  handle(context: Context, request: RestRequest): Answer | undefined;
  /** `/resources/<parent>/:id/<path>`; `undefined` where the parent has no such list. */
  scoped(context: Context, request: RestRequest): Answer | undefined;
  /** The record that a write is about, the same for each of the ids that the request may give. */
  recordKey(context: Context, request: RestRequest): string | undefined;
  /** Puts a record in without a request. The body is that of a POST; its associations may have either id. */
  seed(context: Context, body: JsonObject): void;
  /** Its records as REST shows them one by one. */
  inspect?(context: () => Context): Inspection;
}
