import { durationInWords, timeInWords } from '../../../errors/times.ts';
import { TransientError } from '../../../errors/transient-error.ts';
import type { VitallyRequest } from '../answer.ts';
import { describe, type Exchange } from '../exchange.ts';
import { pathTemplate } from '../path-template.ts';
import { API_NAMES, type Api } from './config-fault.ts';
import type { AttemptCounts } from './judge.ts';
import { troubleInWords } from './trouble-in-words.ts';

export interface GiveUpContext {
  readonly api: Api;
  readonly host: string;
  /** When the request was first sent, milliseconds since the epoch. */
  readonly firstSentAtMs: number;
}

/** The error of a request whose attempts have reached their bounds. It holds no id and none of the server's words. */
export function giveUp(
  request: VitallyRequest,
  { api, host, firstSentAtMs }: GiveUpContext,
  result: Exchange,
  attempts: AttemptCounts,
): TransientError {
  const lasted = durationInWords(attempts.triedForMs + attempts.throttledForMs);
  const times = attempts.made === 1 ? '1 try' : `${attempts.made} tries`;
  const isThrottled = result.status === 429;
  const name = `Vitally's ${API_NAMES[api]} at ${host}`;
  const since = `since ${timeInWords(firstSentAtMs)}, for ${lasted}`;
  const message = isThrottled
    ? `${name} has answered nothing but "too many requests" (429) ${since}. Something else uses up the rate limit: ` +
      'find it, or lower requests_per_minute, and run the sync again.'
    : `${name} kept failing ${since} (${times}): the last time ${troubleInWords(result)}. Run the sync again when ` +
      'Vitally can be reached; if this goes on, look whether Vitally reports an incident, and check network and proxy.';
  return new TransientError(message, {
    cause: result.kind === 'failed' ? result.cause : undefined,
    technical: `${request.method} ${request.shownPath ?? pathTemplate(request.path)} at ${host}: ${describe(result)}; ${times} in ${lasted}`,
  });
}
