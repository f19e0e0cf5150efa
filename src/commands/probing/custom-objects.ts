import type { Settings } from '../../config/settings.ts';
import type { Route } from '../../mapping/route.ts';
import { proveCustomObjects } from '../../pipeline/prove-custom-objects.ts';
import { createClient } from '../../vitally/http/client.ts';
import { systemClock } from '../../vitally/http/clock.ts';
import { NamedLists } from '../../vitally/records/named-lists.ts';

/** A check answers in seconds: what a run would try for minutes is tried for this long. */
const GIVE_UP_AFTER_MS = 20_000;
const REQUEST_TIMEOUT_MS = 10_000;

/**
 * Proves by one read that the custom objects of a config are there; without a REST token they can't be looked for.
 *
 * @throws ConfigError for those that are not
 * @throws TransientError when Vitally can't be reached
 */
export async function checkCustomObjects(
  settings: Settings,
  routes: readonly Route[],
  env: Readonly<Record<string, string | undefined>>,
  userAgent: string,
): Promise<void> {
  if (settings.restAuthorization === undefined) return;
  const client = createClient({
    api: 'rest',
    baseUrl: settings.restUrl,
    authorization: settings.restAuthorization,
    requestsPerMinute: settings.requestsPerMinute,
    clock: systemClock,
    signal: new AbortController().signal,
    env,
    userAgent,
    giveUpAfterMs: GIVE_UP_AFTER_MS,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
  });
  try {
    await proveCustomObjects(routes, new NamedLists((request) => client.send(request)));
  } finally {
    await client.close();
  }
}
