import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { refusedAddress } from './refused-address.ts';

/** Asks for all addresses of a host, as `dns.lookup` with `all`. */
export type AllAddresses = (
  hostname: string,
  options: LookupOptions & { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** A host has an address to which no request may go. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
  readonly code = 'ADDRESS_REFUSED';
  /** What the address is, such as "a metadata service". */
  readonly what: string;

  constructor(what: string) {
    super(`the host has ${what}`);
    this.what = what;
  }
}

/**
 * A look-up of hosts for `net.connect` that refuses a host with an address to which no request may go. It judges what
 * is connected to, so a name that has another address at each look-up gains nothing by it.
 *
 * @param isShared see `refusedAddress`
 * @param addressesOf default: the machine's resolver
 */
export function guardedLookup(isShared: boolean, addressesOf: AllAddresses = lookup): LookupFunction {
  return (hostname, options, done) => {
    addressesOf(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, '', 0);
      const what = addresses.map(({ address }) => refusedAddress(address, isShared)).find(isDefined);
      if (what !== undefined) return done(new AddressRefused(what), '', 0);
      if (options.all === true) return done(null, addresses);
      const [first] = addresses;
      return done(null, first?.address ?? '', first?.family ?? 0);
    });
  };
}

function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined;
}
