import { addFault, type Findings } from '../../errors/findings.ts';
import type { CustomDataCenterConfig, DataCenterConfig } from '../schema/config.ts';
import { type BaseUrl, parseBaseUrl } from './base-url.ts';
import { parseHeaders } from './headers.ts';
import { parseSubdomain } from './subdomain.ts';

/** Base addresses of the two APIs, without a trailing slash. */
export interface Hosts {
  readonly region: 'us' | 'eu' | 'custom';
  readonly restUrl: string;
  readonly analyticsUrl: string;
  /** Headers that go with every request to either of them, besides those that the program sets. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The EU's REST host is shared and takes no subdomain (vitally-api.md, "Hosts"). No published source names
 * the EU's Analytics host; it is formed after the REST one and unverified, which is one reason why `custom` exists.
 */
const EU: Hosts = {
  region: 'eu',
  restUrl: 'https://rest.vitally-eu.io',
  analyticsUrl: 'https://api.vitally-eu.io',
  headers: {},
};

/**
 * Where the APIs are. US hosts begin with the customer's subdomain (vitally-api.md, "Hosts"). `undefined` where the
 * config has a fault.
 *
 * @param isShared see `refusedAddress`
 */
export function parseDataCenter(
  config: DataCenterConfig,
  path: string,
  findings: Findings,
  isShared = false,
): Hosts | undefined {
  switch (config.region) {
    case 'us': {
      const parsed = parseSubdomain(config.subdomain);
      if (parsed.kind === 'subdomain') return usHosts(parsed.subdomain);
      addFault(findings, `${path}/subdomain`, parsed.message);
      return undefined;
    }
    case 'eu':
      return EU;
    case 'custom':
      return customHosts(config, path, findings, isShared);
  }
}

function usHosts(subdomain: string): Hosts {
  return {
    region: 'us',
    restUrl: `https://${subdomain}.rest.vitally.io`,
    analyticsUrl: `https://${subdomain}.api.vitally.io`,
    headers: {},
  };
}

function customHosts(
  config: CustomDataCenterConfig,
  path: string,
  findings: Findings,
  isShared: boolean,
): Hosts | undefined {
  const rest = parseBaseUrl(config.rest_url, config.allow_insecure_http, isShared);
  const analytics = parseBaseUrl(config.analytics_url, config.allow_insecure_http, isShared);
  reportFault(rest, `${path}/rest_url`, findings);
  reportFault(analytics, `${path}/analytics_url`, findings);
  const headers = parseHeaders(config.headers, `${path}/headers`, findings);
  if (rest.kind === 'fault' || analytics.kind === 'fault') return undefined;
  return { region: 'custom', restUrl: rest.url, analyticsUrl: analytics.url, headers };
}

function reportFault(parsed: BaseUrl, path: string, findings: Findings): void {
  if (parsed.kind === 'fault') addFault(findings, path, parsed.message);
}
