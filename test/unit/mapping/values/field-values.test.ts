import { describe, expect, test } from 'vitest';
import { parseLossless } from '../../../../src/json/parse.ts';
import { coerceField } from '../../../../src/mapping/values/field-values.ts';
import { OBJECTS } from '../../../../src/objects/index.ts';
import type { Field } from '../../../../src/objects/object.ts';
import { expectRejection } from '../../../support/routes.ts';

function field(path: string): Field {
  const [object = '', name = ''] = path.split('.');
  const found = OBJECTS.find((candidate) => candidate.name === object)?.fields[name];
  if (found === undefined) throw new Error(`no field ${path}`);
  return found;
}

const coerced = (path: string, json: string) =>
  coerceField(field(path), parseLossless(json), { column: 'c', destination: path.split('.')[1] ?? '' });

interface Row {
  readonly path: string;
  readonly json: string;
  readonly value: unknown;
  readonly stripped?: boolean;
}

describe('a value as its field takes it', () => {
  test.each<Row>([
    { path: 'note.note', json: '"<p>a</p>"', value: '<p>a</p>' },
    { path: 'note.note', json: '"<h1>a</h1>"', value: 'a', stripped: true },
    { path: 'note.note', json: '5', value: '5' },
    { path: 'note.note', json: 'null', value: null },
    { path: 'task.dueDate', json: '"2026-01-31"', value: '2026-01-31' },
    { path: 'task.dueDate', json: '" 2026-01-31 "', value: '2026-01-31' },
    { path: 'task.dueDate', json: '"2026-01-31 08:00:00"', value: '2026-01-31T08:00:00Z' },
    { path: 'task.dueDate', json: '1700000000', value: '2023-11-14T22:13:20.000Z' },
    { path: 'task.tags', json: '"[\\"a\\",\\"b\\"]"', value: ['a', 'b'] },
    { path: 'task.tags', json: 'null', value: null },
    { path: 'nps_response.score', json: '0', value: 0 },
    { path: 'nps_response.score', json: '"10"', value: 10 },
    { path: 'nps_response.score', json: '7.0', value: 7 },
    { path: 'nps_response.score', json: 'null', value: null },
    { path: 'message.from', json: '"user-7"', value: { id: 'user-7' } },
    { path: 'message.from', json: '["user-7"]', value: { id: 'user-7' } },
    { path: 'message.from', json: '""', value: null },
    { path: 'message.from', json: '[]', value: null },
    {
      path: 'message.to',
      json: '["user-7","csm@acme.example"]',
      value: [{ id: 'user-7' }, { id: 'csm@acme.example' }],
    },
    { path: 'message.to', json: '"[\\"u\\",7]"', value: [{ id: 'u' }, { id: '7' }] },
    { path: 'message.cc', json: '[]', value: [] },
    { path: 'meeting.keyPoints', json: '["a"]', value: ['a'] },
    { path: 'conversation.messages', json: '[]', value: [] },
    { path: 'conversation.messages', json: '""', value: null },
  ])('$path: $json becomes $value', ({ path, json, value, stripped = false }) => {
    expect(coerced(path, json)).toEqual({ value, stripped });
  });

  test.each([
    ['nps_response.score', '11'],
    ['nps_response.score', '-1'],
    ['nps_response.score', '7.5'],
    ['nps_response.score', '12345678901234567890'],
    ['nps_response.score', '"ten"'],
    ['nps_response.score', 'true'],
    ['task.dueDate', '"2026-02-30"'],
    ['task.dueDate', '"tomorrow"'],
    ['task.dueDate', '20260131'],
    ['task.tags', '{"a":1}'],
    ['message.from', '["a","b"]'],
    ['message.from', 'true'],
    ['conversation.messages', '"secret"'],
    ['conversation.messages', '["secret"]'],
  ])('%s: %s is rejected', (path, json) => {
    const error = expectRejection(() => coerced(path, json), 'bad_value', 'secret');
    expect(error.field).toBe('c');
  });
});

describe('a message in a conversation', () => {
  const whole = {
    externalId: 7,
    message: '<h1>Hi</h1>',
    from: 'csm@acme.example',
    to: 'user-7',
    timestamp: '2026-01-02 03:04:05',
    conversationId: 'c',
    id: 'x',
  };

  test('is brought to the form of a message, and what is none of it is left out', () => {
    expect(coerced('conversation.messages', JSON.stringify([whole]))).toEqual({
      value: [
        {
          externalId: '7',
          message: 'Hi',
          from: { id: 'csm@acme.example' },
          to: [{ id: 'user-7' }],
          timestamp: '2026-01-02T03:04:05Z',
        },
      ],
      stripped: true,
    });
  });

  test.each(['externalId', 'message', 'from', 'to'])('without its %s is rejected', (name) => {
    const messages = [whole, { ...whole, [name]: null }];
    const error = expectRejection(
      () => coerced('conversation.messages', JSON.stringify(messages)),
      'bad_value',
    );
    expect(error.message).toContain('messages[1]');
    expect(error.message).toContain(name);
  });

  test('with a bad member is rejected by the place of it', () => {
    const messages = [{ ...whole, timestamp: 'soon' }];
    const error = expectRejection(
      () => coerced('conversation.messages', JSON.stringify(messages)),
      'bad_value',
    );
    expect(error.message).toContain('messages[0].timestamp');
  });
});
