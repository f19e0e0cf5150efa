import { describe, expect, test } from 'vitest';
import { OBJECTS, objectByName } from '../../../src/objects/index.ts';
import { customObjectOperations, jsonSchema, operations } from '../../../src/objects/schema.ts';

/** An activity takes rows without a key in mode append. */
const activity = (name: string) => [
  [name, 'append_dedup', [['externalId']]],
  [name, 'update', [['externalId'], ['id']]],
  [name, 'append', undefined],
  [name, 'soft_delete', [['externalId'], ['id']]],
];

describe('the operations that discover offers', () => {
  test('are every object in every mode, with what rows may be matched on', () => {
    const offered = operations().map((operation) => [
      operation.object_name,
      operation.sync_mode,
      operation.matching_keys,
    ]);
    expect(offered).toEqual([
      ['organization', 'append_dedup', [['externalId']]],
      ['organization', 'update', [['externalId'], ['id']]],
      ['organization', 'append', [['externalId']]],
      ['organization', 'soft_delete', [['externalId'], ['id']]],
      ['account', 'append_dedup', [['externalId']]],
      ['account', 'update', [['externalId'], ['id']]],
      ['account', 'append', [['externalId']]],
      ['account', 'soft_delete', [['externalId'], ['id']]],
      ['user', 'append_dedup', [['externalId'], ['email']]],
      ['user', 'update', [['externalId'], ['id'], ['email']]],
      ['user', 'append', [['externalId']]],
      ['user', 'soft_delete', [['externalId'], ['id'], ['email']]],
      ['user_account', 'append', [['userId', 'accountId']]],
      ['user_account', 'soft_delete', [['userId', 'accountId']]],
      ...activity('conversation'),
      ...activity('meeting'),
      ...activity('note'),
      ...activity('task'),
      ...activity('message'),
      ...activity('nps_response'),
      [
        'project',
        'append_dedup',
        [['id'], ['templateId', 'accountId', 'name'], ['templateId', 'organizationId', 'name']],
      ],
      ['project', 'update', [['id']]],
      ['project', 'append', undefined],
      ['project', 'soft_delete', [['id']]],
      ['meeting_transcript', 'append_dedup', [['externalId'], ['id']]],
      ['meeting_transcript', 'update', [['externalId'], ['id']]],
      ['meeting_transcript', 'append', [['externalId'], ['id']]],
      ['event', 'append', undefined],
    ]);
  });

  test('are the same at each call, and share nothing', () => {
    const [first] = operations();
    if (first === undefined) throw new Error('there are operations');
    const text = JSON.stringify(operations());
    first.json_schema.properties.changed = {};
    expect(JSON.stringify(operations())).toBe(text);
  });

  test('are unique by object and sync mode', () => {
    const names = operations().map((operation) => `${operation.object_name} ${operation.sync_mode}`);
    expect(new Set(names).size).toBe(names.length);
  });

  test('have their keys and required properties among their properties', () => {
    for (const { json_schema: schema, matching_keys: keys = [] } of operations()) {
      expect(schema).toMatchObject({ type: 'object' });
      const properties = Object.keys(Object(schema.properties));
      expect(properties).toEqual(expect.arrayContaining(keys.flat()));
      expect(properties).toEqual(expect.arrayContaining([schema.required].flat()));
    }
  });
});

