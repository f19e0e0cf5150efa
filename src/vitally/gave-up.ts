import { TransientError } from '../errors/transient-error.ts';
import type { VitallyRequest } from './answer.ts';
import { describe, type Exchange } from './exchange.ts';
import { pathTemplate } from './path-template.ts';
import type { Tries } from './retry.ts';

/** The error of a request that has been tried long enough. Names no id and none of the server's words. */
export function gaveUp(
  request: VitallyRequest,
  host: string,
  result: Exchange,
  tries: Tries,
): TransientError {
  const minutes = ((tries.triedForMs + tries.throttledForMs) / 60_000).toFixed(1);
  const attempts = tries.attempts === 1 ? '1 try' : `${tries.attempts} tries`;
  const what = `${request.method} ${pathTemplate(request.path)} at ${host}`;
  const cause = result.kind === 'failed' ? result.cause : undefined;
  return new TransientError(
    `${what} kept failing for ${minutes} minutes (${attempts}): ${describe(result)}.`,
    { cause },
  );
}
