import { describe, expect, test } from 'vitest';
import { routeOf } from '../../../support/routes.ts';
import { openWorkspace, writeOf } from '../../../support/workspace.ts';

const accounts = routeOf('account');

/** Every reading of what Vitally does that an upsert may meet. */
const READINGS: readonly (readonly string[])[] = [
  [],
  ['put-creates'],
  ['post-refuses-duplicate'],
  ['post-refuses-duplicate-400'],
  ['post-refuses-duplicate', 'put-creates'],
  ['post-answers-201'],
  ['not-found-400'],
  ['not-found-200'],
  ['post-refuses-duplicate', 'not-found-200'],
  ['no-created-at'],
  ['no-created-at', 'post-refuses-duplicate-400', 'message-envelope'],
  ['standard-traits-hidden'],
];

describe.each(READINGS.map((profile) => ({ profile, name: profile.join(' + ') || 'as documented' })))(
  'an account upsert, Vitally read as: $name',
  ({ profile }) => {
    const refuses = profile.some((name) => name.startsWith('post-refuses'));

    test('a new record takes one POST', async () => {
      const { sandbox, outcome, asked } = await openWorkspace({ profile });
      const answer = await outcome(accounts, writeOf('a-1', { name: 'Acme' }, { mrr: 5, plan: 'pro' }));
      // Without createdAt or 201 nobody can tell; the count then says updated.
      expect(answer).toBe(profile.includes('no-created-at') ? 'updated' : 'created');
      expect(asked()).toEqual(['POST /accounts']);
      expect(sandbox.accounts.byExternalId('a-1')).toMatchObject({ name: 'Acme', mrr: 5 });
    });

    test('an existing record is updated and the rest of it kept', async () => {
      const { sandbox, outcome, asked, seed } = await openWorkspace({ profile });
      seed('accounts', { externalId: 'a-1', name: 'Old', traits: { plan: 'pro', seats: 4 } });
      expect(await outcome(accounts, writeOf('a-1', { name: 'New' }, { plan: 'free' }))).toBe('updated');
      expect(asked()).toEqual(refuses ? ['POST /accounts', 'PUT /accounts/a-1'] : ['POST /accounts']);
      expect(sandbox.snapshot().accounts).toEqual({
        'a-1': expect.objectContaining({ name: 'New', traits: { plan: 'free', seats: 4 } }),
      });
    });

    test('a record known from this run takes one PUT, and none when nothing changes', async () => {
      const { sandbox, outcome, asked, idOf } = await openWorkspace({ profile });
      await outcome(accounts, writeOf('a-1', { name: 'Acme' }, { mrr: 5, plan: 'pro' }));
      asked();
      expect(await outcome(accounts, writeOf('a-1', { name: 'Acme' }, { mrr: 6 }))).toBe('updated');
      expect(asked()).toEqual([`PUT /accounts/${idOf('accounts', 'a-1')}`]);
      expect(await outcome(accounts, writeOf('a-1', { name: 'Acme' }, { mrr: 6, plan: 'pro' }))).toBe(
        'unchanged',
      );
      expect(asked()).toEqual([]);
      expect(sandbox.snapshot().accounts).toEqual({
        'a-1': expect.objectContaining({ name: 'Acme', traits: { mrr: 6, plan: 'pro' } }),
      });
    });

    test('a record that somebody deleted meanwhile is made again', async () => {
      const { sandbox, outcome, vanish } = await openWorkspace({
        profile: profile.filter((name) => name !== 'put-creates'),
      });
      await outcome(accounts, writeOf('a-1', { name: 'Acme' }));
      await vanish('accounts', 'a-1');
      expect(await outcome(accounts, writeOf('a-1', { name: 'Acme 2' }))).not.toBe('rejected');
      expect(sandbox.accounts.byExternalId('a-1')).toMatchObject({ name: 'Acme 2' });
    });

    test.each(['search', 'a/b?c#d', 'ü 😀', 'me@x.io', '0b7b41f4-15d2-4c7c-9d3f-2f1c4e6a8b90', '%2e'])(
      'the key %j survives a new and an existing record',
      async (key) => {
        const { sandbox, outcome, seed } = await openWorkspace({ profile });
        seed('accounts', { externalId: key, name: 'Old' });
        expect(await outcome(accounts, writeOf(key, { name: 'New' }))).toBe('updated');
        expect(await outcome(accounts, writeOf(key, { name: 'Newer' }))).toBe('updated');
        expect(sandbox.accounts.all()).toEqual([expect.objectContaining({ externalId: key, name: 'Newer' })]);
      },
    );
  },
);
