import { expect, test } from 'vitest';
import { RecordError } from '../../src/errors/record-error.ts';
import { describeRejection, maskKey } from '../../src/sync/rejection-log.ts';

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
  expect(describeRejection({ line: 7, stream }, key, error, 0)).toBe(text);
});

test('the last one shown says so', () => {
  const describe = (shown: number) => describeRejection({ line: 1, stream: STREAM }, 'k', FIELDLESS, shown);
  expect(describe(8)).not.toContain('only counted');
  expect(describe(9)).toMatch(/\(from here on, refused of this stream is only counted\)$/);
});

test('what Vitally said is not shown: it may quote the row', () => {
  expect(describeRejection({ line: 1, stream: STREAM }, 'k', ERROR, 0)).not.toContain('marker');
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
  ['x'.repeat(101), `${'x'.repeat(100)}…`],
])('the key %s is shown as %s', (key, shown) => {
  expect(maskKey(key)).toBe(shown);
});

test('a long key of many signs is masked without delay', () => {
  expect(maskKey('@'.repeat(1e6))).toHaveLength(101);
  expect(maskKey('a'.repeat(1e6))).toHaveLength(101);
});
