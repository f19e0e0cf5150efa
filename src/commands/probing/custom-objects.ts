import type { Route } from '../../mapping/route.ts';
import { proveCustomObjects } from '../../pipeline/prove-custom-objects.ts';
import { NamedLists } from '../../vitally/records/named-lists.ts';
import { type Prober, probingClient } from './probing-client.ts';

/**
 * Proves by one read that the custom objects of a config are there; without a REST token they can't be looked for.
 *
 * @throws ConfigError for those that are missing
 * @throws TransientError when Vitally can't be reached
 */
export async function checkCustomObjects(prober: Prober, routes: readonly Route[]): Promise<void> {
  const { settings } = prober;
  if (settings.restAuthorization === undefined) return;
  const client = probingClient(prober, {
    api: 'rest',
    baseUrl: settings.restUrl,
    authorization: settings.restAuthorization,
  });
  try {
    await proveCustomObjects(routes, new NamedLists((request) => client.send(request)));
  } finally {
    await client.close();
  }
}
