import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../../../src/json/json.ts';
import type { Answer } from '../../../../src/vitally/http/answer.ts';
import { type Attendee, isShownAs } from '../../../../src/write/associations/attendee.ts';
import { type Naming, People } from '../../../../src/write/associations/people.ts';
import { associationsOver, ok, Script } from '../../../support/scripted.ts';

const ADMIN_ID = '11111111-1111-4111-8111-111111111111';
const USER_ID = '22222222-2222-4222-8222-222222222222';
const USER = { id: USER_ID, externalId: 'u-1', email: 'Ann@acme.com' };

const WORLD: Readonly<Record<string, Answer>> = {
  'GET /users/u-1': ok(USER),
  [`GET /users/${USER_ID}`]: ok(USER),
  'GET /users/search?email=ann%40acme.com': ok({ results: [USER] }),
  'GET /admins/search?email=csm%40us.com': ok({ id: ADMIN_ID, email: 'CSM@us.com' }),
  // Somebody who is both: the team member counts.
  'GET /admins/search?email=both%40us.com': ok({ id: ADMIN_ID, email: 'both@us.com' }),
  'GET /users/search?email=both%40us.com': ok({ results: [{ id: 'v-9', email: 'both@us.com' }] }),
  // An e-mail that is a user's own id.
  'GET /users/own%40acme.com': ok({ id: 'v-3', externalId: 'own@acme.com' }),
  'GET /users/search?email=twice%40acme.com': ok({
    results: [
      { id: 'v-4', externalId: 'u-4', email: 'twice@acme.com' },
      { id: 'v-5', externalId: 'u-5', email: 'twice@acme.com' },
    ],
  }),
  'GET /admins/search?email=two%40us.com': ok({
    results: [
      { id: 'x-1', email: 'two@us.com' },
      { id: 'x-2', email: 'two@us.com' },
    ],
  }),
  'GET /users/v-6': ok({ id: 'v-6', externalId: null, email: 'six@acme.com' }),
  'GET /users/v-7': ok({ id: 'v-7', externalId: null, email: null }),
};

const NAMING: Naming = {
  route: { unknownPeople: 'reject' },
  write: { key: 'x', fields: new Map(), traits: new Map() },
  creates: true,
};

function over(answers = WORLD): { people: People; script: Script } {
  const script = new Script(answers);
  return { people: new People(associationsOver(script.send).associations), script };
}

async function from(given: JsonValue, people = over().people): Promise<JsonValue | undefined> {
  return (await people.inMessage(NAMING, new Map([['from', given]]))).get('from');
}

describe('who is in a message', () => {
  test.each([
    { given: { id: 'u-1' }, is: { type: 'user', id: USER_ID } },
    { given: { id: USER_ID }, is: { type: 'user', id: USER_ID } },
    { given: { id: 'u-1', type: 'user' }, is: { type: 'user', id: USER_ID } },
    { given: { id: 'ann@acme.com' }, is: { type: 'user', id: USER_ID } },
    { given: { id: 'ann@acme.com', type: 'user' }, is: { type: 'user', id: USER_ID } },
    { given: { id: 'own@acme.com' }, is: { type: 'user', id: 'v-3' } },
    { given: { id: 'csm@us.com' }, is: { type: 'admin', id: ADMIN_ID } },
    { given: { id: 'CSM@us.com', type: 'admin' }, is: { type: 'admin', id: ADMIN_ID } },
    { given: { id: ADMIN_ID, type: 'admin' }, is: { type: 'admin', id: ADMIN_ID } },
    { given: { id: 'both@us.com' }, is: { type: 'admin', id: ADMIN_ID } },
    { given: { id: 'both@us.com', type: 'user' }, is: { type: 'user', id: 'v-9' } },
  ])('$given is $is', async ({ given, is }) => {
    expect(await from(given)).toEqual(is);
  });

  test.each([
    { given: { id: 'u-9' }, code: 'unknown_association', waitsFor: 'u-9' },
    { given: { id: 'u-9', type: 'user' }, code: 'unknown_association', waitsFor: 'u-9' },
    { given: { id: 'no@where.com' }, code: 'unknown_association', waitsFor: 'no@where.com' },
    { given: { id: 'no@where.com', type: 'admin' }, code: 'unknown_association', waitsFor: undefined },
    { given: { id: 'csm@us.com', type: 'user' }, code: 'unknown_association', waitsFor: 'csm@us.com' },
    { given: { id: 'twice@acme.com' }, code: 'ambiguous_association', waitsFor: undefined },
    { given: { id: 'two@us.com' }, code: 'ambiguous_association', waitsFor: undefined },
  ])('$given is refused: $code', async ({ given, code, waitsFor }) => {
    await expect(from(given)).rejects.toMatchObject({
      code,
      field: 'from',
      missing: waitsFor === undefined ? undefined : { object: 'user', id: waitsFor },
      message: expect.not.stringContaining(given.id),
      fix: expect.not.stringContaining(given.id),
    });
  });

  test('a list has everybody once, whichever way they are named', async () => {
    const { people } = over();
    const to = [{ id: 'u-1' }, { id: 'ann@acme.com' }, { id: 'csm@us.com' }];
    const fields = new Map<string, JsonValue>([
      ['to', to],
      ['cc', null],
      ['bcc', []],
      ['message', 'x'],
    ]);
    expect([...(await people.inMessage(NAMING, fields))]).toEqual([
      [
        'to',
        [
          { type: 'user', id: USER_ID },
          { type: 'admin', id: ADMIN_ID },
        ],
      ],
      ['cc', null],
      ['bcc', []],
      ['message', 'x'],
    ]);
  });

  test('somebody who is found is looked up once, somebody unknown each time', async () => {
    const { people, script } = over();
    for (const _ of [1, 2, 3]) await from({ id: 'ann@acme.com' }, people);
    expect(script.asked()).toEqual([
      'GET /admins/search?email=ann%40acme.com',
      'GET /users/ann%40acme.com',
      'GET /users/search?email=ann%40acme.com',
    ]);
    await expect(from({ id: 'u-9' }, people)).rejects.toThrow();
    await expect(from({ id: 'new@acme.com' }, people)).rejects.toThrow();
    await expect(from({ id: 'new@acme.com' }, people)).rejects.toThrow();
    expect(script.asked().length).toBeGreaterThan(0);
  });

  test('a user who was unknown is found once there', async () => {
    const { associations, recordCache } = associationsOver(new Script().send);
    const people = new People(associations);
    await expect(from({ id: 'v@acme.com' }, people)).rejects.toThrow();
    recordCache.remember({ path: '/resources/users' }, { id: 'v-8', externalId: 'v@acme.com' });
    expect(await from({ id: 'v@acme.com' }, people)).toEqual({ type: 'user', id: 'v-8' });
  });
});

