import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../../../src/json/json.ts';
import { sufficesToCreate } from '../../../../src/mapping/merge-writes.ts';
import { account } from '../../../../src/objects/account.ts';
import { OBJECTS } from '../../../../src/objects/index.ts';
import type { ObjectName } from '../../../../src/objects/object.ts';
import {
  forExisting,
  postText,
  putText,
  requireForCreate,
  saysAnything,
} from '../../../../src/write/rest/body.ts';
import { changesOf } from '../../../../src/write/rest/changes.ts';
import { expectRejection, routeOf } from '../../../support/routes.ts';
import { writeOf } from '../../../support/workspace.ts';

describe('POST', () => {
  const row = writeOf('a-1', { name: 'Acme', organizationId: null }, { plan: null, tier: 1 });

  test('leaves what is empty out of a record known to be new', () => {
    expect(JSON.parse(postText(account, 'a-1', row, true))).toEqual({
      externalId: 'a-1',
      name: 'Acme',
      traits: { tier: 1 },
    });
  });

  test('keeps what empties an existing one', () => {
    expect(JSON.parse(postText(account, 'a-1', row, false))).toEqual({
      externalId: 'a-1',
      name: 'Acme',
      organizationId: null,
      traits: { plan: null, tier: 1 },
    });
  });

  test('has no traits where there are none to send', () => {
    expect(JSON.parse(postText(account, 'a-1', writeOf('a-1', {}, { plan: null }), true))).toEqual({
      externalId: 'a-1',
    });
  });
});

describe('PUT', () => {
  test('never bears an external id', () => {
    const body = writeOf('x', { externalId: 'a-2', name: 'Acme' }, { plan: null });
    expect(JSON.parse(putText(account, body))).toEqual({ name: 'Acme', traits: { plan: null } });
    expect(JSON.parse(putText(account, writeOf('x', { name: 'Acme' })))).toEqual({ name: 'Acme' });
  });

  test.each(['__proto__', 'constructor', 'a.b', 'ü 😀'])('the trait %j is data', (name) => {
    const text = putText(account, { fields: new Map(), traits: new Map([[name, 1]]) });
    expect(text).toBe(`{"traits":{${JSON.stringify(name)}:1}}`);
  });
});

describe('for an existing record', () => {
  const held: JsonObject = {
    accountIds: ['a'],
    organizationIds: ['o'],
    name: 'Held',
    avatar: '',
    traits: { plan: 'pro', none: '' },
  };

  test.each<{
    what: string;
    relations: 'add' | 'replace';
    fields: Record<string, JsonValue>;
    gives: Record<string, JsonValue>;
  }>([
    {
      what: 'relations join what is there',
      relations: 'add',
      fields: { accountIds: ['b'] },
      gives: { accountIds: ['a', 'b'], organizationIds: ['o'] },
    },
    {
      what: 'relations are there although the row has none',
      relations: 'add',
      fields: { name: 'x' },
      gives: { accountIds: ['a'], organizationIds: ['o'], name: 'x' },
    },
    {
      what: 'a list replaces where that is asked',
      relations: 'replace',
      fields: { accountIds: ['b'] },
      gives: { accountIds: ['b'], organizationIds: ['o'] },
    },
  ])('$what', ({ relations, fields, gives }) => {
    const record = { id: 'v', externalId: 'u', fields: held };
    const body = forExisting(routeOf('user', { relations }), writeOf('u', fields), record);
    expect(Object.fromEntries(body.fields)).toEqual(gives);
  });

  test.each([
    { ifEmpty: ['name'], left: { fields: ['avatar'], traits: ['plan', 'none'] } },
    { ifEmpty: ['avatar'], left: { fields: ['name', 'avatar'], traits: ['plan', 'none'] } },
    { ifEmpty: ['traits.plan', 'traits.none'], left: { fields: ['name', 'avatar'], traits: ['none'] } },
    { ifEmpty: ['plan'], left: { fields: ['name', 'avatar'], traits: ['plan', 'none'] } },
  ])('if_empty $ifEmpty leaves $left', ({ ifEmpty, left }) => {
    const row = writeOf('u', { name: 'Row', avatar: 'Row' }, { plan: 'Row', none: 'Row' });
    const record = {
      id: 'v',
      externalId: 'u',
      fields: { name: 'Held', avatar: '', traits: { plan: 'pro', none: '' } },
    };
    const body = forExisting(routeOf('user', { ifEmpty }), row, record);
    expect({ fields: [...body.fields.keys()], traits: [...body.traits.keys()] }).toEqual(left);
  });

  test('that nobody has seen nothing is added', () => {
    const record = { id: 'v', externalId: 'u', fields: undefined };
    const body = forExisting(routeOf('user', { ifEmpty: ['name'] }), writeOf('u', { name: 'x' }), record);
    expect(Object.fromEntries(body.fields)).toEqual({ name: 'x' });
  });
});

