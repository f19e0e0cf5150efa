import { expect, test } from 'vitest';
import { type AllAddresses, guardedLookup } from '../../../src/net/guarded-lookup.ts';

function has(...addresses: readonly string[]): AllAddresses {
  return (_, __, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
}

/** What `net.connect` would be given; nothing is connected to. */
function looked(addressesOf: AllAddresses, all: boolean, isShared = false): Promise<unknown> {
  return new Promise((resolve) => {
    guardedLookup(isShared, addressesOf)('vitally.test', { all }, (error, address) =>
      resolve(error ?? address),
    );
  });
}

test.each([
  [['169.254.169.254']],
  [['169.254.170.2']],
  [['::ffff:169.254.169.254']],
  [['8.8.8.8', 'fd00:ec2::254']],
  [['100.100.100.200', '8.8.8.8']],
])('a host that has %j is refused, one address or all asked for', async (addresses) => {
  for (const all of [true, false])
    expect(await looked(has(...addresses), all)).toMatchObject({
      code: 'ADDRESS_REFUSED',
      what: 'a metadata service',
    });
});

test('another host is given as the resolver has it', async () => {
  expect(await looked(has('8.8.8.8', '2606:4700::1111'), true)).toEqual([
    { address: '8.8.8.8', family: 4 },
    { address: '2606:4700::1111', family: 6 },
  ]);
  expect(await looked(has('8.8.8.8', '2606:4700::1111'), false)).toBe('8.8.8.8');
});

test('on a shared platform a private address is refused too', async () => {
  expect(await looked(has('10.0.0.1'), true, true)).toMatchObject({ what: 'a private address' });
});

test("the resolver's own error goes through", async () => {
  const unknown = Object.assign(new Error('no such host'), { code: 'ENOTFOUND' });
  expect(await looked((_, __, done) => done(unknown, []), true)).toBe(unknown);
});
