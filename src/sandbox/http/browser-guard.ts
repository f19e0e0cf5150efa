import type { IncomingMessage } from 'node:http';

/** They always lead to this machine, whatever name server is asked. */
const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Page and controls ask for no token, and a browser sends requests for whatever web site is open in it. So every path
 * refuses what names another host (a foreign name may be made to lead here) and what comes from another origin.
 */
export class BrowserGuard {
  readonly #names: ReadonlySet<string>;

  /** @param names hosts that are this sandbox besides loopback's: `--host` and `--allow-host` */
  constructor(names: readonly string[]) {
    this.#names = new Set([...LOOPBACK_NAMES, ...names.map(bracketed).map(plainName)]);
  }

  isForeign({ headers, method }: IncomingMessage): boolean {
    const { host = '', origin } = headers;
    if (!this.#names.has(plainName(host.replace(/:\d*$/, '')))) return true;
    if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) return true;
    const site = headers['sec-fetch-site'];
    if (site === undefined || site === 'same-origin' || site === 'none') return false;
    // A link on another site may lead to the page. Nothing else there may ask for anything.
    return method !== 'GET' || headers['sec-fetch-mode'] !== 'navigate';
  }
}

/** Names differ neither by case nor by the dot that ends a full one. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** An address as a Host header has it: with brackets where it is of version 6. */
export function bracketed(address: string): string {
  return address.includes(':') && !address.startsWith('[') ? `[${address}]` : address;
}
