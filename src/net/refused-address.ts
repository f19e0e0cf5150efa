import { BlockList, isIP } from 'node:net';

/** A range of addresses, with the words for it. */
interface Range {
  readonly list: BlockList;
  readonly what: string;
}

/**
 * Where no request ever goes (Contract 10): a token must not be handed to a machine's metadata service, nor may the
 * service's answer come back in a log.
 */
const REFUSED: readonly Range[] = [
  range('a metadata service', [
    '169.254.169.254',
    '169.254.170.2',
    '169.254.170.23',
    '100.100.100.200',
    'fd00:ec2::254',
  ]),
  range('an unspecified address', ['0.0.0.0/8', '::']),
  range('a multicast or broadcast address', ['224.0.0.0/4', '255.255.255.255', 'ff00::/8']),
];

/** Where no request goes on a platform that several customers share: its own machines and networks. */
const REFUSED_IN_CLOUD: readonly Range[] = [
  ...REFUSED,
  range('a loopback address', ['127.0.0.0/8', '::1']),
  range('a link-local address', ['169.254.0.0/16', 'fe80::/10']),
  range('a private address', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']),
  range('a shared address', ['100.64.0.0/10']),
];

/** Prefix under which a network's gateway reaches IPv4 addresses (RFC 6052, section 2.1). */
const NAT64 = /^64:ff9b::(?:([0-9a-f]{1,4}):)?([0-9a-f]{1,4})$/;

/** Whether the process runs on a platform that several customers share. Airbyte's cloud sets the variable. */
export function isSharedPlatform(env: Readonly<Record<string, string | undefined>>): boolean {
  return env.DEPLOYMENT_MODE?.trim().toUpperCase() === 'CLOUD';
}

/**
 * Why no request may go to an address, as what the address is; `undefined` where it may, and for what is no address.
 *
 * @param host an IP address, in brackets or without; IPv4 addresses within IPv6 ones are judged as themselves
 */
export function refusedAddress(host: string, isShared: boolean): string | undefined {
  const address = embedded(withoutZone(host.replace(/^\[|\]$/g, '').toLowerCase()));
  const version = isIP(address);
  if (version === 0) return undefined;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  return (isShared ? REFUSED_IN_CLOUD : REFUSED).find(({ list }) => list.check(address, family))?.what;
}

/** `fe80::1%eth0` is `fe80::1` on one interface. */
function withoutZone(address: string): string {
  return address.split('%', 1)[0] ?? address;
}

/** The IPv4 address that a NAT64 gateway makes of an IPv6 one. BlockList itself looks into IPv4-mapped ones. */
function embedded(address: string): string {
  const match = isIP(address) === 6 ? NAT64.exec(canonical(address)) : null;
  if (match === null) return address;
  const [high, low] = [Number.parseInt(match[1] ?? '0', 16), Number.parseInt(match[2] ?? '0', 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** The one spelling that WHATWG URLs give an IPv6 address. */
function canonical(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}

function range(what: string, addresses: readonly string[]): Range {
  const list = new BlockList();
  for (const each of addresses) {
    const [address = '', bits] = each.split('/');
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return { list, what };
}