describe('who takes part in a meeting', () => {
  const attendees = async (...items: readonly JsonObject[]): Promise<Attendee[]> =>
    await over().people.attendees(NAMING, items);

  test.each([
    { given: { id: 'u-1' }, is: { userId: 'u-1' } },
    { given: { id: USER_ID }, is: { userId: 'u-1' } },
    { given: { userId: USER_ID }, is: { userId: 'u-1' } },
    { given: { userId: 'ann@acme.com' }, is: { userId: 'u-1' } },
    { given: { id: 'ann@acme.com' }, is: { userId: 'u-1' } },
    { given: { email: 'ann@acme.com' }, is: { userId: 'u-1' } },
    { given: { id: 'csm@us.com' }, is: { vitallyUserId: ADMIN_ID } },
    { given: { email: 'csm@us.com' }, is: { vitallyUserId: ADMIN_ID } },
    { given: { vitallyUserId: 'csm@us.com' }, is: { vitallyUserId: ADMIN_ID } },
    { given: { vitallyUserId: ADMIN_ID }, is: { vitallyUserId: ADMIN_ID } },
    { given: { id: 'guest@else.com' }, is: { email: 'guest@else.com' } },
    { given: { email: 'guest@else.com' }, is: { email: 'guest@else.com' } },
    { given: { id: 'v-6' }, is: { email: 'six@acme.com' } },
  ])('$given is $is', async ({ given, is }) => {
    const [one] = await attendees({ ...given, type: 'organizer', responseStatus: 'accepted' });
    expect(one?.body).toEqual({ ...is, type: 'organizer', responseStatus: 'accepted' });
  });

  test.each([
    { given: { id: 'u-9' }, code: 'unknown_association', missing: { object: 'user', id: 'u-9' } },
    { given: { userId: 'u-9' }, code: 'unknown_association', missing: { object: 'user', id: 'u-9' } },
    { given: { vitallyUserId: 'no@us.com' }, code: 'unknown_association', missing: undefined },
    { given: { id: 'v-7' }, code: 'unknown_association', missing: undefined },
    { given: { email: 'twice@acme.com' }, code: 'ambiguous_association', missing: undefined },
  ])('$given is refused: $code', async ({ given, code, missing }) => {
    await expect(attendees({ ...given, type: 'attendee' })).rejects.toMatchObject({
      code,
      field: 'participants',
      missing,
    });
  });

  test('everybody is there once, as the row names them first', async () => {
    const all = await attendees(
      { id: 'u-1', type: 'organizer' },
      { email: 'ann@acme.com', type: 'attendee' },
      { email: 'Guest@else.com', type: 'attendee' },
      { email: 'guest@ELSE.com', type: 'attendee' },
    );
    expect(all.map(({ body }) => body)).toEqual([
      { userId: 'u-1', type: 'organizer' },
      { email: 'Guest@else.com', type: 'attendee' },
    ]);
  });

  test.each([
    { shown: { userId: 'u-1', vitallyUserId: null, email: null }, same: true },
    { shown: { userId: USER_ID }, same: true },
    { shown: { userId: null, email: 'ANN@acme.com' }, same: true },
    { shown: { userId: 'U-1' }, same: false },
    { shown: { userId: 'u-2', email: 'ben@acme.com' }, same: false },
    { shown: { id: 'u-1' }, same: false },
    { shown: {}, same: false },
  ])('Vitally shows a user as $shown: the same is $same', async ({ shown, same }) => {
    const [ann] = await attendees({ id: 'u-1', type: 'attendee' });
    expect(ann && isShownAs(ann, shown)).toBe(same);
  });
});
