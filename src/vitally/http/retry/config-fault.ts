import { ConfigError } from '../../../errors/config-error.ts';
import { timeInWords } from '../../../errors/times.ts';
import { AddressRefused } from '../../../net/guarded-lookup.ts';
import { describe, type Exchange, isTlsCode } from '../exchange.ts';
import { isForeignForbidden } from '../interpret.ts';
import type { ProxyAddress } from '../way/proxy-variables.ts';

export type Api = 'rest' | 'analytics';

/** What {@link configFault} needs besides the result of the attempt. */
export interface ConfigFaultContext {
  readonly api: Api;
  readonly host: string;
  /** The proxy that may be on the way. */
  readonly proxy?: ProxyAddress | undefined;
  /** A firewall's 403 is an answer to the one request rather than a fault of the config. */
  readonly firewalls?: 'answer';
  /** Vitally has answered this client before: so the address is right, and what fails now may pass. */
  readonly answeredBefore: boolean;
  /** Attempts made of this request, the judged one included. */
  readonly attempts: number;
  /** When an answer last showed that the token is taken, milliseconds since the epoch; `undefined` before any did. */
  readonly tokenTakenAtMs?: number | undefined;
  /** Method and path without ids, for the technical part of the message. */
  readonly request?: string;
}

/** A host name is looked up this often before the config counts as wrong. */
export const MAX_UNKNOWN_HOST_ATTEMPTS = 3;

export const API_NAMES = { rest: 'REST API', analytics: 'Analytics API' };
const TOKEN_FIELDS = { rest: 'rest_api_token', analytics: 'analytics_api_token' };
const TOKEN_PLACES = {
  rest: 'Settings > Integrations > Vitally REST API',
  analytics: 'Settings > Integrations > Vitally Analytics API',
};
const OTHER_TOKENS = { rest: 'Analytics token', analytics: 'REST token' };

/**
 * The fault of the config that an attempt's result shows: a refused token, a missing right, an address where Vitally
 * isn't. `undefined` where the config is not at fault. The message holds neither the server's words nor the token.
 */
export function configFault(result: Exchange, context: ConfigFaultContext): ConfigError | undefined {
  const error = faultOf(result, context);
  if (error === undefined) return undefined;
  const { request = 'a request', host, attempts } = context;
  return new ConfigError(error.message, {
    faults: error.faults,
    cause: error.cause,
    technical: `${request} at ${host}: ${describe(result)}; try ${attempts}`,
  });
}

function faultOf(result: Exchange, context: ConfigFaultContext): ConfigError | undefined {
  if (result.kind === 'failed')
    return addressError(result.code, result.cause, context) ?? pageError(result, context);
  switch (result.status) {
    case 401:
      return fault(tokenPath(context), unauthorized(context));
    case 403:
      if (context.firewalls === 'answer' && isForeignForbidden(403, result.body)) return undefined;
      return fault(tokenPath(context), forbidden(context));
    case 407:
      return proxyError(context);
    default:
      return !context.answeredBefore && result.status >= 300 && result.status < 400
        ? movedError(context)
        : undefined;
  }
}

function unauthorized({ api, host, tokenTakenAtMs }: ConfigFaultContext): string {
  if (tokenTakenAtMs !== undefined) {
    // The token was right a moment ago, so region, subdomain and field are right too.
    return (
      `Vitally's ${API_NAMES[api]} at ${host} refuses the token (401) that it took until ${timeInWords(tokenTakenAtMs)}: ` +
      `the token was revoked or replaced during the run. Put the token now shown under ${TOKEN_PLACES[api]} into ` +
      `${TOKEN_FIELDS[api]} and run the sync again.`
    );
  }
  return (
    `Vitally's ${API_NAMES[api]} at ${host} refused the token (401). Check that it is the one shown under ` +
    `${TOKEN_PLACES[api]} and not the ${OTHER_TOKENS[api]}, that it has not been revoked or rolled, and that ` +
    'data_center names the region and subdomain it was made in.'
  );
}

function forbidden({ api, host, tokenTakenAtMs }: ConfigFaultContext): string {
  const until = tokenTakenAtMs === undefined ? '' : ` Until ${timeInWords(tokenTakenAtMs)} it was allowed.`;
  return (
    `Vitally's ${API_NAMES[api]} at ${host} forbids this (403): the token lacks the right, or the ${API_NAMES[api]} ` +
    `is switched off in this workspace.${until} See ${TOKEN_PLACES[api]}, or ask Vitally's support to switch it on.`
  );
}

