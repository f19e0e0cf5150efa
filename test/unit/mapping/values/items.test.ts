import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseLossless } from '../../../../src/json/parse.ts';
import { coerceItems } from '../../../../src/mapping/values/items.ts';
import type { ItemKind } from '../../../../src/objects/object.ts';
import { expectRejection } from '../../../support/routes.ts';

function items(kind: Exclude<ItemKind, 'message'>, json: string) {
  const value = parseLossless(json);
  if (value === null) throw new Error('null has no items');
  return coerceItems(kind, value, { column: 'c', destination: 'f' });
}

describe('participants of a message', () => {
  test.each([
    ['"user-7"', [{ id: 'user-7' }]],
    ['12345678901234567890', [{ id: '12345678901234567890' }]],
    ['["user-7",null,"","a@b.example"]', [{ id: 'user-7' }, { id: 'a@b.example' }]],
    ['{"id":7}', [{ id: '7' }]],
    ['{"email":"a@b.example","id":null,"name":"A"}', [{ id: 'a@b.example' }]],
    [
      '[{"type":"admin","id":"x"},{"type":"user","id":"y"}]',
      [
        { id: 'x', type: 'admin' },
        { id: 'y', type: 'user' },
      ],
    ],
    ['"{\\"type\\":\\"user\\",\\"id\\":\\"y\\"}"', [{ id: 'y', type: 'user' }]],
    ['{"id":" ","email":" a@b.example ","type":""}', [{ id: 'a@b.example' }]],
    ['[]', []],
  ])('%s are %j', (json, people) => {
    expect(items('participant', json)).toEqual(people);
  });

  test.each([
    ['true', 'f[0]'],
    ['["a",true]', 'f[1]'],
    ['[["a"]]', 'f[0]'],
    ['{}', 'id, email'],
    ['{"id":"a","email":"b"}', 'more than one'],
    ['{"id":"a","type":"secret"}', 'f[0].type'],
    ['{"id":{"a":1}}', 'f[0].id'],
    ['"[secret"', 'a list of people'],
    ['{"id":" "}', 'none of its id, email'],
  ])('%s are rejected', (json, says) => {
    expect(expectRejection(() => items('participant', json), 'bad_value', 'secret').message).toContain(says);
  });
});

describe('attendees of a meeting', () => {
  test.each([
    ['["user-7"]', [{ id: 'user-7', type: 'attendee' }]],
    ['{"userId":7,"type":"organizer"}', [{ userId: '7', type: 'organizer' }]],
    [
      '{"vitallyUserId":"v","responseStatus":"accepted"}',
      [{ vitallyUserId: 'v', type: 'attendee', responseStatus: 'accepted' }],
    ],
    ['{"email":"a@b.example","userId":"","type":null}', [{ email: 'a@b.example', type: 'attendee' }]],
    ['""', []],
  ])('%s are %j', (json, people) => {
    expect(items('attendee', json)).toEqual(people);
  });

  test.each([
    ['{"type":"organizer"}', 'none of its id, userId, vitallyUserId, email'],
    ['{"userId":"a","email":"b"}', 'more than one'],
    ['{"userId":"a","type":"host"}', 'organizer, attendee'],
    ['{"userId":"a","responseStatus":"maybe"}', 'tentative'],
  ])('%s are rejected', (json, says) => {
    expect(expectRejection(() => items('attendee', json), 'bad_value').message).toContain(says);
  });
});

describe('speeches of a transcript', () => {
  test.each([
    [
      '[{"speaker":{"externalId":7,"name":"A","email":null},"sentences":[{"text":"x","startTime":"0","endTime":5000,"lang":"en"}]}]',
      [{ speaker: { externalId: '7', name: 'A' }, sentences: [{ text: 'x', startTime: 0, endTime: 5000 }] }],
    ],
    ['{"speaker":"a","sentences":"x"}', [{ speaker: { externalId: 'a' }, sentences: [{ text: 'x' }] }]],
    [
      '{"speaker":"a","sentences":["x",{"text":""}]}',
      [{ speaker: { externalId: 'a' }, sentences: [{ text: 'x' }, { text: '' }] }],
    ],
    ['[]', []],
  ])('%s are %j', (json, speeches) => {
    expect(items('speech', json)).toEqual(speeches);
  });

  test.each([
    ['"secret"', 'an object'],
    ['[1]', 'f[0]'],
    ['{"sentences":[]}', 'speaker'],
    ['{"speaker":"a"}', 'sentences'],
    ['{"speaker":{"name":"secret"},"sentences":[]}', 'externalId'],
    ['{"speaker":"a","sentences":[{"startTime":1}]}', 'f[0].sentences[0]'],
    ['{"speaker":"a","sentences":[1]}', 'f[0].sentences[0]'],
    ['{"speaker":"a","sentences":[{"text":"x","endTime":"secret"}]}', 'f[0].sentences[0].endTime'],
    ['{"speaker":"a","sentences":"[secret"}', 'sentences'],
  ])('%s are rejected', (json, says) => {
    expect(expectRejection(() => items('speech', json), 'bad_value', 'secret').message).toContain(says);
  });
});

test("whatever is given is brought to the form, or rejected as the row's fault", () => {
  fc.assert(
    fc.property(
      fc.constantFrom('participant', 'attendee', 'speech'),
      fc.json().filter((json) => json.trim() !== 'null'),
      (kind, json) => {
        try {
          for (const item of items(kind, json)) expect(Object.keys(item).length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad_value', field: 'c' });
        }
      },
    ),
  );
});
