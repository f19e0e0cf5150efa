import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { REJECTION_CODES } from '../../src/errors/record-error.ts';

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
const sections = new Map(
  page
    .split(/^## /m)
    .flatMap((part) => part.split(/^### `/m).slice(1))
    .map((section) => [section.slice(0, section.indexOf('`')), section]),
);

describe('docs/errors.md', () => {
  test('has every rejection code, in the order of the list, and no other', () => {
    expect([...sections.keys()]).toEqual([...REJECTION_CODES]);
  });

  test.each(REJECTION_CODES)('gives an example of %s and says what to do', (code) => {
    expect(sections.get(code)).toMatch(/^Example: /m);
    expect(sections.get(code)).toMatch(/^\*\*Do:\*\* /m);
  });

  test.each(['config_error', 'transient_error', 'system_error'])(
    'explains runs that fail with %s',
    (type) => {
      expect(page).toContain(`TRACE ERROR \`${type}\``);
    },
  );

  test('shows a rejected record that is JSON and bears a code of the list', () => {
    const line = /^\{"type":"RECORD".*$/m.exec(page)?.[0] ?? '';
    const { rejection } = JSON.parse(line);
    expect(REJECTION_CODES).toContain(rejection.code);
    expect(Object.keys(rejection)).toEqual([
      'code',
      'message',
      'field',
      'http_status',
      'stream',
      'key',
      'rejected_at',
      'fix',
    ]);
  });
});
