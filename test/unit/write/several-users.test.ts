import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../src/json/json.ts';
import type { Route } from '../../../src/mapping/route.ts';
import type { ObjectName } from '../../../src/objects/object.ts';
import { routeOf } from '../../support/routes.ts';
import { openWorkspace, type Workspace, writeOf } from '../../support/workspace.ts';

const EMAIL = 'ann@acme.test';

/** Two users who bear one e-mail, and a third with one of her own. */
async function openDouble(): Promise<{ workspace: Workspace; ids: string[] }> {
  const workspace = await openWorkspace();
  const { seed, idOf } = workspace;
  seed('accounts', { externalId: 'a-1', name: 'Acme' });
  seed(
    'users',
    { externalId: 'u-1', email: EMAIL, accountIds: ['a-1'] },
    { externalId: 'u-2', email: 'Ann@Acme.test', accountIds: ['a-1'] },
    { externalId: 'u-3', email: 'bob@acme.test', accountIds: ['a-1'] },
  );
  return { workspace, ids: ['u-1', 'u-2'].map((externalId) => idOf('users', externalId)) };
}

interface Case {
  readonly object: ObjectName;
  readonly route?: Partial<Route>;
  readonly key: string;
  readonly fields: Record<string, JsonValue>;
  readonly code: string;
}

const ANSWER = { respondedAt: '2026-01-31T00:00:00.000Z', score: 9 };

describe('several users on one e-mail', () => {
  test.each<Case>([
    {
      object: 'nps_response',
      key: 'n-1',
      fields: { ...ANSWER, userId: EMAIL },
      code: 'ambiguous_association',
    },
    {
      object: 'nps_response',
      key: 'n-1',
      fields: { ...ANSWER, userId: EMAIL.toUpperCase() },
      code: 'ambiguous_association',
    },
    {
      object: 'user',
      route: { matchOn: 'email' },
      key: EMAIL,
      fields: { name: 'Ann' },
      code: 'ambiguous_key',
    },
    {
      object: 'user',
      route: { matchOn: 'email', mode: 'delete', unknownKey: 'reject' },
      key: EMAIL,
      fields: {},
      code: 'ambiguous_key',
    },
  ])('refuse the $object with their ids: $code', async ({ object, route, key, fields, code }) => {
    const { workspace, ids } = await openDouble();
    const before = workspace.sandbox.snapshot();
    const { outcome } = await workspace.write(routeOf(object, route), writeOf(key, fields));
    const error = outcome.kind === 'rejected' ? outcome.error : undefined;
    expect(error?.code).toBe(code);
    for (const id of ids) expect(error?.message).toContain(id);
    expect(`${error?.message} ${error?.fix}`.toLowerCase()).not.toContain(EMAIL);
    expect(workspace.sandbox.snapshot()).toEqual(before);
  });

  test.each([
    ['by an e-mail that is one user’s', 'bob@acme.test', 'u-3'],
    ['by an own id', 'u-2', 'u-2'],
  ])('do not stand in the way of a response %s', async (_how, userId, externalId) => {
    const { workspace } = await openDouble();
    const row = writeOf('n-1', { ...ANSWER, userId });
    expect(await workspace.outcome(routeOf('nps_response'), row)).toBe('created');
    expect(workspace.sandbox.items('npsResponses').byExternalId('n-1')).toMatchObject({
      userId: workspace.idOf('users', externalId),
    });
  });
});
