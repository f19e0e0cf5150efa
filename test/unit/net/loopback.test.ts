import { expect, test } from 'vitest';
import { isLoopback } from '../../../src/net/loopback.ts';

test.each([
  ['localhost', true],
  ['sandbox.localhost', false],
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['[::1]', true],
  ['127.0.0.1.example.test', false],
  ['localhost.example.test', false],
  ['acme.rest.vitally.io', false],
  ['10.0.0.1', false],
  ['128.0.0.1', false],
  ['notlocalhost', false],
])('isLoopback(%s): %s', (hostname, expected) => {
  expect(isLoopback(hostname)).toBe(expected);
});
