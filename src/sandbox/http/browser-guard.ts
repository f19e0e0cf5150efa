import type { IncomingHttpHeaders } from 'node:http';

const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost)(:\d+)?$/i;

/**
 * Whether a request to the page or the controls, which ask for no token, may come from a web site of somebody else's:
 * one that a browser sends across origins, or under a host name made to lead here.
 */
export function isForeign(headers: IncomingHttpHeaders): boolean {
  return headers.origin !== undefined || !LOOPBACK_HOST.test(headers.host ?? '');
}
