import type { IncomingHttpHeaders } from 'node:http';

const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost)(:\d+)?$/i;

/**
 * The page and the controls ask for no token. So this tells whether a browser may have sent the request for another web
 * site: across origins, or under a foreign host name that was made to lead here.
 */
export function isForeign(headers: IncomingHttpHeaders): boolean {
  return headers.origin !== undefined || !LOOPBACK_HOST.test(headers.host ?? '');
}
