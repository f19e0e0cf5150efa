import { describe, expect, test } from 'vitest';
import { resolveRoutesOrFaults } from '../../../src/routing/routes.ts';
import { type CatalogStream, catalogOf, entryOf, expectRejection, settingsOf } from '../../support/routes.ts';
import { type Case, expectMapped, type Mapped, map, to } from '../../support/rows.ts';

type Options = Partial<Parameters<typeof entryOf>[0]>;

function resolve(
  object: string,
  columns: readonly string[],
  options: Options = {},
  stream: Partial<CatalogStream> = {},
) {
  const entry = entryOf({ stream: 's', object, ...options });
  const catalog = catalogOf({ name: 's', key: [['k']], columns: ['k', ...columns], ...stream });
  return resolveRoutesOrFaults(settingsOf({ streams: [entry] }), catalog);
}

describe('a row of each object', () => {
  test.each<Mapped>([
    {
      what: 'a note by other names',
      object: 'note',
      row: '{"externalId":1,"account_id":7,"body":"<p>x</p>","title":"T","note date":"2026-01-02","author_email":"a@b.example","category":"QBR","tags":"vip","plan":"x"}',
      key: '1',
      fields: {
        accountId: '7',
        note: '<p>x</p>',
        subject: 'T',
        noteDate: '2026-01-02T00:00:00.000Z',
        authorId: 'a@b.example',
        categoryId: 'QBR',
        tags: ['vip'],
      },
      traits: { plan: 'x' },
    },
    {
      what: 'a task',
      object: 'task',
      row: '{"externalId":1,"title":"Call","organization_id":"o","description":"<b>now</b>","due_date":"2026-01-02","assigned_to":"a@b.example","completed_at":null}',
      fields: {
        name: 'Call',
        organizationId: 'o',
        description: '<b>now</b>',
        dueDate: '2026-01-02',
        assignedToId: 'a@b.example',
        completedAt: null,
      },
    },
    {
      what: 'a conversation',
      object: 'conversation',
      row: '{"externalId":1,"subject":"Hi","messages":[],"rating":5}',
      fields: { subject: 'Hi', messages: [] },
      traits: { rating: 5 },
    },
    {
      what: 'a message',
      object: 'message',
      route: { otherColumns: 'drop' },
      row: '{"externalId":1,"conversation_id":"c","body":"x","from":"u","to":["a@b.example"],"bcc":null,"thread":1}',
      fields: {
        conversationId: 'c',
        message: 'x',
        from: { id: 'u' },
        to: [{ id: 'a@b.example' }],
        bcc: null,
      },
    },
    {
      what: 'an NPS response',
      object: 'nps_response',
      route: { otherColumns: 'drop' },
      row: '{"externalId":1,"user_id":7,"responded_at":1700000000,"score":"9","feedback":"ok","traits":{"a":1},"traits.b":2}',
      fields: { userId: '7', respondedAt: '2023-11-14T22:13:20.000Z', score: 9, feedback: 'ok' },
    },
    {
      what: 'a project',
      object: 'project',
      route: { matchOn: 'id', keyColumns: ['id'] },
      row: '{"id":"p","template":"Onboarding","account_id":"a","status":"Active","owner":"a@b.example","externalId":"x"}',
      key: 'p',
      fields: {
        templateId: 'Onboarding',
        accountId: 'a',
        projectStatusId: 'Active',
        ownedByVitallyUserId: 'a@b.example',
      },
      traits: { externalId: 'x' },
    },
    {
      what: 'a meeting',
      object: 'meeting',
      row: '{"externalId":1,"title":"QBR","participants":"u","start_date_time":"2026-01-02","key_points":["a"]}',
      fields: {
        title: 'QBR',
        participants: [{ id: 'u', type: 'attendee' }],
        startDateTime: '2026-01-02T00:00:00.000Z',
        keyPoints: ['a'],
      },
    },
    {
      what: 'a transcript by its meeting',
      object: 'meeting_transcript',
      route: { keyColumns: ['meeting_id'], otherColumns: 'drop' },
      row: '{"meeting_id":7,"transcript":[{"speaker":"a","sentences":["x"]}],"externalId":"x"}',
      key: '7',
      fields: { transcript: [{ speaker: { externalId: 'a' }, sentences: [{ text: 'x' }] }] },
    },
    {
      what: 'a custom object',
      object: 'custom_object',
      row: '{"externalId":1,"name":"Site","account_id":"a","owner_email":"a@b.example","seats":5}',
      fields: { name: 'Site', accountId: 'a', ownedByVitallyUserId: 'a@b.example' },
      traits: { seats: 5 },
    },
    {
      what: 'nulls empty what can be emptied and leave the rest out',
      object: 'note',
      row: '{"externalId":1,"accountId":null,"note":null,"noteDate":null,"subject":null,"tags":null,"plan":null}',
      fields: { subject: null, tags: null },
      traits: { plan: null },
    },
  ])('$what', expectMapped);

  test('says out of which fields HTML was taken', () => {
    const row = '{"externalId":1,"note":"<h1>a</h1>","subject":"<h1>a</h1>"}';
    const write = map({ what: '', object: 'note', row });
    expect(write.stripped).toEqual(['note']);
    expect(write.fields.get('subject')).toBe('<h1>a</h1>');
    expect(
      map({ what: '', object: 'note', row: '{"externalId":1,"note":"<p>a</p>"}' }).stripped,
    ).toBeUndefined();
  });
});

