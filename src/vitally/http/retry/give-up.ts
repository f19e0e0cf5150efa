import { durationInWords, timeInWords } from '../../../errors/times.ts';
import { TransientError } from '../../../errors/transient-error.ts';
import type { VitallyRequest } from '../answer.ts';
import { describe, type Exchange } from '../exchange.ts';
import { pathTemplate } from '../path-template.ts';
import { API_NAMES, type Api } from './config-fault.ts';
import type { Tries } from './judge.ts';
import { troubleInWords } from './trouble-in-words.ts';

export interface GiveUpContext {
  readonly api: Api;
  readonly host: string;
  /** When the request was first sent, milliseconds since the epoch. */
  readonly firstSentAtMs: number;
}

/** The error of a request that has been tried long enough. Names no id and none of the server's words. */
export function giveUp(
  request: VitallyRequest,
  { api, host, firstSentAtMs }: GiveUpContext,
  result: Exchange,
  tries: Tries,
): TransientError {
  const lasted = durationInWords(tries.triedForMs + tries.throttledForMs);
  const attempts = tries.made === 1 ? '1 try' : `${tries.made} tries`;
  const isThrottled = result.status === 429;
  const name = `Vitally's ${API_NAMES[api]} at ${host}`;
  const since = `since ${timeInWords(firstSentAtMs)}, for ${lasted}`;
  const message = isThrottled
    ? `${name} has answered nothing but "too many requests" (429) ${since}. Something else uses up the rate limit: ` +
      'find it, or lower requests_per_minute, and run the sync again.'
    : `${name} kept failing ${since} (${attempts}): the last time ${troubleInWords(result)}. Run the sync again when ` +
      'Vitally can be reached; if this goes on, look whether Vitally reports an incident, and check network and proxy.';
  return new TransientError(message, {
    cause: result.kind === 'failed' ? result.cause : undefined,
    technical: `${request.method} ${pathTemplate(request.path)} at ${host}: ${describe(result)}; ${attempts} in ${lasted}`,
  });
}