describe('the schema of rows', () => {
  test.each([
    { object: 'organization', mode: 'upsert', required: ['externalId', 'name'] },
    { object: 'account', mode: 'append', required: ['externalId', 'name'] },
    { object: 'account', mode: 'update', required: [] },
    { object: 'account', mode: 'delete', required: [] },
    { object: 'user', mode: 'upsert', required: ['externalId'] },
    { object: 'event', mode: 'append', required: ['event'] },
    { object: 'note', mode: 'upsert', required: ['externalId', 'note', 'noteDate'] },
    { object: 'note', mode: 'append', required: ['note', 'noteDate'] },
    { object: 'project', mode: 'upsert', required: ['templateId'] },
    { object: 'meeting_transcript', mode: 'upsert', required: ['transcript'] },
    { object: 'user_account', mode: 'append', required: ['userId', 'accountId'] },
    { object: 'user_account', mode: 'delete', required: ['userId', 'accountId'] },
  ] as const)('$mode of $object requires $required', ({ object, mode, required }) => {
    expect(jsonSchema(objectByName(object), mode).required).toEqual(required);
  });

  test.each([
    { object: 'user', mode: 'upsert', has: ['externalId', 'accountIds', 'email', 'joinDate'], lacks: ['id'] },
    { object: 'user', mode: 'update', has: ['externalId', 'id', 'email'], lacks: [] },
    { object: 'account', mode: 'delete', has: ['externalId', 'id'], lacks: ['name', 'mrr'] },
    { object: 'note', mode: 'append', has: ['externalId', 'note'], lacks: ['id'] },
    { object: 'project', mode: 'upsert', has: ['id', 'templateId'], lacks: ['externalId'] },
    { object: 'project', mode: 'append', has: ['templateId'], lacks: ['externalId', 'id'] },
    { object: 'meeting_transcript', mode: 'append', has: ['externalId', 'id', 'transcript'], lacks: [] },
    { object: 'user_account', mode: 'delete', has: ['userId', 'accountId'], lacks: ['externalId', 'id'] },
    {
      object: 'event',
      mode: 'append',
      has: ['event', 'messageId', 'timestamp'],
      lacks: ['externalId', 'id'],
    },
  ] as const)('$mode of $object has $has', ({ object, mode, has, lacks }) => {
    const properties = Object.keys(Object(jsonSchema(objectByName(object), mode).properties));
    expect(properties).toEqual(expect.arrayContaining([...has]));
    for (const name of lacks) expect(properties).not.toContain(name);
  });

  test.each([
    ['name', { type: 'string' }],
    ['mrr', { type: 'number' }],
    ['churnedAt', { type: 'string', format: 'date-time', airbyte_type: 'timestamp_with_timezone' }],
    ['organizationId', { type: 'string' }],
  ])('%s of an account is typed and described', (name, type) => {
    expect(jsonSchema(objectByName('account'), 'upsert')).toMatchObject({
      properties: { [name]: { ...type, title: expect.any(String), description: expect.any(String) } },
    });
  });

  test('a list of ids and a boolean of a user are typed', () => {
    expect(jsonSchema(objectByName('user'), 'upsert')).toMatchObject({
      properties: {
        accountIds: { type: 'array', items: { type: 'string' } },
        unsubscribedFromConversations: { type: 'boolean' },
      },
    });
  });

  test.each([
    ['note', 'note', { type: 'string' }],
    ['note', 'tags', { type: 'array', items: { type: 'string' } }],
    ['task', 'dueDate', { type: 'string', format: 'date' }],
    ['nps_response', 'score', { type: 'integer', minimum: 0, maximum: 10 }],
    ['message', 'from', { type: 'string' }],
    ['message', 'to', { type: 'array', items: { type: 'string' } }],
    ['meeting', 'participants', { type: 'array', items: { type: 'string' } }],
    ['meeting', 'transcript', { type: 'array', items: { type: 'object' } }],
    ['conversation', 'messages', { type: 'array', items: { type: 'object' } }],
  ] as const)('%s.%s is typed', (object, name, type) => {
    expect(jsonSchema(objectByName(object), 'upsert')).toMatchObject({ properties: { [name]: type } });
  });

  test.each([
    ['note', true],
    ['event', true],
    ['nps_response', false],
    ['user_account', false],
  ] as const)('%s takes other columns: %s', (object, additionalProperties) => {
    expect(jsonSchema(objectByName(object), 'append')).toMatchObject({ additionalProperties });
  });

  test('the key of a transcript is said to be that of its meeting', () => {
    const { properties } = jsonSchema(objectByName('meeting_transcript'), 'upsert');
    expect(JSON.stringify(properties)).toContain('Your own id of the meeting.');
  });

  test('every field of every object is there', () => {
    for (const object of OBJECTS) {
      const [mode = 'upsert'] = object.modes;
      const properties = Object.keys(Object(jsonSchema(object, mode).properties));
      expect(properties).toEqual(expect.arrayContaining(Object.keys(object.fields)));
    }
  });
});

describe('the operations on custom objects', () => {
  const seats = { path: 'vitally.custom.seats', label: 'Seats', type: 'number' } as const;
  const offered = customObjectOperations([
    { name: 'Subscription', traits: [seats] },
    { name: 'Site: main', traits: [] },
  ]);

  test('are four for each that the workspace defines', () => {
    expect(offered.map((operation) => [operation.object_name, operation.sync_mode])).toEqual(
      ['custom_object:Subscription', 'custom_object:Site: main'].flatMap((name) =>
        ['append_dedup', 'update', 'append', 'soft_delete'].map((mode) => [name, mode]),
      ),
    );
    expect(offered.map((operation) => operation.matching_keys)).toEqual([
      ...[[['externalId']], [['externalId'], ['id']], [['externalId']], [['externalId'], ['id']]],
      ...[[['externalId']], [['externalId'], ['id']], [['externalId']], [['externalId'], ['id']]],
    ]);
  });

  test('know the traits that are there, under names that stay traits', () => {
    const properties = offered.map(({ json_schema: schema }) => Object(schema.properties));
    expect(properties[0]).toMatchObject({
      name: { type: 'string' },
      'traits.vitally.custom.seats': { type: 'number', title: 'Seats' },
    });
    expect(properties[3]).not.toHaveProperty(['traits.vitally.custom.seats']);
    expect(properties[4]).not.toHaveProperty(['traits.vitally.custom.seats']);
  });

  test('are none where nothing is defined', () => {
    expect(customObjectOperations([])).toEqual([]);
  });
});
