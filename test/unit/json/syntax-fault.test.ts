import { expect, test } from 'vitest';
import { syntaxFaultPosition } from '../../../src/json/syntax-fault.ts';

test.each([
  { text: '{"a":}', line: 1, column: 6 },
  { text: '{\n "a": 1,\n "b" 2\n}', line: 3, column: 6 },
  { text: '{"a": 1\r\n', line: 2, column: 1 },
  { text: '[1,]', line: 1, column: 4 },
  { text: '/* c */ {}', line: 1, column: 1 },
  { text: '{} {}', line: 1, column: 4 },
  { text: '"é\n"', line: 1, column: 1 },
  { text: '', line: 1, column: 1 },
])('$text stops being JSON at line $line, column $column', ({ text, line, column }) => {
  expect(syntaxFaultPosition(text)).toEqual({ line, column });
});

test.each(['{}', '[1, 2.5e3, "x"]', 'null'])('%s is JSON', (text) => {
  expect(syntaxFaultPosition(text)).toBeUndefined();
});

test('what is nested too deeply to be looked through has no position', () => {
  expect(syntaxFaultPosition('['.repeat(1_000_000))).toBeUndefined();
});
