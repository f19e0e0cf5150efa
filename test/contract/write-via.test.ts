import { expect, test } from 'vitest';
import { record } from '../support/messages.ts';
import { seedPlaces } from '../support/objects/places.ts';
import { countsIn, sync } from '../support/objects/syncs.ts';
import { at } from '../support/sandbox/client.ts';
import { openSandbox } from '../support/sandboxes.ts';

/** Streams to one kind of object each, with a way of their own or the connection's. */
const STREAMS = [
  { stream: 'by_rest', object: 'account', write_via: 'rest' },
  { stream: 'by_analytics', object: 'user', write_via: 'analytics' },
  { stream: 'by_auto', object: 'organization', write_via: 'auto' },
  { stream: 'by_connection', object: 'custom_object:site' },
];
const ROWS = [
  record('by_rest', { id: 'a', name: 'A' }),
  record('by_analytics', { id: 'u', accountId: 'acme' }),
  record('by_auto', { id: 'o', name: 'O' }),
  record('by_connection', { id: 's', name: 'S', accountId: 'acme' }),
];

test.each([
  { connection: 'auto', via: 'analytics', outcome: 'accepted' },
  { connection: 'analytics', via: 'analytics', outcome: 'accepted' },
  { connection: 'rest', via: 'rest', outcome: 'created' },
])(
  "each stream goes its own way, else the connection's: $connection",
  async ({ connection, via, outcome }) => {
    const sandbox = await openSandbox();
    seedPlaces(sandbox);
    const wanted = { streams: STREAMS, rows: ROWS, more: { write_via: connection } };
    const program = await sync(sandbox, wanted);
    expect(program.code).toBe(0);
    expect(countsIn(program, wanted)).toEqual({
      by_rest: { received: 1, created: 1 },
      by_analytics: { received: 1, accepted: 1 },
      by_auto: { received: 1, accepted: 1 },
      by_connection: { received: 1, [outcome]: 1 },
    });
    const streams = at(program.summary, 'streams');
    const ways = Array.isArray(streams) ? streams.map((one) => at(one, 'via')) : streams;
    expect(ways).toEqual(['rest', 'analytics', 'analytics', via]);
  },
);

test('streams that cannot go the way that is asked for are told together, each at its place', async () => {
  const sandbox = await openSandbox();
  const program = await sync(sandbox, {
    streams: [
      { stream: 'notes', object: 'note', write_via: 'analytics' },
      { stream: 'events', object: 'event' },
      { stream: 'users', object: 'user', mode: 'update', write_via: 'analytics' },
    ],
    rows: [],
    more: { write_via: 'rest' },
  });
  expect(program.failure).toContain(
    '/streams/0/write_via: stream "notes": notes are written, which only the REST API',
  );
  expect(program.failure).toContain(
    '/write_via: stream "events": events are sent, which only the Analytics API',
  );
  expect(program.failure).toContain('/streams/2/write_via: stream "users": its mode is update');
  expect(sandbox.requests()).toEqual([]);
});
