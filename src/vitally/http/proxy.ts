import { type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';
import { isLoopback } from '../../net/loopback.ts';
import { type Environment, type ProxyAddress, readProxies } from './proxy-variables.ts';

const CONNECT_TIMEOUT_MS = 10_000;
/** Below the 5 s after which many servers close an idle connection: a request sent into that moment is lost. */
const KEEP_ALIVE_TIMEOUT_MS = 4_000;

/**
 * Verified always, whatever `NODE_TLS_REJECT_UNAUTHORIZED` or `NODE_OPTIONS` say: tokens and rows go this way
 * (Contract 10). Certificates that `NODE_EXTRA_CA_CERTS` names are trusted.
 */
const VERIFIED = { rejectUnauthorized: true, minVersion: 'TLSv1.2' } as const;

/** The way to one host. */
export interface Way {
  readonly dispatcher: Dispatcher;
  /** The proxy that may be on it: `NO_PROXY` can still say otherwise. */
  readonly proxy: ProxyAddress | undefined;
}

/**
 * The way to one host: a pool of connections, or the proxy that `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` name.
 * A loopback address is never asked for through a proxy.
 *
 * @param plainHttp what a proxy gets of requests over plain http: `forwarded`, all of them, as is usual; `tunnelled`,
 *   the host alone, so that no header is sent to it
 * @throws ConfigError where one of the variables holds no address
 */
export function createWay(
  baseUrl: URL,
  environment: Environment,
  connections: number,
  plainHttp: 'forwarded' | 'tunnelled' = 'forwarded',
): Way {
  const options = {
    connections,
    // One request a connection: a lost connection then makes one request doubtful, not several.
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    connect: { timeout: CONNECT_TIMEOUT_MS, ...VERIFIED },
  };
  const { http, https, noProxy } = readProxies(environment);
  if (isLoopback(baseUrl.hostname) || (http === undefined && https === undefined)) {
    return { dispatcher: new Pool(baseUrl.origin, options), proxy: undefined };
  }
  // Every value is given, an empty one too: what is left out undici would read from the process by itself.
  const dispatcher = new EnvHttpProxyAgent({
    ...options,
    httpProxy: http?.url ?? '',
    httpsProxy: https?.url ?? '',
    noProxy,
    proxyTunnel: plainHttp === 'tunnelled',
    requestTls: VERIFIED,
    proxyTls: VERIFIED,
  });
  // Undici asks the proxy for http where none is named for https (EnvHttpProxyAgent, `httpsProxy`).
  return { dispatcher, proxy: baseUrl.protocol === 'https:' ? (https ?? http) : http };
}

export type { Environment } from './proxy-variables.ts';
