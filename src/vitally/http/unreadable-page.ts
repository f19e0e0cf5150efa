import { describe, type Exchange } from './exchange.ts';
import { isEnvelope } from './refusals.ts';

/** A page whose failure may pass is asked for this often before its list counts as unreadable. */
const MAX_ATTEMPTS = 2;

/**
 * A page of a list that cannot be read: too large, too slow, refused by something before Vitally, or failing again.
 * It never ends the run, unlike a record's own request: smaller pages or single reads may still work (Contract 6).
 */
export class UnreadablePage extends Error {
  override readonly name = 'UnreadablePage';
}

/**
 * Whether the result of a request for a page says that this page cannot be read. A 401, a 429 and a 403 of Vitally's
 * own say nothing about the page, and a lost connection may pass: they are judged as for any other request.
 *
 * @param attempts made of this request, the judged one included
 */
export function unreadablePage(result: Exchange, attempts: number): UnreadablePage | undefined {
  return isUnreadable(result, attempts) ? new UnreadablePage(describe(result)) : undefined;
}

function isUnreadable(result: Exchange, attempts: number): boolean {
  if (result.kind === 'failed') {
    if (result.code === 'TOO_LONG' || result.code === 'TIMEOUT') return true;
    return result.code === 'NOT_JSON' && attempts >= MAX_ATTEMPTS;
  }
  if (result.status === 403) return !isEnvelope(result.body);
  return result.status >= 500 && attempts >= MAX_ATTEMPTS;
}
