import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as policy from '../../src/vitally/rate-limit/policy.ts';
import { codeIn, rowsOf } from './headings.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = read('docs/rate-limit.md');
const rows = rowsOf(page).map(([name, value, unit]) => ({ name: codeIn(name), value: Number(value), unit }));

describe('docs/rate-limit.md', () => {
  test('has every constant of the policy with its value, and no other', () => {
    expect(Object.fromEntries(rows.map(({ name, value }) => [name, value]))).toEqual({ ...policy });
    expect(rows).toHaveLength(Object.keys(policy).length);
  });

  test.each(rows)('gives the unit of $name', ({ name, unit }) => {
    expect(unit).not.toBe('');
    if (name.endsWith('_MS')) expect(unit).toBe('ms');
    if (name.endsWith('_UNITS')) expect(unit).toBe('units');
    if (name.endsWith('_SHARE')) expect(unit).toMatch(/^share of /);
    if (name.endsWith('_PER_MINUTE')) expect(unit).toBe('requests a minute');
  });

  test('names no constant that it gives no value of', () => {
    const named = [...page.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !rows.some((row) => row.name === name))).toEqual([]);
  });
});

test('the files of the rate limit have no constants of their own', () => {
  const files = ['backoff', 'headers', 'limiter', 'pacer', 'quota', 'request-cost', 'request-window'];
  const own = files.flatMap((file) =>
    [...read(`src/vitally/rate-limit/${file}.ts`).matchAll(/^(?:export )?const ([A-Z_]+) = [\d.]/gm)].map(
      ([, name]) => `${file}: ${name}`,
    ),
  );
  expect(own).toEqual([]);
});
