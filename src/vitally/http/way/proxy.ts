import { type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';
import { type AllAddresses, guardedLookup } from '../../../net/guarded-lookup.ts';
import { isLoopback } from '../../../net/loopback.ts';
import { isSharedPlatform } from '../../../net/refused-address.ts';
import { type Environment, type ProxyAddress, readProxies } from './proxy-variables.ts';

const CONNECT_TIMEOUT_MS = 10_000;
/** Many servers close an idle connection after 5 s, and a request sent right then is lost: we close it before. */
const KEEP_ALIVE_TIMEOUT_MS = 4_000;

/**
 * Tokens and rows go through this connection, so its TLS is always verified, whatever `NODE_TLS_REJECT_UNAUTHORIZED`
 * and `NODE_OPTIONS` say (Contract 10). Certificates that `NODE_EXTRA_CA_CERTS` names are trusted.
 */
const VERIFIED = { rejectUnauthorized: true, minVersion: 'TLSv1.2' } as const;

/** The connections to one host. */
export interface Way {
  readonly dispatcher: Dispatcher;
  /** The proxy between, unless `NO_PROXY` excludes the host. */
  readonly proxy: ProxyAddress | undefined;
}

export interface WayOptions {
  /** The most connections at once. */
  readonly connections: number;
  /**
   * What a proxy gets of requests over plain http: `forwarded`, all of them, as is usual (default); `tunnelled`, the
   * host alone, so that no header is sent to it.
   */
  readonly plainHttp?: 'forwarded' | 'tunnelled';
  /** The longest that a request may take: its connection is waited for no longer. */
  readonly requestTimeoutMs: number;
  /** Default: the machine's resolver. */
  readonly addressesOf?: AllAddresses | undefined;
}

/**
 * The connections to one host: direct, or through the proxy that `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` name.
 * Requests to a loopback address never go through a proxy.
 *
 * Requests that go without a proxy reach no address that is refused; a proxy looks hosts up by itself.
 *
 * @throws ConfigError where one of the variables holds no address
 */
export function createWay(
  baseUrl: URL,
  environment: Environment,
  { connections, plainHttp = 'forwarded', requestTimeoutMs, addressesOf }: WayOptions,
): Way {
  const options = {
    connections,
    // A lost connection makes every request on it doubtful, so a connection carries one at a time.
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    // Undici gives a proxy's own address to another connector, which has no such look-up.
    connect: {
      // Undici waits for a connection although its request was given up.
      timeout: Math.min(CONNECT_TIMEOUT_MS, requestTimeoutMs),
      lookup: guardedLookup(isSharedPlatform(environment), addressesOf),
      ...VERIFIED,
    },
  };
  const { http, https, noProxy } = readProxies(environment);
  if (isLoopback(baseUrl.hostname) || (http === undefined && https === undefined)) {
    return { dispatcher: new Pool(baseUrl.origin, options), proxy: undefined };
  }
  // Undici reads a value that is left out from the process by itself, so every value is given, empty ones too.
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
