import { describe, expect, test } from 'vitest';
import { itemId, listed, NOBODY } from '../../support/sandbox/activity.ts';
import { at, idOf } from '../../support/sandbox/client.ts';
import { idsOf, seedPipeline } from '../../support/sandbox/pipeline.ts';
import { withSandbox } from '../../support/sandboxes.ts';

const ANN = { userId: 'u1', type: 'organizer' };
const NEW = { externalId: 'm2', title: 'Review', participants: [ANN] };

describe('create', () => {
  test('POST answers the meeting with the accounts of its participants', () =>
    withSandbox({}, async (api, sandbox) => {
      seedPipeline(sandbox);
      const { account, admin } = idsOf(sandbox);
      const reply = await api.post('/meetings', {
        ...NEW,
        participants: [
          { ...ANN, responseStatus: 'accepted' },
          { vitallyUserId: admin, type: 'attendee' },
          { email: 'guest@elsewhere.test', type: 'attendee' },
        ],
        startDateTime: '2026-01-02T09:00:00Z',
        endDateTime: '2026-01-02T10:00:00Z',
        keyPoints: ['one', 'two'],
        source: 'warehouse',
        traits: { mood: 'good' },
      });
      expect(reply.status).toBe(200);
      expect(reply.body).toMatchObject({
        externalId: 'm2',
        title: 'Review',
        description: null,
        startDate: '2026-01-02',
        endDate: '2026-01-02',
        keyPoints: ['one', 'two'],
        source: 'warehouse',
        traits: { mood: 'good' },
        archivedAt: null,
        accounts: [{ id: account, externalId: 'a1' }],
        organizations: [],
        participants: [
          { userId: 'u1', vitallyUserId: null, email: null, type: 'organizer', responseStatus: 'accepted' },
          { vitallyUserId: admin, type: 'attendee', responseStatus: 'needsAction' },
          { email: 'guest@elsewhere.test' },
        ],
      });
      for (const id of ['m2', idOf(reply)])
        expect((await api.get(`/meetings/${id}`)).body).toEqual(reply.body);
    }));

  test.each([
    { change: { externalId: undefined }, error: 'externalId is required' },
    { change: { title: '' }, error: 'title is required' },
    { change: { participants: undefined }, error: 'participants is required' },
    { change: { participants: 'u1' }, error: 'participants must be an array of objects' },
    { change: { participants: ['u1'] }, error: 'participants must be an array of objects' },
    {
      change: { participants: [] },
      error: 'at least one participant must belong to an account or organization',
    },
    {
      change: { participants: [{ email: 'guest@elsewhere.test', type: 'attendee' }] },
      error: 'at least one participant must belong to an account or organization',
    },
    {
      change: { participants: [{ userId: 'nobody', type: 'attendee' }] },
      error: 'userId is not the externalId of a user',
    },
    {
      change: { participants: [{ vitallyUserId: NOBODY, type: 'attendee' }] },
      error: 'vitallyUserId is not the id of an admin',
    },
    { change: { participants: [{ userId: 'u1' }] }, error: 'type is required' },
    {
      change: { participants: [{ userId: 'u1', type: 'guest' }] },
      error: 'type must be one of organizer, attendee',
    },
    {
      change: { participants: [{ ...ANN, responseStatus: 'maybe' }] },
      error: 'responseStatus must be one of needsAction, accepted, tentative, declined',
    },
    {
      change: { participants: [{ ...ANN, email: 'ann@acme.test' }] },
      error: 'exactly one of userId, vitallyUserId, email is required',
    },
    {
      change: { participants: [{ type: 'attendee' }] },
      error: 'exactly one of userId, vitallyUserId, email is required',
    },
    { change: { startDateTime: 'nine' }, error: 'startDateTime must be an ISO 8601 date' },
    { change: { keyPoints: 'one' }, error: 'keyPoints must be an array of strings' },
  ])('is refused: $error', ({ change, error }) =>
    withSandbox({}, async (api, sandbox) => {
      seedPipeline(sandbox);
      const reply = await api.post('/meetings', { ...NEW, ...change });
      expect([reply.status, reply.body]).toEqual([400, { error }]);
      expect(sandbox.items('meetings').size).toBe(1);
    }),
  );

  test("a participant's Vitally id is not a userId, but an e-mail of a user counts", () =>
    withSandbox({}, async (api, sandbox) => {
      seedPipeline(sandbox);
      const id = at(sandbox.users.byExternalId('u1'), 'id');
      const byId = { ...NEW, participants: [{ userId: id, type: 'attendee' }] };
      expect((await api.post('/meetings', byId)).status).toBe(400);
      const byEmail = { ...NEW, participants: [{ email: 'ANN@acme.test', type: 'attendee' }] };
      expect((await api.post('/meetings', byEmail)).body).toMatchObject({ accounts: [{ externalId: 'a1' }] });
    }));

  test('POST of an externalId that is there changes that meeting', () =>
    withSandbox({}, async (api, sandbox) => {
      seedPipeline(sandbox);
      const { meeting } = idsOf(sandbox);
      const reply = await api.post('/meetings', { ...NEW, externalId: 'm1' });
      expect(reply.body).toMatchObject({
        id: meeting,
        title: 'Review',
        participants: [{ type: 'organizer' }],
      });
      expect(sandbox.items('meetings').size).toBe(1);
    }));
});

