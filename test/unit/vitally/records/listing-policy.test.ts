import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ListingCounts, nextStep } from '../../../../src/vitally/records/listing/listing-policy.ts';

/** A list of pages, and rows in the order they come: the page that shows each, if one does, and whether it differs. */
interface Course {
  readonly pages: number;
  readonly rows: readonly { readonly page: number; readonly differs: boolean; readonly after: number }[];
  /** A write may settle unseen rows, as in an upsert; else a row that pages showed costs nothing more. */
  readonly writes: boolean;
}

const courses: fc.Arbitrary<Course> = fc
  .record({ pages: fc.integer({ min: 1, max: 60 }), writes: fc.boolean() })
  .chain(({ pages, writes }) =>
    fc.record({
      pages: fc.constant(pages),
      writes: fc.constant(writes),
      rows: fc.array(
        fc.record({
          page: fc.oneof(fc.integer({ min: 1, max: pages }), fc.constant(Number.POSITIVE_INFINITY)),
          differs: fc.boolean(),
          after: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5 })),
        }),
        { minLength: 1, maxLength: 120 },
      ),
    }),
  );

/** Requests that the rows of a course take, reads of the list among them. */
function requestsOf({ pages, rows, writes }: Course): number {
  let counts: ListingCounts = {
    asked: 0,
    waiting: 0,
    singles: 0,
    spared: 0,
    changed: 0,
    pages: 0,
    fruitless: 0,
    ended: false,
  };
  let read = false;
  const waiting = new Set<Course['rows'][number]>();
  const answer = (row: Course['rows'][number]): void => {
    waiting.delete(row);
    if (writes && (row.differs || row.page > pages)) counts = { ...counts, changed: counts.changed + 1 };
    else if (row.page <= pages) counts = { ...counts, spared: counts.spared + 1 };
    else counts = { ...counts, singles: counts.singles + 1 };
  };
  const turn = (): 'page' | 'hold' | 'single' | 'none' => {
    const before = waiting.size;
    for (const row of waiting) if (row.page <= counts.pages || counts.pages >= pages) answer(row);
    if (read) counts = { ...counts, fruitless: waiting.size < before ? 0 : counts.fruitless + 1 };
    read = false;
    counts = { ...counts, waiting: waiting.size };
    if (waiting.size === 0) return 'none';
    const step = nextStep(counts);
    read = step === 'page';
    if (read) counts = { ...counts, pages: counts.pages + 1 };
    if (step === 'single') {
      counts = { ...counts, singles: counts.singles + waiting.size };
      waiting.clear();
    }
    return step;
  };
  for (const row of rows) {
    for (let turns = 0; turns < row.after; turns++) {
      if (turn() === 'hold' && turns === row.after - 1) {
        counts = { ...counts, singles: counts.singles + waiting.size };
        waiting.clear();
      }
    }
    counts = { ...counts, asked: counts.asked + 1 };
    waiting.add(row);
  }
  counts = { ...counts, ended: true };
  while (turn() !== 'none');
  return counts.pages + counts.singles + counts.changed;
}

/** The least that anyone could have taken who knew the rows to come: each by itself, or the whole list first. */
function bestOf({ pages, rows }: Course, writes: boolean): number {
  const unseen = rows.filter((row) => row.page > pages).length;
  const differ = rows.filter((row) => row.page <= pages && row.differs).length;
  return Math.min(rows.length, pages + unseen + (writes ? differ : 0));
}

test('no course takes more than twice the requests of the best choice in hindsight', () => {
  fc.assert(
    fc.property(courses, (course) => {
      expect(requestsOf(course)).toBeLessThanOrEqual(2 * bestOf(course, course.writes));
    }),
    { numRuns: 3_000 },
  );
});

const NONE = {
  asked: 0,
  waiting: 0,
  singles: 0,
  spared: 0,
  changed: 0,
  pages: 0,
  fruitless: 0,
  ended: false,
};

test('a row that is alone has no page read', () => {
  expect(nextStep({ ...NONE, asked: 1, waiting: 1 })).toBe('hold');
  expect(nextStep({ ...NONE, asked: 1, waiting: 1, ended: true })).toBe('single');
});

test('a second row has one', () => {
  expect(nextStep({ ...NONE, asked: 2, waiting: 2 })).toBe('page');
  expect(nextStep({ ...NONE, asked: 2, waiting: 1, singles: 1, ended: true })).toBe('page');
});

test('where every row that pages showed was changed, no further page is read while rows may go singly', () => {
  const all = { ...NONE, asked: 30, waiting: 5, changed: 25, pages: 3 };
  expect(nextStep(all)).toBe('single');
  expect(nextStep({ ...all, spared: 1, changed: 24 })).toBe('page');
  expect(nextStep({ ...all, asked: 60, waiting: 35 })).toBe('page');
});

test('at the end of the input the last few rows have further pages read where each page showed several', () => {
  const last = { ...NONE, asked: 20_000, waiting: 90, spared: 19_500, changed: 400, pages: 198, ended: true };
  expect(nextStep(last)).toBe('page');
  expect(nextStep({ ...last, fruitless: 3 })).toBe('single');
});
