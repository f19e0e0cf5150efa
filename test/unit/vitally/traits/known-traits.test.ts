import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../../src/json/json.ts';
import { KnownTraits } from '../../../../src/vitally/traits/known-traits.ts';
import { itemId } from '../../../support/sandbox/activity.ts';
import { no, ok, Script } from '../../../support/scripted.ts';
import { openWorkspace } from '../../../support/workspace.ts';

const ACCOUNTS = 'GET /customFields?model=accounts';

function traitsOver(body: JsonValue): Promise<readonly unknown[]> {
  const script = new Script({ [ACCOUNTS]: ok(body) });
  return new KnownTraits(script.send).of('accounts');
}

describe('the traits of a model', () => {
  test('are those of the sandbox, of one model or one custom object', async () => {
    const { sandbox, connection, asked } = await openWorkspace();
    sandbox.seed('customObjects', [{ name: 'deal', label: 'Deal', writeMode: 'writable' }]);
    sandbox.seed('customFields', [
      { model: 'accounts', label: 'Seats', path: 'vitally.custom.seats', type: 'number' },
      { model: 'users', label: 'Role', path: 'role' },
      {
        customObjectId: 'deal',
        label: 'Stage',
        path: 'stage',
        type: 'select',
        options: [{ label: 'Won', value: 1 }],
      },
    ]);
    const { rest } = connection;
    if (rest === undefined) throw new Error('no REST client');
    const known = new KnownTraits((request) => rest.send(request));
    const id = itemId(sandbox, 'customObjects');
    expect(await known.of('accounts')).toEqual([
      { label: 'Seats', path: 'vitally.custom.seats', type: 'number', options: [] },
    ]);
    expect(await known.of('users')).toMatchObject([{ path: 'role', type: 'text' }]);
    expect(await known.of('customObjects', id)).toEqual([
      { label: 'Stage', path: 'stage', type: 'select', options: [{ label: 'Won', value: 1 }] },
    ]);
    expect(asked()).toEqual([
      'GET /customFields?model=accounts',
      'GET /customFields?model=users',
      `GET /customFields?model=customObjects&customObjectId=${id}`,
    ]);
  });

  test('are read once, for everybody who asks', async () => {
    const script = new Script({ [ACCOUNTS]: ok([{ path: 'a', label: 'A', type: 'date' }]) });
    const known = new KnownTraits(script.send);
    const answers = await Promise.all([known.of('accounts'), known.of('accounts')]);
    expect(await known.of('accounts')).toBe(answers[0]);
    expect(answers[1]).toBe(answers[0]);
    expect(script.asked()).toEqual([ACCOUNTS]);
  });

  test('are asked for again after a read that failed', async () => {
    let calls = 0;
    const known = new KnownTraits(async () => {
      calls++;
      if (calls === 1) throw new Error('down');
      return ok([{ path: 'a', label: 'A' }]);
    });
    await expect(known.of('accounts')).rejects.toThrow('down');
    expect(await known.of('accounts')).toHaveLength(1);
  });

  test.each<JsonValue>([null, 'text', 7, {}, { results: [] }, { results: [{ path: 'a' }], next: null }])(
    'are none where the answer is %j',
    async (body) => {
      expect(await traitsOver(body)).toEqual([]);
    },
  );

  test.each(['not_found', 'refused', 'exists'] as const)('are none where the answer is %s', async (kind) => {
    const script = new Script({ [ACCOUNTS]: no(kind) });
    expect(await new KnownTraits(script.send).of('accounts')).toEqual([]);
  });
});

describe('a trait', () => {
  test.each<{ what: string; item: JsonValue; traits: unknown[] }>([
    { what: 'without a path is none', item: { label: 'A', type: 'string' }, traits: [] },
    { what: 'of an empty path is none', item: { label: 'A', path: '' }, traits: [] },
    { what: 'that is no object is none', item: 'a', traits: [] },
    {
      what: 'may lack all but its path',
      item: { path: 'a' },
      traits: [{ path: 'a', label: '', type: 'unknown', options: [] }],
    },
    {
      what: 'may hold odd things',
      item: { path: 'a', label: 7, type: ['string'], options: 'x' },
      traits: [{ path: 'a', label: '', type: 'unknown', options: [] }],
    },
    {
      what: 'has options of a label and a value, of one of them, or bare',
      item: {
        path: 'a',
        label: 'A',
        type: 'select',
        options: [
          { label: 'One', value: 1 },
          { label: 'Two' },
          { value: 3 },
          'four',
          5,
          null,
          [],
          {},
          { value: [] },
        ],
      },
      traits: [
        {
          path: 'a',
          label: 'A',
          type: 'select',
          options: [
            { label: 'One', value: 1 },
            { label: 'Two', value: 'Two' },
            { label: '3', value: 3 },
            { label: 'four', value: 'four' },
            { label: '5', value: 5 },
          ],
        },
      ],
    },
  ])('$what', async ({ item, traits }) => {
    expect(await traitsOver([item])).toEqual(traits);
  });

  test('that is listed twice counts as it was listed first', async () => {
    const list = [
      { path: 'a', label: 'First', type: 'number' },
      { path: 'a', label: 'Second', type: 'date' },
    ];
    expect(await traitsOver(list)).toMatchObject([{ label: 'First', type: 'number' }]);
  });
});
