import { describe, expect, test } from 'vitest';
import { OBJECTS, objectByName } from '../../src/objects/index.ts';
import { jsonSchema, operations } from '../../src/objects/schema.ts';

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
      ['event', 'append', undefined],
    ]);
  });

  test('are the same at each call, and share nothing', () => {
    const [first] = operations();
    if (first === undefined) throw new Error('there are operations');
    const text = JSON.stringify(operations());
    first.json_schema.changed = true;
    expect(JSON.stringify(operations())).toBe(text);
  });

  test('are unique by object and sync mode', () => {
    const names = operations().map((operation) => `${operation.object_name} ${operation.sync_mode}`);
    expect(new Set(names).size).toBe(names.length);
  });

  test('have their keys and required properties among their properties', () => {
    for (const { json_schema: schema, matching_keys: keys = [] } of operations()) {
      expect(schema).toMatchObject({ type: 'object', additionalProperties: true });
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
  ] as const)('$mode of $object requires $required', ({ object, mode, required }) => {
    expect(jsonSchema(objectByName(object), mode).required).toEqual(required);
  });

  test.each([
    { object: 'user', mode: 'upsert', has: ['externalId', 'accountIds', 'email', 'joinDate'], lacks: ['id'] },
    { object: 'user', mode: 'update', has: ['externalId', 'id', 'email'], lacks: [] },
    { object: 'account', mode: 'delete', has: ['externalId', 'id'], lacks: ['name', 'mrr'] },
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

  test('every field of every object is there', () => {
    for (const object of OBJECTS) {
      const [mode = 'upsert'] = object.modes;
      const properties = Object.keys(Object(jsonSchema(object, mode).properties));
      expect(properties).toEqual(expect.arrayContaining(Object.keys(object.fields)));
    }
  });
});