describe('change', () => {
  test('PUT leaves participants and source', () =>
    withSandbox({}, async (api, sandbox) => {
      seedPipeline(sandbox);
      const reply = await api.put('/meetings/m1', {
        summary: 'Went well',
        participants: [],
        source: 'x',
        traits: { a: 1 },
      });
      expect(reply.body).toMatchObject({
        title: 'Kick-off',
        summary: 'Went well',
        source: null,
        traits: { a: 1 },
      });
      expect(at(reply.body, 'participants', 0)).toMatchObject({ userId: 'u1', type: 'attendee' });
    }));

  test('DELETE archives: still readable, out of lists, refused by PUT, back after a POST', () =>
    withSandbox({ now: () => 0 }, async (api, sandbox) => {
      seedPipeline(sandbox);
      const reply = await api.delete('/meetings/m1');
      expect([reply.status, reply.text]).toEqual([204, '']);
      expect((await api.get('/meetings/m1')).body).toMatchObject({ archivedAt: '1970-01-01T00:00:00.000Z' });
      expect(listed((await api.get('/meetings')).body)).toEqual([]);
      expect(listed((await api.get('/meetings?archived=true')).body)).toEqual(['m1']);
      expect(at(sandbox.snapshot(), 'meetings', 'm1', 'archived')).toBe(true);
      const refused = [
        await api.put('/meetings/m1', { title: 'x' }),
        await api.post('/meetings/m1/participants', ANN),
        await api.post('/meetings/m1/transcript', { transcript: [] }),
      ];
      for (const { status, body } of refused)
        expect([status, body]).toEqual([400, { error: 'Meeting is archived' }]);
      expect((await api.post('/meetings', { ...NEW, externalId: 'm1' })).body).toMatchObject({
        archivedAt: null,
      });
    }));

  test.each([
    { path: '/accounts/a1/meetings', found: ['m2', 'm1'] },
    { path: '/organizations/o1/meetings', found: ['m3'] },
    { path: '/accounts/a2/meetings', found: [] },
  ])('GET $path lists $found', ({ path, found }) =>
    withSandbox({}, async (api, sandbox) => {
      seedPipeline(sandbox);
      sandbox.seed('accounts', [{ externalId: 'a2', name: 'Two' }]);
      sandbox.seed('users', [{ externalId: 'u2', organizationIds: ['o1'] }]);
      sandbox.seed('meetings', [
        NEW,
        { ...NEW, externalId: 'm3', participants: [{ userId: 'u2', type: 'attendee' }] },
      ]);
      expect(listed((await api.get(path)).body)).toEqual(found);
    }),
  );
});

describe('participants', () => {
  test('are added, once each, and taken away', () =>
    withSandbox({}, async (api, sandbox) => {
      seedPipeline(sandbox);
      const guest = { email: 'guest@elsewhere.test', type: 'attendee' };
      const added = await api.post('/meetings/m1/participants', guest);
      expect(added.body).toMatchObject({ ...guest, responseStatus: 'needsAction' });
      const again = await api.post('/meetings/m1/participants', { ...guest, responseStatus: 'declined' });
      expect(again.body).toMatchObject({ id: idOf(added), responseStatus: 'declined' });
      expect(at((await api.get('/meetings/m1')).body, 'participants', 'length')).toBe(2);
      const path = `/meetings/${itemId(sandbox, 'meetings', 'm1')}/participants/${idOf(added)}`;
      expect((await api.delete(path)).status).toBe(204);
      expect((await api.delete(path)).body).toEqual({ error: 'Participant not found' });
      expect(at((await api.get('/meetings/m1')).body, 'participants')).toMatchObject([{ userId: 'u1' }]);
    }));

  test.each([
    { body: { type: 'attendee' }, status: 400 },
    { body: { userId: 'u1', email: 'a@b.test', type: 'attendee' }, status: 400 },
    { body: { userId: 'u1' }, status: 400 },
    { body: ANN, status: 200 },
  ])('POST $body: $status', ({ body, status }) =>
    withSandbox({}, async (api, sandbox) => {
      seedPipeline(sandbox);
      expect((await api.post('/meetings/m1/participants', body)).status).toBe(status);
    }),
  );
});

test.each([
  '/meetings/nobody',
  '/meetings/nobody/transcript',
  `/meetingTranscripts/${NOBODY}`,
  '/meetings/m1/notes',
])('GET %s is 404', (path) =>
  withSandbox({}, async (api, sandbox) => {
    seedPipeline(sandbox);
    expect((await api.get(path)).status).toBe(404);
  }),
);
