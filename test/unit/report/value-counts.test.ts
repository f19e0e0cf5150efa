import { describe, expect, test } from 'vitest';
import { ValueCounts } from '../../../src/report/value-counts.ts';

function countsOf(...writes: readonly Parameters<ValueCounts['add']>[0][]): ValueCounts {
  const counts = new ValueCounts();
  for (const write of writes) counts.add(write);
  return counts;
}

describe('what mapping changed', () => {
  test.each([
    { writes: [], summary: { coerced: {}, stripped: {} }, sentence: '' },
    { writes: [{}, { coerced: [], stripped: [] }], summary: { coerced: {}, stripped: {} }, sentence: '' },
    {
      writes: [{ coerced: ['traits.b', 'mrr'] }, { coerced: ['mrr'] }],
      summary: { coerced: { mrr: 2, 'traits.b': 1 }, stripped: {} },
      sentence: '; coerced: mrr 2, traits.b 1',
    },
    {
      writes: [{ stripped: ['note'] }, { stripped: ['note'] }],
      summary: { coerced: {}, stripped: { note: 2 } },
      sentence: '; stripped: note 2',
    },
    {
      writes: [{ stripped: ['note'], coerced: ['noteDate'] }],
      summary: { coerced: { noteDate: 1 }, stripped: { note: 1 } },
      sentence: '; coerced: noteDate 1; stripped: note 1',
    },
    {
      writes: [{ coerced: ['traits.__proto__', 'traits.constructor'] }],
      summary: { coerced: { 'traits.__proto__': 1, 'traits.constructor': 1 }, stripped: {} },
      sentence: '; coerced: traits.__proto__ 1, traits.constructor 1',
    },
  ])('in $writes: $summary', ({ writes, summary, sentence }) => {
    const counts = countsOf(...writes);
    expect(counts.summary()).toEqual(summary);
    expect(counts.sentence()).toBe(sentence);
  });

  test('is named in the order of the names, whatever came first', () => {
    const names = ['b', 'c', 'a'];
    const forth = countsOf({ coerced: names }).summary();
    const back = countsOf({ coerced: names.toReversed() }).summary();
    expect(JSON.stringify(forth)).toBe(JSON.stringify(back));
  });

  test('is named for ten fields in a sentence, and for all of them in the summary', () => {
    const names = Array.from({ length: 12 }, (_, index) => `f${String(index).padStart(2, '0')}`);
    const counts = countsOf({ coerced: names });
    expect(counts.sentence()).toMatch(/^; coerced: f00 1, .*f09 1, 2 more fields$/);
    expect(Object.keys(counts.summary().coerced ?? {})).toEqual(names);
  });
});

describe('a warning', () => {
  const shown = (key: string): string => `<${key}>`;

  test('says which field of which rows lost markup, with the first ten keys', () => {
    const rows = Array.from({ length: 12 }, (_, index) => ({ key: `k${index}`, stripped: ['note'] }));
    const counts = countsOf({ key: 'a', stripped: ['description'] }, ...rows, {
      key: 'b',
      coerced: ['note'],
    });
    const [first = '', second = '', ...others] = counts.warnings('notes', shown);
    expect(first).toContain('stream notes: ');
    expect(first).toContain('in description of 1 row, the first with the keys <a>. ');
    expect(second).toContain('in note of 12 rows, the first with the keys <k0>, <k1>, ');
    expect(second).toContain('<k9>. ');
    expect(others).toEqual([]);
  });

  test('does without keys where rows have none, and is not there where nothing was lost', () => {
    expect(countsOf({ key: undefined, stripped: ['note'] }).warnings('s', shown)[0]).toContain('of 1 row. ');
    expect(countsOf({ key: 'a', coerced: ['mrr'] }).warnings('s', shown)).toEqual([]);
  });
});
