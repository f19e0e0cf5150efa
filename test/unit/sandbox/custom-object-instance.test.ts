import { describe, expect, test } from 'vitest';
import { NOBODY } from '../../support/sandbox/activity.ts';
import { at } from '../../support/sandbox/client.ts';
import { withInstances } from '../../support/sandbox/pipeline.ts';

describe('over Analytics', () => {
  const message = { externalId: 'i2', name: 'Two', accountId: 'a1', traits: { seats: 2 }, messageId: 'm' };

  test('creates and updates by externalId; an unknown account comes to be', () =>
    withInstances(async ({ api, sandbox, ids }) => {
      const sent = { ...message, type: 'customobjectinstance', customObjectId: ids.customObject };
      const batch = [
        sent,
        {
          ...sent,
          messageId: 'm2',
          name: undefined,
          accountId: 'new',
          organizationId: 'o1',
          traits: { plan: 'pro' },
        },
      ];
      expect((await api.analytics('batch', batch)).body).toEqual({ message: 'Success.' });
      expect(at(sandbox.snapshot(), 'instances', 'subscription', 'i2')).toEqual({
        name: 'Two',
        customerId: 'new',
        organizationId: 'o1',
        traits: { seats: 2, plan: 'pro' },
        archived: false,
      });
      expect(sandbox.accounts.byExternalId('new')).toBeDefined();
    }));

  test('of a custom object that is not there is lost', () =>
    withInstances(async ({ api, sandbox }) => {
      const reply = await api.analytics('customobjectinstance', { ...message, customObjectId: NOBODY });
      expect([reply.status, sandbox.items('instances').size]).toEqual([200, 1]);
    }));

  test.each([
    { change: { externalId: undefined }, error: 'externalId is required' },
    { change: { customObjectId: undefined }, error: 'customObjectId is required' },
    { change: { accountId: undefined }, error: 'one of accountId, organizationId is required' },
    { change: { accountId: 7 }, error: 'accountId must be a string' },
    { change: { traits: undefined }, error: 'traits is required' },
    { change: { name: 7 }, error: 'name must be a string' },
    { change: { messageId: undefined }, error: 'messageId or timestamp is required' },
  ])('is refused: $error', ({ change, error }) =>
    withInstances(async ({ api, ids }) => {
      const body = { ...message, customObjectId: ids.customObject, ...change };
      const reply = await api.analytics('customobjectinstance', body);
      expect([reply.status, reply.body]).toEqual([400, { error }]);
    }),
  );
});
