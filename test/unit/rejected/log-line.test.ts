import { describe, expect, test } from 'vitest';
import { RecordError } from '../../../src/errors/record-error.ts';
import { describeRejection, RejectionLog } from '../../../src/rejected/log-line.ts';
import { maskKey } from '../../../src/rejected/mask-key.ts';

const STREAM = { name: 's', namespace: undefined };
const ERROR = new RecordError({
  code: 'bad_value',
  message: 'The number is not finite',
  fix: 'Send a number',
  field: 'mrr',
  httpStatus: 400,
  detail: 'marker-of-a-row',
});
const FIELDLESS = new RecordError({ code: 'refused', message: 'Vitally refused it.', fix: 'Mend it!' });

test.each([
  [
    STREAM,
    'acc-17',
    ERROR,
    'Rejected bad_value in s (line 7, key acc-17, field mrr): The number is not finite. Send a number.',
  ],
  [STREAM, undefined, FIELDLESS, 'Rejected refused in s (line 7): Vitally refused it. Mend it!'],
  [STREAM, '', FIELDLESS, 'Rejected refused in s (line 7): Vitally refused it. Mend it!'],
  [
    { name: 's', namespace: 'mart' },
    'k',
    FIELDLESS,
    'Rejected refused in mart.s (line 7, key k): Vitally refused it. Mend it!',
  ],
])('%j with key %j', (stream, key, error, text) => {
  expect(describeRejection({ line: 7, stream }, key, error, false)).toBe(text);
});

test('the last one shown says so', () => {
  const describing = (isLast: boolean) =>
    describeRejection({ line: 1, stream: STREAM }, 'k', FIELDLESS, isLast);
  expect(describing(false)).not.toContain('only counted');
  expect(describing(true)).toMatch(/\(from here on, refused of this stream is only counted\)$/);
});

describe('rows that miss the same thing', () => {
  function missing(what: string, field = 'assignedToId'): RecordError {
    const detail = `looked for team member ${what}`;
    return new RecordError({
      code: 'unknown_association',
      message: 'No such person',
      fix: 'Add it',
      field,
      detail,
    });
  }

  test('are shown once and counted at the end, without what was looked for', () => {
    const log = new RejectionLog();
    const lines = Array.from({ length: 25 }, (_, line) =>
      log.add({ line, stream: STREAM }, `row-${line}`, missing(`nobody-${line % 2}`)),
    ).filter((line) => line !== undefined);
    expect(lines).toHaveLength(2);
    expect(log.report()).toEqual([
      'Rejected unknown_association in s: 13 rows miss the same thing (the first: line 0, key row-0, field assignedToId): No such person.',
      'Rejected unknown_association in s: 12 rows miss the same thing (the first: line 1, key row-1, field assignedToId): No such person.',
      'Rejected unknown_association in s: 25 rows in all, which miss 2 things; 2 shown above.',
    ]);
    expect([...lines, ...log.report()].join()).not.toContain('nobody');
  });

  test('of one name in two fields are two things', () => {
    const log = new RejectionLog();
    for (const field of ['assignedToId', 'authorId'])
      expect(log.add({ line: 1, stream: STREAM }, 'k', missing('x', field))).toContain(`field ${field}`);
    expect(log.report()).toEqual([]);
  });

  test('do not fill the memory, however many things there are', () => {
    const log = new RejectionLog();
    const lines = Array.from({ length: 5_000 }, (_, line) =>
      log.add({ line, stream: STREAM }, 'k', missing(`${line}`)),
    );
    expect(lines.filter((line) => line !== undefined)).toHaveLength(10);
    expect(log.report()).toEqual([
      'Rejected unknown_association in s: 5000 rows in all, which miss 1000 or more things; 10 shown above.',
    ]);
  });
});

test('what is not shown is counted for each code and stream', () => {
  const log = new RejectionLog();
  for (let line = 0; line < 12; line++) {
    log.add({ line, stream: STREAM }, 'k', ERROR);
    if (line < 10) log.add({ line, stream: STREAM }, 'k', FIELDLESS);
  }
  expect(log.report()).toEqual(['Rejected bad_value in s: 12 rows in all; 10 shown above.']);
});

test('what Vitally said is not shown: it may quote the row', () => {
  expect(describeRejection({ line: 1, stream: STREAM }, 'k', ERROR, false)).not.toContain('marker');
});

test.each([
  ['acc-17', 'acc-17'],
  ['anna@example.com', 'a***@example.com'],
  ['Ünal@example.com', 'Ü***@example.com'],
  ['😀x@example.com', '😀***@example.com'],
  ['acc-1:anna@example.com', 'acc-1:a***@example.com'],
  ['anna@example.com:bert@example.org', 'a***@example.com:b***@example.org'],
  ['<anna.b+c@mail.example.com>', '<***@mail.example.com>'],
  ['@twitter', '@twitter'],
  [`${'l'.repeat(78)}@corp.test`, 'l***@corp.test'],
  ['jane＠corp.test', 'j***＠corp.test'],
  ['jane%40corp.test', 'j***%40corp.test'],
  ['"jane doe"@corp.test', 'j***@corp.test'],
  ['a@b@corp.test', 'a***@corp.test'],
  ['x'.repeat(101), `${'x'.repeat(100)}…`],
])('the key %s is shown as %s', (key, shown) => {
  expect(maskKey(key)).toBe(shown);
});

test('a long key of many signs is masked without delay', () => {
  expect(maskKey('@'.repeat(1e6))).toBe('@***@');
  expect(maskKey('"'.repeat(1e6))).toHaveLength(101);
  expect(maskKey('@ '.repeat(1e5))).toHaveLength(101);
  expect(maskKey('a'.repeat(1e6))).toHaveLength(101);
});
