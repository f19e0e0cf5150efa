import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/json/json.ts';
import { createRowMapper } from '../../../src/mapping/row-mapper.ts';
import { folded, OBJECTS } from '../../../src/objects/index.ts';
import { otherNames } from '../../../src/objects/other-names.ts';
import { expectRejection, NOTHING_NULLED, routeOf } from '../../support/routes.ts';

const fields = OBJECTS.flatMap((object) =>
  Object.entries(object.fields).map(([name, field]) => ({ object, name, field })),
);
const named = fields.flatMap(({ object, name, field }) =>
  otherNames(name, field).map((other) => ({ object: object.name, name, field, other })),
);

function mapped(object: (typeof OBJECTS)[number]['name'], data: JsonObject) {
  return createRowMapper(routeOf(object))(data, NOTHING_NULLED);
}

/** A value that the field takes. */
function valueFor({ type, items, range }: (typeof fields)[number]['field']): JsonObject[string] {
  if (range !== undefined) return range.min;
  if (items === 'participant' || items === 'attendee') return ['ann@customer.test'];
  return type === 'datetime' || type === 'date'
    ? '2026-01-31T09:30:00Z'
    : type === 'html'
      ? 'x'
      : 'ann@customer.test';
}

test.each(OBJECTS)('no name of $name finds two fields', (object) => {
  const names = Object.entries(object.fields).flatMap(([name, field]) =>
    [name, ...(field.aliases ?? []), ...otherNames(name, field)].map(folded),
  );
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

describe.each(named)('$other of a $object', ({ object, name, field, other }) => {
  const spelt = other.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

  test.each([...new Set([other, spelt])])(`%s means ${name}`, (column) => {
    const direct = mapped(object, { externalId: 'x', [name]: valueFor(field) });
    const { fields: written, traits } = mapped(object, { externalId: 'x', [column]: valueFor(field) });
    expect([...written]).toEqual([...direct.fields]);
    expect([...traits]).toEqual([...direct.traits]);
  });

  test('stands back behind the name itself, and stays what it is', () => {
    const { fields: written, traits } = mapped(object, {
      externalId: 'x',
      [other]: 'other',
      [name]: valueFor(field),
    });
    expect([...written]).toEqual([...mapped(object, { externalId: 'x', [name]: valueFor(field) }).fields]);
    if (routeOf(object).object.others === 'traits') expect(traits.get(other)).toBe('other');
  });
});

test.each(fields.filter(({ field }) => field.association === 'admin' || field.association === 'user'))(
  'the e-mail of whoever $name of a $object.name is',
  ({ name, field }) => {
    const all = [...(field.aliases ?? []), ...otherNames(name, field)];
    expect(all.some((other) => other.endsWith('Email'))).toBe(true);
  },
);

test.each([
  ['task', 'assignee_email', 'assignedToId'],
  ['task', 'assigned_to_email', 'assignedToId'],
  ['task', 'completed_by_email', 'completedById'],
  ['note', 'author_email', 'authorId'],
  ['project', 'owner_email', 'ownedByVitallyUserId'],
  ['project', 'due_date', 'targetCompletionDate'],
  ['custom_object', 'owner_email', 'ownedByVitallyUserId'],
  ['custom_object', 'created_by_email', 'createdByVitallyUserId'],
  ['nps_response', 'user_email', 'userId'],
  ['nps_response', 'email', 'userId'],
  ['nps_response', 'comment', 'feedback'],
  ['user', 'accounts', 'accountIds'],
  ['user', 'organizations', 'organizationIds'],
  ['user', 'created_at', 'joinDate'],
  ['account', 'organization', 'organizationId'],
  ['task', 'subject', 'name'],
  ['task', 'body', 'description'],
  ['note', 'body', 'note'],
  ['note', 'title', 'subject'],
] as const)('%s: %s is %s', (object, column, field) => {
  const value = /Date|At/.test(field) ? '2026-01-31' : 'x@y.test';
  expect(mapped(object, { externalId: 'x', [column]: value }).fields.has(field)).toBe(true);
});

test('two columns that both stand back are ambiguous; an account in words beside its id is none', () => {
  expectRejection(
    () => mapped('project', { externalId: 'x', due_date: '2026-01-01', end_date: '2026-01-02' }),
    'ambiguous_column',
  );
  const user = mapped('user', {
    externalId: 'x',
    account_id: 'a1',
    account: 'Acme',
    accounts: 'Acme, Globex',
  });
  expect(user.fields.get('accountIds')).toEqual(['a1']);
  expect([...user.traits.keys()]).toEqual(['account', 'accounts']);
  const note = mapped('note', { externalId: 'x', account_id: 'a1', account: 'Acme' });
  expect(note.fields.get('accountId')).toBe('a1');
  expect(note.traits.get('account')).toBe('Acme');
});
