import { describe, expect, test } from 'vitest';
import { isSharedPlatform, refusedAddress } from '../../../src/net/refused-address.ts';

describe('an address to which no request goes', () => {
  test.each([
    ['169.254.169.254', 'a metadata service'],
    ['169.254.170.2', 'a metadata service'],
    ['169.254.170.23', 'a metadata service'],
    ['100.100.100.200', 'a metadata service'],
    ['fd00:ec2::254', 'a metadata service'],
    ['[FD00:EC2:0:0::254]', 'a metadata service'],
    ['[::ffff:a9fe:a9fe]', 'a metadata service'],
    ['::ffff:169.254.169.254', 'a metadata service'],
    ['0:0:0:0:0:ffff:6464:64c8', 'a metadata service'],
    ['64:ff9b::169.254.169.254', 'a metadata service'],
    ['0.0.0.0', 'an unspecified address'],
    ['0.1.2.3', 'an unspecified address'],
    ['::', 'an unspecified address'],
    ['::ffff:0.0.0.0', 'an unspecified address'],
    ['224.0.0.1', 'a multicast or broadcast address'],
    ['239.255.255.255', 'a multicast or broadcast address'],
    ['255.255.255.255', 'a multicast or broadcast address'],
    ['ff02::1%eth0', 'a multicast or broadcast address'],
  ])('%s: %s, on every platform', (address, what) => {
    expect(refusedAddress(address, false)).toBe(what);
    expect(refusedAddress(address, true)).toBe(what);
  });

  test.each([
    ['127.0.0.1', 'a loopback address'],
    ['127.255.0.1', 'a loopback address'],
    ['::1', 'a loopback address'],
    ['::ffff:127.0.0.1', 'a loopback address'],
    ['169.254.1.1', 'a link-local address'],
    ['fe80::1%eth0', 'a link-local address'],
    ['febf::1', 'a link-local address'],
    ['10.1.2.3', 'a private address'],
    ['172.16.0.1', 'a private address'],
    ['172.31.255.255', 'a private address'],
    ['192.168.1.1', 'a private address'],
    ['64:ff9b::192.168.1.1', 'a private address'],
    ['fc00::1', 'a private address'],
    ['fdff::1', 'a private address'],
    ['100.64.0.1', 'a shared address'],
    ['100.127.255.255', 'a shared address'],
  ])('%s: %s, on a shared platform alone', (address, what) => {
    expect(refusedAddress(address, false)).toBeUndefined();
    expect(refusedAddress(address, true)).toBe(what);
  });

  test.each([
    '8.8.8.8',
    '172.32.0.1',
    '100.128.0.1',
    '169.253.1.1',
    '2606:4700::1111',
    'fec0::1',
    'acme.rest.vitally.io',
    '',
  ])('%s is none', (host) => {
    expect(refusedAddress(host, true)).toBeUndefined();
  });
});

test.each([
  ['CLOUD', true],
  ['cloud', true],
  ['OSS', false],
  ['', false],
  [undefined, false],
])('DEPLOYMENT_MODE=%s is a shared platform: %s', (mode, expected) => {
  expect(isSharedPlatform({ DEPLOYMENT_MODE: mode })).toBe(expected);
});
