import { describe, expect, test } from 'vitest';
import { folded, OBJECTS, objectByName, objectNamed, objectOfStream } from '../../src/objects/index.ts';

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
    ['custom_object', undefined],
    ['constructor', undefined],
    ['', undefined],
  ])('named %j in a config is %s', (name, object) => {
    expect(objectNamed(name)?.name).toBe(object);
  });

  test.each([
    ['accounts', 'account'],
    ['track_events', 'event'],
    ['Tracks', 'event'],
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
    expect(object.keys).toContain('externalId');
    expect(object.rest ?? object.analytics).toBeDefined();
    const names = Object.entries(object.fields).flatMap(([name, field]) => [name, ...(field.aliases ?? [])]);
    expect(new Set(names.map(folded)).size).toBe(names.length);
    for (const required of object.requiredToCreate.flat()) expect(object.fields).toHaveProperty(required);
    for (const name of names)
      expect(['traits', 'properties', 'externalid', 'id']).not.toContain(folded(name));
    for (const field of Object.values(object.fields)) {
      expect(field.title).not.toBe('');
      expect(field.description).toMatch(/\.$/);
    }
  });

  test('no two objects answer to the same stream', () => {
    const names = OBJECTS.flatMap((object) => object.streamNames.map(folded));
    expect(new Set(names).size).toBe(names.length);
  });
});
