import { expect, test } from 'vitest';
import { heldSentences } from '../../../src/checkpoint/held-states.ts';

const line = (number: number, stream?: { name: string; namespace: string | undefined }) =>
  ({ type: 'STATE', line: number, raw: '{}', stream }) as const;

test('says which STATE is held, and what it waits for', () => {
  const users = { name: 'users', namespace: 'mart' };
  expect(
    heldSentences(
      [
        { state: line(7, users), states: 1, unsettled: 3, rejected: 1 },
        { state: line(8), states: 4, unsettled: 1, rejected: 0 },
        { state: line(9, { name: 'a', namespace: undefined }), states: 2, unsettled: 0, rejected: 1 },
        { state: line(10, users), states: 1, unsettled: 0, rejected: 0 },
      ],
      () => [],
    ),
  ).toEqual([
    'stream "users" of namespace "mart": the STATE of line 7 is not acknowledged, since 3 records before it have no outcome yet',
    'the whole input: the STATE of line 8 and 3 after it are not acknowledged, since 1 record before it has no outcome yet',
    'stream "a": the STATE of line 9 and 1 after it are not acknowledged, since 1 record before it was rejected',
    'stream "users" of namespace "mart": the STATE of line 10 is not acknowledged, since one before it is held',
  ]);
});

test('says that rows wait for a parent, where they do', () => {
  const links = { name: 'links', namespace: undefined };
  const held = [
    { state: line(7, links), states: 1, unsettled: 3, rejected: 0 },
    { state: line(8, { name: 'other', namespace: undefined }), states: 1, unsettled: 1, rejected: 0 },
  ];
  expect(heldSentences(held, (stream) => (stream === links ? ['user', 'account'] : []))).toEqual([
    'stream "links": the STATE of line 7 is not acknowledged, since 3 records before it have no outcome yet: rows wait for a parent (user, account) that this run may still bring',
    'stream "other": the STATE of line 8 is not acknowledged, since 1 record before it has no outcome yet',
  ]);
});
