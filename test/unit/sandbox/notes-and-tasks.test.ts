import { describe, expect, test } from 'vitest';
import { itemId, NOBODY, NOTE, seedWorkspace, TASK } from '../../support/sandbox/activity.ts';
import { at } from '../../support/sandbox/client.ts';
import { withSandbox } from '../../support/sandboxes.ts';

describe('fields of one kind alone', () => {
  test.each([
    { kind: 'notes', more: { note: undefined }, error: 'note is required' },
    { kind: 'notes', more: { noteDate: undefined }, error: 'noteDate is required' },
    { kind: 'notes', more: { noteDate: 'soon' }, error: 'noteDate must be an ISO 8601 date' },
    { kind: 'notes', more: { subject: 1 }, error: 'subject must be a string' },
    { kind: 'notes', more: { authorId: NOBODY }, error: 'authorId is not the id of an admin' },
    { kind: 'tasks', more: { name: '' }, error: 'name is required' },
    { kind: 'tasks', more: { dueDate: 'soon' }, error: 'dueDate must be an ISO 8601 date' },
    { kind: 'tasks', more: { completedAt: 5 }, error: 'completedAt must be a string' },
    { kind: 'tasks', more: { assignedToId: NOBODY }, error: 'assignedToId is not the id of an admin' },
    { kind: 'tasks', more: { completedById: NOBODY }, error: 'completedById is not the id of an admin' },
  ])('$kind with $more: $error', ({ kind, more, error }) =>
    withSandbox({}, async (api, sandbox) => {
      const { account } = seedWorkspace(sandbox);
      const base = { ...(kind === 'notes' ? NOTE : TASK), accountId: account };
      const refused = await api.post(`/${kind}`, { ...base, ...more });
      expect([refused.status, refused.body]).toEqual([400, { error }]);
    }),
  );

  test('of a note: a required one is not emptied', () =>
    withSandbox({}, async (api, sandbox) => {
      seedWorkspace(sandbox);
      sandbox.seed('notes', [{ ...NOTE, accountId: 'a1' }]);
      for (const name of ['note', 'noteDate'])
        for (const value of [null, ''])
          expect(await api.put(`/notes/${itemId(sandbox, 'notes')}`, { [name]: value })).toMatchObject({
            status: 400,
          });
    }));

  test('team members are shown as objects', () =>
    withSandbox({}, async (api, sandbox) => {
      const { account: accountId, admin } = seedWorkspace(sandbox);
      const ada = { id: admin, name: 'Ada', email: 'ada@vendor.test', licenseStatus: 'active' };
      const note = await api.post('/notes', { ...NOTE, accountId, subject: 'S', authorId: admin });
      expect(note.body).toMatchObject({ subject: 'S', author: ada, users: [], meetingDescription: null });
      const dates = { dueDate: '2026-04-01', completedAt: '2026-03-02T00:00:00Z' };
      const people = { assignedToId: admin, completedById: admin };
      const task = await api.post('/tasks', { ...TASK, accountId, ...dates, ...people });
      expect(task.body).toMatchObject({
        ...dates,
        assignedTo: ada,
        completedBy: ada,
        meetingId: null,
        createdById: null,
        projects: [],
      });
    }));

  test('seeds take external ids, e-mails and names', () =>
    withSandbox({}, async (_api, sandbox) => {
      const { account, admin } = seedWorkspace(sandbox);
      sandbox.seed('notes', [{ ...NOTE, accountId: 'a1', authorId: 'ada@vendor.test', categoryId: 'Call' }]);
      expect(sandbox.items('notes').all()).toMatchObject([
        { accountId: account, authorId: admin, categoryId: itemId(sandbox, 'noteCategories') },
      ]);
    }));
});

describe('POST of an externalId that is there', () => {
  test.each([
    { kind: 'notes', profile: [], status: 200, count: 1 },
    { kind: 'notes', profile: ['activity-post-duplicates'], status: 200, count: 2 },
    { kind: 'notes', profile: ['activity-post-refuses-duplicate'], status: 409, count: 1 },
    { kind: 'tasks', profile: [], status: 200, count: 1 },
    { kind: 'tasks', profile: ['activity-post-duplicates'], status: 200, count: 1 },
    { kind: 'tasks', profile: ['activity-post-refuses-duplicate'], status: 409, count: 1 },
  ])('$kind with $profile: $status, $count in all', ({ kind, profile, status, count }) =>
    withSandbox({ profile }, async (api, sandbox) => {
      const { account } = seedWorkspace(sandbox);
      const body = { ...(kind === 'notes' ? NOTE : TASK), accountId: account };
      await api.post(`/${kind}`, body);
      expect((await api.post(`/${kind}`, body)).status).toBe(status);
      expect(sandbox.items(kind).size).toBe(count);
      expect(Object.keys(Object(at(sandbox.snapshot(), kind)))).toHaveLength(count);
    }),
  );

  test('without an externalId each POST makes one', () =>
    withSandbox({}, async (api, sandbox) => {
      const { account } = seedWorkspace(sandbox);
      for (const externalId of [undefined, null])
        await api.post('/notes', { ...NOTE, externalId, accountId: account });
      expect(sandbox.items('notes').all()).toMatchObject([{ externalId: null }, { externalId: null }]);
    }));
});
