import { type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';

/** The process's environment, of which the proxy variables are read in either case. */
export type Environment = Readonly<Record<string, string | undefined>>;

const CONNECT_TIMEOUT_MS = 10_000;
/** Below the 5 s after which many servers close an idle connection: a request sent into that moment is lost. */
const KEEP_ALIVE_TIMEOUT_MS = 4_000;

/**
 * The way to one host: a pool of connections, or the proxy that `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` name.
 * A loopback address is never asked for through a proxy.
 */
export function createDispatcher(baseUrl: URL, environment: Environment, connections: number): Dispatcher {
  const options = {
    connections,
    // One request a connection: a lost connection then makes one request doubtful, not several.
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    connect: { timeout: CONNECT_TIMEOUT_MS },
  };
  const httpProxy = variable(environment, 'http_proxy');
  const httpsProxy = variable(environment, 'https_proxy');
  if (isLoopback(baseUrl.hostname) || (httpProxy === '' && httpsProxy === '')) {
    return new Pool(baseUrl.origin, options);
  }
  // Every value is given, an empty one too: what is left out undici would read from the process by itself.
  return new EnvHttpProxyAgent({
    ...options,
    httpProxy,
    httpsProxy,
    noProxy: variable(environment, 'no_proxy'),
  });
}

/** Whether a URL's host is this machine. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}

function variable(environment: Environment, name: string): string {
  return environment[name] ?? environment[name.toUpperCase()] ?? '';
}