describe('columns of an object that has no traits', () => {
  test('are left out, and named once before the first row', () => {
    const { routes, faults, warnings } = resolve('nps_response', [
      'user_id',
      'score',
      'responded_at',
      'survey',
      '_airbyte_raw_id',
      'traits',
    ]);
    expect(faults).toEqual([]);
    expect(routes).toMatchObject([{ otherColumns: 'drop' }]);
    expect(warnings).toEqual([
      'stream "s": "survey", "traits" go to no field of NPS responses, which have no traits, and are left out',
    ]);
  });

  test.each<{ what: string; columns: string[]; options?: Options }>([
    { what: 'all have a field', columns: ['user_id', 'score', 'respondedAt', 'FEEDBACK'] },
    {
      what: 'they are mapped',
      columns: ['user_id', 'respondedAt', 'rating'],
      options: { fields: [to('rating', 'score')] },
    },
    {
      what: 'they are dropped on purpose',
      columns: ['user_id', 'respondedAt', 'score', 'survey'],
      options: { otherColumns: 'drop' },
    },
  ])('go without a warning where $what', ({ columns, options }) => {
    expect(resolve('nps_response', columns, options)).toMatchObject({ faults: [], warnings: [] });
  });

  test.each<{ options: Options; path: string }>([
    { options: { fields: [to('survey', 'survey')] }, path: 'fields/0/destination' },
    { options: { fields: [to('survey', 'traits.survey')] }, path: 'fields/0/destination' },
    { options: { fields: [to('survey', 'traits')] }, path: 'fields/0/destination' },
    { options: { constants: [{ destination: 'source', value: 'x' }] }, path: 'constants/0/destination' },
    { options: { ifEmpty: ['survey'] }, path: 'if_empty/0' },
    { options: { preventNewTraits: true }, path: 'prevent_new_traits' },
  ])('that go nowhere on purpose are a fault: $options', ({ options, path }) => {
    const { faults } = resolve('nps_response', ['survey'], { mode: 'upsert', ...options });
    expect(faults.map((fault) => fault.path)).toEqual([`/streams/0/${path}`]);
    expect(faults[0]?.message).toContain('NPS responses');
  });

  test('a field that may be written only where Vitally has none is known by its name', () => {
    expect(resolve('nps_response', [], { ifEmpty: ['FEEDBACK'] }).routes).toMatchObject([
      { ifEmpty: ['feedback'] },
    ]);
  });

  test.each([11, 7.5, 'ten'])('the score %j is no constant', (value) => {
    const { faults } = resolve('nps_response', [], { constants: [{ destination: 'score', value }] });
    expect(faults.map((fault) => fault.path)).toEqual(['/streams/0/constants/0/value']);
  });
});