describe('what counts as a change of an existing record is what a PUT of it bears', () => {
  test.each(OBJECTS.filter(({ rest }) => rest !== undefined).map((object) => ({ object })))(
    'for $object.plural',
    ({ object }) => {
      const fields = ['externalId', ...Object.keys(object.fields)].map((name) => [name, 'x'] as const);
      const body = { fields: new Map<string, JsonValue>(fields), traits: new Map<string, JsonValue>() };
      const whole = forExisting(routeOf(object.name), body, { id: 'i', externalId: 'e', fields: {} });
      const changed = [...changesOf(object, {}, whole).keys()];
      const borne = Object.keys(JSON.parse(putText(object, whole)));
      expect(changed.map((name) => object.fields[name]?.restName ?? name).sort()).toEqual(borne.sort());
      for (const [name, value] of fields) {
        const alone = { fields: new Map<string, JsonValue>([[name, value]]), traits: new Map() };
        const rest = object.fields[name]?.restName ?? name;
        expect(saysAnything(object, alone), name).toBe(borne.includes(rest));
      }
    },
  );
});

describe('what creating a record takes', () => {
  test.each<{ object: ObjectName; fields: Record<string, JsonValue>; suffices: boolean }>([
    { object: 'account', fields: { name: 'Acme' }, suffices: true },
    { object: 'account', fields: { name: '' }, suffices: false },
    { object: 'account', fields: { name: null }, suffices: false },
    { object: 'organization', fields: {}, suffices: false },
    { object: 'user', fields: { accountIds: ['a'] }, suffices: true },
    { object: 'user', fields: { organizationIds: ['o'] }, suffices: true },
    { object: 'user', fields: { accountIds: [] }, suffices: false },
    { object: 'event', fields: { event: 'Login', userId: 'u' }, suffices: true },
    { object: 'event', fields: { event: 'Login' }, suffices: false },
    { object: 'event', fields: { userId: 'u' }, suffices: false },
  ])('$object with $fields: $suffices', ({ object, fields, suffices }) => {
    const route = routeOf(object);
    const write = writeOf('k', fields);
    expect(sufficesToCreate(route, write)).toBe(suffices);
    if (suffices) requireForCreate(route, write.fields);
    else expectRejection(() => requireForCreate(route, write.fields), 'missing_field');
  });

  test('is named whole where a row lacks several fields', () => {
    const note = expectRejection(() => requireForCreate(routeOf('note'), new Map()), 'missing_field');
    expect(note.message).toBe(
      'the note does not exist yet, and note, noteDate, and accountId or organizationId are missing to create it',
    );
    expect(note.field).toBe('note');
    const byEmail = routeOf('user', { matchOn: 'email', keyColumns: ['email'] });
    const user = expectRejection(() => requireForCreate(byEmail, new Map()), 'missing_field');
    expect(user.message).toContain('accountIds or organizationIds, and externalId are missing');
    const event = expectRejection(() => requireForCreate(routeOf('event'), new Map()), 'missing_field');
    expect(event.message).toBe('the event has no event, and accountId or userId or organizationId');
  });
});
