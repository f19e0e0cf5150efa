import type { RequestLine } from '../../errors/record-error.ts';
import type { JsonValue } from '../../json/json.ts';

/** A request to one of Vitally's APIs, before authorization and base URL. */
export interface VitallyRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path with its query, ids already encoded, e.g. `/resources/accounts/acc-17`. */
  readonly path: string;
  /** The path as messages show it, where parts of it have other places than ids have in Vitally's own paths. */
  readonly shownPath?: string;
  /** JSON text. */
  readonly body?: string;
  /** It may make a second copy, so it must not be repeated blindly when its answer is lost. */
  readonly once?: true;
  /** A page of a list. Where it cannot be read, `UnreadablePage` is thrown, which does not end the run. */
  readonly page?: true;
}

/** Sends a request and gives Vitally's final answer. */
export type Send = (request: VitallyRequest) => Promise<Answer>;

/**
 * Vitally's final answer, after waits for the rate limit and bounded retries. A refused token (401, 403) and an
 * unreachable Vitally are no answers: they are thrown, and stop the run.
 */
export type Answer =
  /** 2xx. `body` is `undefined` for an empty one (204). */
  | (AnswerBase & { readonly kind: 'ok'; readonly body: JsonValue | undefined })
  /** 404, or another refusal whose text says that the record is not there. */
  | (AnswerBase & { readonly kind: 'not_found'; readonly text: string })
  /** 409, or a 400/422 whose text says that the record is there already. */
  | (AnswerBase & { readonly kind: 'exists'; readonly text: string })
  /** 413, or a 400 whose text speaks of size. */
  | (AnswerBase & { readonly kind: 'too_large'; readonly text: string })
  /**
   * Any other 4xx: permanent for this request. `text` may quote the row, so never log it as it is. `foreign` where a
   * firewall before Vitally answered with a 403 page.
   */
  | (AnswerBase & { readonly kind: 'refused'; readonly text: string; readonly foreign?: true });

export interface AnswerBase {
  readonly status: number;
  /** Milliseconds since the epoch on Vitally's clock (by its `Date` header) when the first attempt was sent. */
  readonly sentAtMs: number;
  /** An earlier attempt may have been applied: its answer was lost. */
  readonly repeated: boolean;
  /** The request that was refused. */
  readonly request?: RequestLine;
}

/** What a result keeps of a request: its body would be held for every row that waits. */
export function requestLine({ method, path, shownPath }: VitallyRequest): RequestLine {
  return { method, path, ...(shownPath !== undefined && { shownPath }) };
}