function addressError(code: string, cause: unknown, context: ConfigFaultContext): ConfigError | undefined {
  if (/\b407\b/.test(cause instanceof Error ? cause.message : '')) return proxyError(context);
  if (cause instanceof AddressRefused) return refusedHost(cause, context);
  if (context.answeredBefore) return undefined;
  const { host } = context;
  if (context.attempts >= MAX_UNKNOWN_HOST_ATTEMPTS) {
    const unreachable = unreachableProxy(code, cause, context);
    if (unreachable !== undefined) return unreachable;
    if (code === 'ENOTFOUND') return unknownHost(context);
  }
  if (!isTlsCode(code)) return undefined;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return fault(
      '/data_center',
      `The certificate of ${host} is made out to another name. The subdomain, the region or the URL is probably wrong.`,
    );
  }
  return fault(
    '/data_center',
    `No trusted TLS connection to ${host} (${code}). If a proxy of your company inspects TLS, name its certificate in NODE_EXTRA_CA_CERTS; otherwise check the URL and its port.`,
  );
}

/**
 * A proxy that was never reached is a wrong one (Contract 1). The message names its variable and not its value, which
 * may hold a password.
 */
function unreachableProxy(
  code: string,
  cause: unknown,
  { host, proxy }: ConfigFaultContext,
): ConfigError | undefined {
  if (proxy === undefined || !isAbout(cause, new URL(proxy.url))) return undefined;
  const what = code === 'ENOTFOUND' ? 'its host is unknown' : `it cannot be connected to (${code})`;
  return fault(
    '',
    `The proxy on the way to ${host} is wrong or down: ${what}. Check the environment variable ${proxy.variable}, or name ${host} in NO_PROXY.`,
  );
}

/** Whether a failed connection was one to this address. */
function isAbout(cause: unknown, { hostname, port, protocol }: URL): boolean {
  if (!(cause instanceof Error)) return false;
  if ('hostname' in cause) return cause.hostname === hostname;
  const proxyPort = Number(port || (protocol === 'https:' ? 443 : 80));
  const parts = cause instanceof AggregateError ? cause.errors : [cause];
  if (parts.some((part) => part instanceof Error && 'port' in part && part.port === proxyPort)) return true;
  return cause.message.includes(hostname.replaceAll(/[[\]]/g, ''));
}

function unknownHost({ host }: ConfigFaultContext): ConfigError {
  const hint = 'The subdomain is the first part of the address at which you log in to Vitally.';
  return fault('/data_center', `The host ${host} is unknown: subdomain or region is probably wrong. ${hint}`);
}

/** A host that gets such an address in the middle of a run is no more trusted than one that has it at the start. */
function refusedHost({ what }: AddressRefused, { host }: ConfigFaultContext): ConfigError {
  return fault(
    '/data_center',
    `The host ${host} has ${what}, to which no request goes: none was sent. Check region, subdomain and URL, and who answers for the name in DNS.`,
  );
}

function pageError(
  result: Exchange & { kind: 'failed' },
  context: ConfigFaultContext,
): ConfigError | undefined {
  const isPage = /\bhtml\b/i.test(String(result.headers['content-type'] ?? ''));
  if (
    context.answeredBefore ||
    result.code !== 'NOT_JSON' ||
    !isPage ||
    context.attempts < MAX_UNKNOWN_HOST_ATTEMPTS
  )
    return undefined;
  return fault(
    '/data_center',
    `${context.host} answers with a web page, not with Vitally's ${API_NAMES[context.api]}. Check region, subdomain and URL.`,
  );
}

function movedError(context: ConfigFaultContext): ConfigError {
  return fault(
    '/data_center',
    `${context.host} sends requests elsewhere (a redirect): Vitally's ${API_NAMES[context.api]} isn't there. Check region, subdomain and URL.`,
  );
}

function proxyError({ host, proxy }: ConfigFaultContext): ConfigError {
  return fault(
    '',
    `The proxy on the way to ${host} wants a user and password (407). Put them into ${proxy?.variable ?? 'HTTPS_PROXY or HTTP_PROXY'}.`,
  );
}

function tokenPath({ api }: ConfigFaultContext): string {
  return `/${TOKEN_FIELDS[api]}`;
}

function fault(path: string, message: string): ConfigError {
  return new ConfigError(message, { faults: [{ path, message }] });
}
