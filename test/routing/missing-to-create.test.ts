import { expect, test } from 'vitest';
import type { JsonValue } from '../../src/json/json.ts';
import type { ObjectName } from '../../src/objects/object.ts';
import { missingToCreate } from '../../src/routing/missing-to-create.ts';
import type { Route } from '../../src/routing/route.ts';
import { routeOf } from './fixtures.ts';

const EVENT_PARENTS = ['accountId', 'userId', 'organizationId'];
const USER_PARENTS = ['accountIds', 'organizationIds'];

test.each<{
  object: ObjectName;
  matchOn?: Route['matchOn'];
  fields: Record<string, JsonValue>;
  missing: string[][];
}>([
  { object: 'account', fields: { name: 'A' }, missing: [] },
  { object: 'account', fields: {}, missing: [['name']] },
  { object: 'account', fields: { name: '' }, missing: [['name']] },
  { object: 'organization', fields: { name: null }, missing: [['name']] },
  { object: 'account', matchOn: 'id', fields: { name: 'A' }, missing: [['externalId']] },
  { object: 'user', fields: { accountIds: ['a'] }, missing: [] },
  { object: 'user', fields: { organizationIds: ['o'], accountIds: [] }, missing: [] },
  { object: 'user', fields: { accountIds: [] }, missing: [USER_PARENTS] },
  { object: 'user', matchOn: 'email', fields: { email: 'a@b.c' }, missing: [['externalId'], USER_PARENTS] },
  { object: 'user', matchOn: 'email', fields: { externalId: '1', accountIds: ['a'] }, missing: [] },
  { object: 'event', fields: { event: 'E', userId: 'u' }, missing: [] },
  { object: 'event', fields: { event: 'E' }, missing: [EVENT_PARENTS] },
  { object: 'event', fields: {}, missing: [['event'], EVENT_PARENTS] },
  { object: 'project', matchOn: 'id', fields: { templateId: 't', accountId: 'a' }, missing: [] },
  { object: 'meeting_transcript', matchOn: 'id', fields: {}, missing: [['transcript']] },
  {
    object: 'custom_object',
    matchOn: 'id',
    fields: { name: 'A', accountId: 'a' },
    missing: [['externalId']],
  },
])('$object with $fields lacks $missing', ({ object, matchOn = 'externalId', fields, missing }) => {
  const write = { fields: new Map(Object.entries(fields)) };
  expect(missingToCreate(routeOf(object, { matchOn }), write)).toEqual(missing);
});
