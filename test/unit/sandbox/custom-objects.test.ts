import { describe, expect, test } from 'vitest';
import { NOBODY } from '../../support/sandbox/activity.ts';
import { at, idOf } from '../../support/sandbox/client.ts';
import { idsOf, seedPipeline } from '../../support/sandbox/pipeline.ts';
import { withSandbox } from '../../support/sandboxes.ts';

const NEW = { name: 'contract', label: 'Contract', writeMode: 'writable' };

describe('definitions', () => {
  test('are made, read, listed and changed', () =>
    withSandbox({}, async (api, sandbox) => {
      const made = await api.post('/customObjects', {
        ...NEW,
        customFields: [{ label: 'Seats', path: 'seats' }],
      });
      expect(made.body).toEqual({
        id: idOf(made),
        createdAt: expect.any(String),
        updatedAt: expect.any(String),
        ...NEW,
        customFields: [{ id: expect.any(String), label: 'Seats', path: 'seats' }],
        syncActive: false,
      });
      expect((await api.get(`/customObjects/${idOf(made)}`)).body).toEqual(made.body);
      expect((await api.get('/customObjects')).body).toEqual({
        results: [made.body],
        next: null,
        atEnd: true,
      });
      const changed = await api.put(`/customObjects/${idOf(made)}`, { label: 'Deal' });
      expect(changed.body).toMatchObject({ name: 'contract', label: 'Deal' });
      expect(at(sandbox.snapshot(), 'customObjects', 'contract', 'label')).toBe('Deal');
      sandbox.seed('customObjects', [{ ...NEW, name: 'taken' }]);
      expect((await api.put(`/customObjects/${idOf(made)}`, { name: 'contract' })).status).toBe(200);
      expect((await api.put(`/customObjects/${idOf(made)}`, { name: 'taken' })).status).toBe(400);
    }));

  test.each([
    { change: { name: undefined }, error: 'name is required' },
    { change: { label: '' }, error: 'label is required' },
    { change: { writeMode: undefined }, error: 'writeMode is required' },
    { change: { writeMode: 'open' }, error: 'writeMode must be one of writable, writableByAll, readonly' },
    { change: { customFields: ['x'] }, error: 'customFields must be an array of objects' },
    { change: { name: 'subscription' }, error: 'name is taken' },
  ])('are refused: $error', ({ change, error }) =>
    withSandbox({}, async (api, sandbox) => {
      seedPipeline(sandbox);
      const reply = await api.post('/customObjects', { ...NEW, ...change });
      expect([reply.status, reply.body]).toEqual([400, { error }]);
    }),
  );

  test('have no DELETE, and their name is no path', () =>
    withSandbox({}, async (api, sandbox) => {
      seedPipeline(sandbox);
      const { customObject } = idsOf(sandbox);
      expect((await api.delete(`/customObjects/${customObject}`)).status).toBe(404);
      expect((await api.get('/customObjects/subscription')).status).toBe(404);
      expect(sandbox.items('customObjects').size).toBe(1);
    }));
});

describe('custom fields', () => {
  test.each([
    { query: '', labels: ['Alpha', 'Beta', 'Plan', 'role', 'seats', 'Seats', 'Term'] },
    { query: '?model=accounts', labels: ['Plan'] },
    { query: '?model=users', labels: ['role'] },
    { query: '?model=customObjects', labels: ['Alpha', 'Beta', 'seats', 'Seats', 'Term'] },
    { query: '?model=customObjects&customObjectId=ID', labels: ['Alpha', 'Beta', 'seats'] },
    { query: '?model=accounts&customObjectId=ID', labels: [] },
  ])('$query: $labels', ({ query, labels }) =>
    withSandbox({}, async (api, sandbox) => {
      seedPipeline(sandbox);
      sandbox.seed('customObjects', [
        {
          ...NEW,
          customFields: [
            { label: 'Term', path: 'term' },
            { label: 'Seats', path: 'seats' },
          ],
        },
      ]);
      sandbox.seed('customFields', [
        { label: 'Plan', path: 'plan', model: 'accounts' },
        { label: 'Beta', path: 'vitally.custom.beta', customObjectId: 'subscription' },
        { label: 'Alpha', path: 'alpha', customObjectId: idsOf(sandbox).customObject },
      ]);
      const reply = await api.get(`/customFields${query.replace('ID', idsOf(sandbox).customObject)}`);
      expect(reply.body).toMatchObject(labels.map((label) => ({ label })));
      expect(at(reply.body, 'length')).toBe(labels.length);
    }),
  );

  test('show id, time, label, path, type and options, and nothing of where they belong', () =>
    withSandbox({ now: () => 0 }, async (api, sandbox) => {
      const options = [{ label: 'Big', value: 'big' }];
      sandbox.seed('customFields', [
        { label: 'Size', path: 'size', type: 'multiselect', options, model: 'users' },
      ]);
      expect((await api.get('/customFields')).body).toEqual([
        {
          id: expect.any(String),
          createdAt: '1970-01-01T00:00:00.000Z',
          label: 'Size',
          path: 'size',
          type: 'multiselect',
          options,
        },
      ]);
    }));

  test('of a custom object that is not there: 404; without a label: no seed', () =>
    withSandbox({}, async (api, sandbox) => {
      expect((await api.get(`/customFields?model=customObjects&customObjectId=${NOBODY}`)).status).toBe(404);
      expect(() => sandbox.seed('customFields', [{ path: 'x' }])).toThrow('label is required');
    }));
});
