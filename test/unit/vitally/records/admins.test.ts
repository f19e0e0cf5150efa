import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../../src/json/json.ts';
import type { Answer } from '../../../../src/vitally/http/answer.ts';
import { Admins } from '../../../../src/vitally/records/admins.ts';
import { ok, Script } from '../../../support/scripted.ts';

const TESS = '11111111-1111-4111-8111-111111111111';
const LIST = 'GET /admins?limit=100&sortBy=createdAt';

function over(list: Answer): { admins: Admins; script: Script } {
  const script = new Script({ [LIST]: list });
  return { admins: new Admins(script.send), script };
}

function listOf(...results: JsonValue[]): Answer {
  return ok({ results, next: null });
}

describe('whether a team member is listed', () => {
  test('an id that the list has is known, in any case, and one that it lacks is not', async () => {
    const { admins, script } = over(listOf({ id: TESS, email: 'tess@team.test' }));
    expect(await admins.findListed(TESS.toUpperCase())).toMatchObject({ kind: 'found' });
    expect(await admins.findListed('22222222-2222-4222-8222-222222222222')).toEqual({ kind: 'absent' });
    expect(script.asked()).toEqual([LIST]);
  });

  test.each<{ readonly why: string; readonly list: Answer }>([
    { why: 'is not there', list: { kind: 'not_found', status: 404, repeated: false } as Answer },
    { why: 'is no list', list: ok({ message: 'no' }) },
    { why: 'is empty', list: listOf() },
    { why: 'shows no ids', list: listOf({ email: 'tess@team.test' }, 1) },
  ])('a list that $why says nothing: the id is taken as it is', async ({ list }) => {
    const { admins } = over(list);
    expect(await admins.findListed(TESS)).toEqual({ kind: 'found', id: TESS });
  });
});
