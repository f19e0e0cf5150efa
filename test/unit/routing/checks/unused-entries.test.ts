import { expect, test } from 'vitest';
import type { StreamEntry } from '../../../../src/config/stream-options.ts';
import { resolveRoutesOrFaults } from '../../../../src/routing/routes.ts';
import { type CatalogStream, catalogOf, entryOf, settingsOf } from '../../../support/routes.ts';

const key = [['id']];

function resolve(entries: readonly StreamEntry[], ...streams: readonly CatalogStream[]) {
  const keyed = streams.map((stream) => ({ key, ...stream }));
  return resolveRoutesOrFaults(settingsOf({ streams: entries }), catalogOf(...keyed));
}

test.each([
  {
    what: 'case',
    entry: { stream: 'customers', object: 'account' },
    stream: { name: 'Customers' },
    path: '/streams/0/stream',
    says: 'write "stream": "Customers"',
  },
  {
    what: 'case, of an object’s name',
    entry: { stream: 'ACCOUNTS', object: 'organization' },
    stream: { name: 'accounts' },
    path: '/streams/0/stream',
    says: 'write "stream": "accounts"',
  },
  {
    what: 'case, of a mapped stream',
    entry: { stream: 'customers', object: 'account' },
    stream: { name: 'Customers', key: [['externalId']], object: 'account' },
    path: '/streams/0/stream',
    says: 'write "stream": "Customers"',
  },
  {
    what: 'namespace',
    entry: { stream: 'customers', namespace: 'mart', object: 'account' },
    stream: { name: 'customers', namespace: 'public' },
    path: '/streams/0/namespace',
    says: 'write "namespace": "public"',
  },
  {
    what: 'a namespace that the stream has not',
    entry: { stream: 'customers', namespace: 'mart', object: 'account' },
    stream: { name: 'customers' },
    path: '/streams/0/namespace',
    says: 'leave "namespace" out',
  },
  {
    what: 'its name, where the stream’s own name would lead to the same object',
    entry: { stream: 'dim_customers', object: 'accounts', mode: 'update' },
    stream: { name: 'accounts' },
    path: '/streams/0/stream',
    says: 'by its name alone',
  },
] as const)('an entry that misses its stream by $what is one fault', ({ entry, stream, path, says }) => {
  const { faults, warnings } = resolve([entryOf(entry)], stream, { name: 'users' });
  expect(faults).toEqual([{ path, message: expect.stringContaining(says) }]);
  expect(warnings).toEqual([]);
});

test('entries for no stream of this connection are one warning together', () => {
  const entries = ['a', 'b', 'c'].map((stream) => entryOf({ stream, object: 'account' }));
  const { faults, warnings } = resolve(entries, { name: 'users' });
  expect(faults).toEqual([]);
  expect(warnings).toEqual([
    'the catalog has no stream for /streams/0 ("a"), /streams/1 ("b"), /streams/2 ("c"): not used',
  ]);
});

test('many of them are named up to a bound', () => {
  const entries = Array.from({ length: 300 }, (_, index) =>
    entryOf({ stream: `s${index}`, object: 'account' }),
  );
  expect(resolve(entries, { name: 'users' }).warnings).toEqual([expect.stringContaining('and 290 more')]);
});

test.each([
  { what: 'has an entry of its own', own: { stream: 'Customers', object: 'account' } },
  { what: 'is served by the wildcard', own: { stream: '*', object: 'account' } },
])('a stream that $what is not what another entry missed', ({ own }) => {
  const { faults, warnings, routes } = resolve(
    [entryOf({ stream: 'customers', object: 'account' }), entryOf(own)],
    { name: 'Customers' },
  );
  expect(faults).toEqual([]);
  expect(routes).toHaveLength(1);
  expect(warnings).toEqual([expect.stringContaining('/streams/0 ("customers")')]);
});
