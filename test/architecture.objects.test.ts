import { describe, expect, test } from 'vitest';
import { OBJECTS } from '../src/objects/index.ts';
import { sources } from './support/sources.ts';

/** Rooms of single objects, where their names belong. */
const ROOMS_OF_OBJECTS = ['objects/', 'sandbox/', 'write/objects/', 'write/memberships/'];

/** Generic code that names an object all the same, and why. */
const ALLOWED: Readonly<Record<string, string>> = {
  "commands/probing/probe.ts: === 'organization'":
    'check reads the list of organizations where a stream writes them, since an account may not have that list',
  "mapping/merge-writes.ts: === 'message'": 'the kind of a list’s elements, which is called as the object is',
  "mapping/values/field-values.ts: === 'message'":
    'the kind of a list’s elements, which is called as the object is',
  "write/associations/people.ts: === 'user'": 'the type of a person, as Vitally spells it',
};

const names = OBJECTS.map(({ name }) => name).join('|');
const COMPARED = new RegExp(`(?:[!=]==|\\bcase) '(?:${names})'`, 'g');
const LOOKED_UP = new RegExp(`\\b(?:objectByName|collectionNamed|writerOf)\\('(?:${names})'\\)`, 'g');

describe('an object is known by what it declares', () => {
  const generic = sources().filter(({ path }) => !ROOMS_OF_OBJECTS.some((room) => path.startsWith(room)));
  const naming = generic.flatMap(({ path, code }) =>
    [...code.matchAll(COMPARED), ...code.matchAll(LOOKED_UP)].map(([text]) => `${path}: ${text}`),
  );

  test('no generic code compares with an object’s name or looks one up, but where a reason is given', () => {
    expect([...new Set(naming)].sort()).toEqual(Object.keys(ALLOWED).sort());
  });

  test.each([
    ["if (object.name === 'user') {", true],
    ["if (object !== 'custom_object') {", true],
    ["case 'meeting':", true],
    ["objectByName('user')", true],
    ["own(item, 'message')", false],
    ["name === 'users'", false],
  ])('%j names an object: %j', (code, is) => {
    expect([...code.matchAll(COMPARED), ...code.matchAll(LOOKED_UP)].length > 0).toBe(is);
  });
});
