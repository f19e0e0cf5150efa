import { expect, test } from 'vitest';
import { wasCreated } from '../../../../src/write/rest/was-created.ts';
import { ok } from '../../../support/scripted.ts';

const SENT_AT_MS = Date.UTC(2026, 0, 1, 12, 0, 0, 500);

test.each([
  { what: '201', status: 201, createdAt: '2020-01-01T00:00:00.000Z', created: true },
  { what: 'created after the request was sent', createdAt: '2026-01-01T12:00:00.600Z', created: true },
  { what: 'created in the millisecond of sending', createdAt: '2026-01-01T12:00:00.500Z', created: true },
  {
    what: 'created within what two clocks may differ by',
    createdAt: '2026-01-01T12:00:00.497Z',
    created: true,
  },
  { what: 'created before that', createdAt: '2026-01-01T12:00:00.496Z', created: false },
  { what: 'created long before', createdAt: '2020-01-01T00:00:00.000Z', created: false },
  { what: 'a time cut to the second', createdAt: '2026-01-01T12:00:00Z', created: true },
  { what: 'the second before', createdAt: '2026-01-01T11:59:59Z', created: false },
  { what: 'an offset', createdAt: '2026-01-01T13:00:00.700+01:00', created: true },
])('$what: $created', ({ status, createdAt, created }) => {
  const answer = { ...ok({ id: 'v', createdAt }, status), sentAtMs: SENT_AT_MS };
  expect(wasCreated(answer, !created)).toBe(created);
});

test.each([
  { body: undefined },
  { body: {} },
  { body: { createdAt: 'yesterday' } },
  { body: { createdAt: 5 } },
  { body: { createdAt: null } },
  { body: [] },
])('$body says nothing: the caller’s guess stands', ({ body }) => {
  for (const guess of [true, false]) expect(wasCreated(ok(body), guess)).toBe(guess);
});
