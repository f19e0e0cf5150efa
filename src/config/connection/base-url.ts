import { isLoopback } from '../../net/loopback.ts';
import { refusedAddress } from '../../net/refused-address.ts';

/** What follows the base in every address; people paste it along. */
const API_PATHS = ['/resources', '/analytics/v1'];

export type BaseUrl =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'fault'; readonly message: string };

/**
 * A base address as the clients take it: no trailing slash, no API path at its end; a path prefix stays.
 *
 * @param allowInsecureHttp plain http to other machines too; to this one it is always allowed
 * @param isShared see `refusedAddress`
 * @example parseBaseUrl('https://proxy.example.com/vitally/resources/', false) // …/vitally
 */
export function parseBaseUrl(text: string, allowInsecureHttp: boolean, isShared = false): BaseUrl {
  const url = URL.parse(text.trim());
  if (url === null) return fault('must be an address such as https://host or https://host/prefix');
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return fault('must begin with https:// (or http://)');
  if (url.username !== '' || url.password !== '') {
    return fault('must not hold a user or password; tokens go into rest_api_token and analytics_api_token');
  }
  const refused = refusedAddress(url.hostname, isShared);
  if (refused !== undefined) return fault(`must not be ${refused}, to which no request goes`);
  if (url.search !== '' || url.hash !== '') return fault('must end before the ? or #');
  if (url.protocol === 'http:' && !allowInsecureHttp && !isLoopback(url.hostname)) {
    return fault(
      'must begin with https://: over http anyone on the way can read tokens and rows. ' +
        'If that is meant, set "allow_insecure_http": true beside it',
    );
  }
  return { kind: 'url', url: url.origin + withoutApiPath(url.pathname) };
}

function withoutApiPath(pathname: string): string {
  const path = withoutTrailingSlashes(pathname);
  const apiPath = API_PATHS.find((suffix) => path.endsWith(suffix));
  return apiPath === undefined ? path : withoutTrailingSlashes(path.slice(0, -apiPath.length));
}

function withoutTrailingSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end--;
  return path.slice(0, end);
}

function fault(message: string): BaseUrl {
  return { kind: 'fault', message };
}