describe('prevent_new_traits', () => {
  const reject = { otherColumns: 'reject' } as const;

  test.each<Case & { column: string }>([
    { what: 'a column', row: '{"externalId":1,"plan":"secret"}', column: 'plan' },
    { what: 'a column that is null', row: '{"externalId":1,"plan":null}', column: 'plan' },
    {
      what: 'a column that lost its field',
      row: '{"externalId":1,"name":"a","Name":"secret"}',
      column: 'Name',
    },
    { what: 'a column of traits', row: '{"externalId":1,"traits":{"plan":"secret"}}', column: 'traits' },
    {
      what: 'a trait of a mapped stream',
      route: { mapped: true },
      row: '{"externalId":1,"traits.plan":"secret"}',
      column: 'traits.plan',
    },
  ])('rejects $what that the catalog did not list', ({ column, ...given }) => {
    const route = { ...given.route, ...reject };
    const error = expectRejection(() => map({ ...given, route }), 'unknown_column', 'secret');
    expect(error.field).toBe(column);
    expect(error.message).toContain(JSON.stringify(column));
  });

  test.each<Mapped>([
    { what: 'a field', row: '{"externalId":1,"NAME":"A"}', fields: { name: 'A' } },
    { what: 'a standard trait', row: '{"externalId":1,"mrr":5}', traits: { mrr: 5 } },
    {
      what: 'a mapped standard trait',
      route: { mapped: true },
      row: '{"externalId":1,"traits.mrr":5}',
      traits: { mrr: 5 },
    },
    {
      what: 'a mapped column',
      route: { fields: [to('p', 'traits.plan')] },
      row: '{"externalId":1,"p":5}',
      traits: { plan: 5 },
    },
    { what: "Airbyte's own columns", row: '{"externalId":1,"_airbyte_raw_id":"r"}' },
    {
      what: 'a constant',
      route: { constants: [{ destination: 'source', value: 'w' }] },
      row: '{"externalId":1}',
      traits: { source: 'w' },
    },
  ])('takes $what', ({ route, ...given }) => {
    expectMapped({ ...given, route: { ...route, ...reject } });
  });

  test('a nulled column is no column of the row', () => {
    expectMapped({ what: '', route: reject, row: '{"externalId":1,"plan":null}', nulled: ['plan'] });
  });

  test('rejects no row of a delete', () => {
    const write = map({ what: '', route: { ...reject, mode: 'delete' }, row: '{"externalId":1,"plan":1}' });
    expect(write.key).toBe('1');
  });
});

describe('plain streams', () => {
  test.each([
    ['user_accounts', 'append', 'append'],
    ['user_accounts', 'append_dedup', 'append'],
    ['user_accounts', 'overwrite', 'append'],
    ['user_accounts', 'soft_delete', 'delete'],
    ['notes', 'append', 'upsert'],
    ['transcripts', 'append_dedup', 'upsert'],
  ])('%s with %s are written by %s', (name, syncMode, mode) => {
    const catalog = catalogOf({ name, syncMode, key: [['id']] });
    expect(resolveRoutesOrFaults(settingsOf(), catalog)).toMatchObject({ routes: [{ mode }], faults: [] });
  });

  test.each([
    ['user_accounts', 'update', 'append, delete'],
    ['transcripts', 'soft_delete', 'upsert, update, append'],
  ])('%s do not take %s', (name, syncMode, says) => {
    const { faults } = resolveRoutesOrFaults(settingsOf(), catalogOf({ name, syncMode, key: [['id']] }));
    expect(faults).toHaveLength(1);
    expect(faults[0]?.message).toContain(says);
  });
});
