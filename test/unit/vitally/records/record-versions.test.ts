import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecordVersions } from '../../../../src/vitally/records/record-versions.ts';

test('an answer counts where nothing it speaks of was changed since its question', () => {
  const versions = new RecordVersions();
  const before = versions.now;
  versions.changed(['a', 'b']);
  const after = versions.now;
  versions.changed(['c']);
  expect(versions.unchangedSince(before, ['a'])).toBe(false);
  expect(versions.unchangedSince(before, ['x', 'b'])).toBe(false);
  expect(versions.unchangedSince(before, ['x'])).toBe(true);
  expect(versions.unchangedSince(after, ['a', 'b'])).toBe(true);
  expect(versions.unchangedSince(after, ['a', 'c'])).toBe(false);
});

test('a bound on memory makes more answers outdated, never fewer', () => {
  const name = fc.integer({ min: 0, max: 6 }).map(String);
  fc.assert(
    fc.property(
      fc.array(name, { maxLength: 40 }),
      fc.integer({ min: 1, max: 4 }),
      name,
      (changes, capacity, asked) => {
        const bounded = new RecordVersions(capacity);
        const whole = new RecordVersions();
        for (const change of changes) {
          bounded.changed([change]);
          whole.changed([change]);
        }
        for (let moment = 0; moment <= changes.length; moment++) {
          if (bounded.unchangedSince(moment, [asked]))
            expect(whole.unchangedSince(moment, [asked])).toBe(true);
        }
        expect(bounded.unchangedSince(bounded.now, [asked])).toBe(true);
      },
    ),
  );
});
