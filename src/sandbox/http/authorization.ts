import { Refusal } from '../answer.ts';
import type { Switches } from '../faults/switches.ts';
import type { Api } from './request-log.ts';

export interface Tokens {
  readonly rest: string;
  readonly analytics: string;
}

/**
 * REST takes `Basic base64("<token>:")`, Analytics `Basic <token>` as it is (vitally-api.md, "Authentication").
 * Clients in production send a colon behind the base64 text too, so REST must take it. @throws Refusal: 401 for a
 * missing or wrong token, 403 for an API that is off.
 */
export function authorize(api: Api, header: string | undefined, tokens: Tokens, switches: Switches): void {
  if (header === undefined) throw new Refusal(401, 'Authorization header not present.');
  const credentials = api === 'rest' ? Buffer.from(`${tokens.rest}:`).toString('base64') : tokens.analytics;
  const given = api === 'rest' ? header.replace(/:$/, '') : header;
  if (given !== `Basic ${credentials}`) throw new Refusal(401, 'Invalid credentials.');
  if (api === 'rest' && switches.has('rest-off'))
    throw new Refusal(403, 'REST API is not enabled for this workspace');
  if (api === 'analytics' && switches.has('analytics-off'))
    throw new Refusal(403, 'Analytics API is not enabled for this workspace');
}
