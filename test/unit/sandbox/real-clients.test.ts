import { describe, expect, test } from 'vitest';
import { at, REST_AUTHORIZATION, seedCouple } from '../../support/sandbox/client.ts';
import { withSandbox } from '../../support/sandboxes.ts';

describe('what clients in production send and read', () => {
  test.each(['/accounts', '/users', '/organizations', '/accounts/a1/users', '/notes'])(
    'an empty cursor is the first page of %s',
    (path) =>
      withSandbox({}, async (api, sandbox) => {
        seedCouple(sandbox);
        const [plain, empty] = [await api.get(path), await api.get(`${path}?from=`)];
        expect(empty.status).toBe(200);
        expect(empty.body).toEqual(plain.body);
      }),
  );

  test('a colon behind the base64 token', () =>
    withSandbox({}, async (api) => {
      const call = (authorization: string) => api.raw('/resources/accounts', { headers: { authorization } });
      expect((await call(`${REST_AUTHORIZATION}:`)).status).toBe(200);
      expect((await call(`${REST_AUTHORIZATION}::`)).status).toBe(401);
    }));

  test.each(['a1', 'ID'])('the health scores of account %s', (id) =>
    withSandbox({}, async (api, sandbox) => {
      seedCouple(sandbox);
      const known = String(at(sandbox.accounts.byExternalId('a1'), 'id'));
      expect(await api.get(`/accounts/${id === 'ID' ? known : id}/healthScores`)).toMatchObject({
        status: 200,
        body: { accountId: known },
      });
      expect((await api.get('/accounts/nobody/healthScores')).status).toBe(404);
    }),
  );

  test('the three reads of surveys, of which the list is enveloped in data', () =>
    withSandbox({}, async (api, sandbox) => {
      sandbox.seed('surveyQuestions', [{ id: 'q1', title: 'Why?', type: 'text', isRequired: true }]);
      sandbox.seed('surveyResponses', [
        { id: 'r1', surveyId: 's1', userId: 'u1', questionResponses: [{ id: 'x', questionId: 'q1' }] },
        { id: 'r2', surveyId: 's2' },
      ]);
      const response = { id: 'r1', surveyId: 's1', questionResponses: [{ questionId: 'q1' }] };
      expect((await api.get('/surveys/s1/responses')).body).toMatchObject({ data: [response] });
      expect((await api.get('/surveys/none/responses')).body).toEqual({ data: [] });
      expect((await api.get('/surveyResponses/r1')).body).toMatchObject(response);
      expect((await api.get('/surveyQuestions/q1')).body).toMatchObject({ title: 'Why?', isRequired: true });
      expect((await api.get('/surveyQuestions/q2')).status).toBe(404);
      expect((await api.post('/surveyQuestions', { id: 'q2' })).status).toBe(404);
    }));

  test('a conversation’s messages', () =>
    withSandbox({}, async (api, sandbox) => {
      seedCouple(sandbox);
      const user = { type: 'user', id: at(sandbox.users.byExternalId('u1'), 'id') };
      const messages = ['m1', 'm2'].map((externalId) => ({
        externalId,
        message: externalId,
        from: user,
        to: [user],
      }));
      const made = await api.post('/conversations', { externalId: 'c1', subject: 'x', messages });
      const list = await api.get(`/conversations/${at(made.body, 'id')}/messages`);
      expect(list.body).toMatchObject({ results: [{ externalId: 'm2' }, { externalId: 'm1' }], next: null });
      expect((await api.get('/conversations/nobody/messages')).status).toBe(404);
    }));

  test.each([
    ['organizations', 'organizations/o1', {}],
    ['accounts', 'accounts/a1', {}],
    ['users', 'users/u1', {}],
  ])(
    'customFields learn the traits that are written to %s, and keep those that are taken away',
    (model, path) =>
      withSandbox({}, async (api, sandbox) => {
        seedCouple(sandbox);
        await api.put(`/${path}`, {
          traits: { seats: 5, trial: false, 'vitally.custom.step': 'x', list: [1], no: null },
        });
        await api.put(`/${path}`, { traits: { seats: null } });
        const fields = (await api.get(`/customFields?model=${model}`)).body as {
          path: string;
          type: string;
        }[];
        const types = new Map(fields.map((one) => [one.path, one.type]));
        expect(Object.fromEntries(types)).toMatchObject({
          seats: 'number',
          trial: 'boolean',
          'vitally.custom.step': 'string',
          list: 'json',
        });
        expect(types.has('no')).toBe(false);
      }),
  );

  test('customFields learn the traits of messages', () =>
    withSandbox({}, async (api) => {
      await api.analytics('account', {
        accountId: 'a1',
        messageId: '1',
        traits: { name: 'A', tier: 'gold' },
      });
      expect((await api.get('/customFields?model=accounts')).body).toMatchObject([{ path: 'tier' }]);
    }));
});
