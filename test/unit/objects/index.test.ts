import { describe, expect, test } from 'vitest';
import { folded, OBJECTS, objectByName, objectNamed, objectOfStream } from '../../../src/objects/index.ts';

test.each([
  ['accountId', 'accountid'],
  ['account_id', 'accountid'],
  ['Account-Id', 'accountid'],
  ['ACCOUNT ID', 'accountid'],
  ['', ''],
  ['__proto__', 'proto'],
])('%j is compared as %j', (name, plain) => {
  expect(folded(name)).toBe(plain);
});

describe('an object', () => {
  test.each([
    ['account', 'account'],
    ['Accounts', 'account'],
    ['ORGANIZATION', 'organization'],
    ['users', 'user'],
    ['Event', 'event'],
    ['track', undefined],
    ['custom_object', 'custom_object'],
    ['Custom Objects', 'custom_object'],
    ['NPS responses', 'nps_response'],
    ['npsResponse', 'nps_response'],
    ['meeting-transcripts', 'meeting_transcript'],
    ['user_accounts', 'user_account'],
    ['nps', undefined],
    ['constructor', undefined],
    ['', undefined],
  ])('named %j in a config is %s', (name, object) => {
    expect(objectNamed(name)?.name).toBe(object);
  });

  test.each([
    ['accounts', 'account'],
    ['track_events', 'event'],
    ['Tracks', 'event'],
    ['NPS', 'nps_response'],
    ['transcripts', 'meeting_transcript'],
    ['notes', 'note'],
    ['dim_accounts', undefined],
    ['__proto__', undefined],
  ])('of the stream %j is %s', (stream, object) => {
    expect(objectOfStream(stream)?.name).toBe(object);
  });

  test('is found by its own name; another name is a bug', () => {
    for (const object of OBJECTS) expect(objectByName(object.name)).toBe(object);
    // @ts-expect-error the type knows every name
    expect(() => objectByName('invoice')).toThrow('invoice');
  });
});

describe('what every object declares', () => {
  test.each(OBJECTS)('$name is consistent', (object) => {
    expect(object.keys.length + (object.keyFields ?? []).length > 0).toBe(object.byPath !== true);
    for (const name of object.keyFields?.flat() ?? []) expect(object.fields).toHaveProperty(name);
    const names = Object.entries(object.fields).flatMap(([name, field]) => [name, ...(field.aliases ?? [])]);
    expect(new Set(names.map(folded)).size).toBe(names.length);
    for (const required of object.requiredToCreate.flat()) expect(object.fields).toHaveProperty(required);
    for (const name of names)
      expect(['traits', 'properties', 'externalid', 'id']).not.toContain(folded(name));
    for (const field of Object.values(object.fields)) {
      expect(field.items !== undefined).toBe(field.type === 'json');
      expect(field.single === undefined || field.type === 'json').toBe(true);
      expect(field.range === undefined || field.type === 'number').toBe(true);
      expect(field.title).not.toBe('');
      expect(field.description).toMatch(/\.$/);
    }
  });

  test.each(OBJECTS)('$name: what it takes to create one cannot be emptied', (object) => {
    for (const name of object.requiredToCreate.flat()) expect(object.fields[name]?.neverNull).toBe(true);
  });

  test('come after what they hang off', () => {
    const names = OBJECTS.map((object) => object.name);
    for (const object of OBJECTS) {
      for (const { association } of Object.values(object.fields)) {
        const parent = names.find((name) => name === association);
        if (parent !== undefined) expect(names.indexOf(parent)).toBeLessThan(names.indexOf(object.name));
      }
    }
  });

  test.each(OBJECTS)('$name goes to an API in each of its modes', (object) => {
    const { rest, analytics, transports = {}, modes } = object;
    for (const mode of modes) {
      const able = transports[mode] ?? [rest, analytics].filter((api) => api !== undefined);
      expect(able).not.toEqual([]);
    }
  });

  test('no two objects answer to the same stream', () => {
    const names = OBJECTS.flatMap((object) => object.streamNames.map(folded));
    expect(new Set(names).size).toBe(names.length);
  });
});
