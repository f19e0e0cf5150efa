import { ConfigError, type Fault } from '../../../errors/config-error.ts';

/** The process's environment; its proxy variables are read in upper and lower case. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A proxy as the environment names it. */
export interface ProxyAddress {
  /** With a scheme. It may hold a user and a password, so it is never shown. */
  readonly url: string;
  /** The variable that names it, in the case of the environment. */
  readonly variable: string;
}

export interface Proxies {
  readonly http: ProxyAddress | undefined;
  readonly https: ProxyAddress | undefined;
  readonly noProxy: string;
}

/**
 * What `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` say; the lower-case spelling wins, as in other programs. An address
 * may lack its scheme (`host:port`), as curl takes it.
 *
 * @throws ConfigError with every variable that holds no address, without its value
 */
export function readProxies(environment: Environment): Proxies {
  const faults: Fault[] = [];
  const read = (name: string): ProxyAddress | undefined => {
    const [variable, value] = variableOf(environment, name);
    if (value === '') return undefined;
    const url = addressOf(value);
    if (url === undefined) faults.push({ path: '', message: faultOf(variable) });
    return url === undefined ? undefined : { url, variable };
  };
  const proxies: Proxies = {
    http: read('http_proxy'),
    https: read('https_proxy'),
    noProxy: variableOf(environment, 'no_proxy')[1],
  };
  if (faults.length > 0) throw ConfigError.of(faults);
  return proxies;
}

function variableOf(environment: Environment, name: string): readonly [string, string] {
  const lower = environment[name];
  const upper = name.toUpperCase();
  return lower === undefined ? [upper, (environment[upper] ?? '').trim()] : [name, lower.trim()];
}

function addressOf(text: string): string | undefined {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  if (url === null || url.hostname === '') return undefined;
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  try {
    decodeURIComponent(url.username + url.password);
  } catch {
    return undefined;
  }
  return url.href;
}

function faultOf(variable: string): string {
  return (
    `The environment variable ${variable} holds no address of a proxy. Write it as http://host:port or host:port ` +
    '(user and password percent-encoded, no socks), or take it away.'
  );
}
