const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** Hosts of Vitally's own under vitally.io: not a customer's. */
const VITALLY_HOSTS: ReadonlySet<string> = new Set(['rest', 'api', 'www', 'docs']);
const API_LABELS: ReadonlySet<string> = new Set(['rest', 'api']);

const WHAT_TO_WRITE =
  'write the first part of the address of your Vitally login page: acme for https://acme.vitally.io';

export type Subdomain =
  | { readonly kind: 'subdomain'; readonly subdomain: string }
  | { readonly kind: 'fault'; readonly message: string };

/**
 * The subdomain in what a person pastes for it: the label itself, the login page's address, or a host of one of
 * the APIs, in any case.
 *
 * @example parseSubdomain('https://Acme.vitally.io/settings') // acme
 */
export function parseSubdomain(text: string): Subdomain {
  const host = hostIn(text);
  if (host === 'vitally-eu.io' || host.endsWith('.vitally-eu.io')) {
    return fault('is an address in the EU data center: set "region": "eu", which takes no subdomain');
  }
  const label = host.includes('.') ? labelIn(host) : host;
  if (label === undefined || !LABEL.test(label)) return fault(`is not understood; ${WHAT_TO_WRITE}`);
  if (VITALLY_HOSTS.has(label)) return fault(`is Vitally's own host, not your subdomain; ${WHAT_TO_WRITE}`);
  return { kind: 'subdomain', subdomain: label };
}

/** The host in an address with or without scheme, port and path. */
function hostIn(text: string): string {
  const address = text
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '');
  const [host = ''] = address.split(/[/:?#]/, 1);
  return host.endsWith('.') ? host.slice(0, -1) : host;
}

/** `acme` in `acme.vitally.io`, `acme.rest.vitally.io` and `acme.api.vitally.io`. */
function labelIn(host: string): string | undefined {
  const labels = host.split('.');
  if (labels.slice(-2).join('.') !== 'vitally.io') return undefined;
  const [label, api, ...rest] = labels.slice(0, -2);
  return rest.length === 0 && (api === undefined || API_LABELS.has(api)) ? label : undefined;
}

function fault(message: string): Subdomain {
  return { kind: 'fault', message };
}
