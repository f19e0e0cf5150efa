import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/json/json.ts';
import type { Answer, VitallyRequest } from '../../../../src/vitally/http/answer.ts';
import {
  type Collection,
  type Finding,
  type LookupBy,
  RecordCache,
} from '../../../../src/vitally/records/record-cache.ts';
import { no, ok } from '../../../support/scripted.ts';

const OLD = { id: 'v-1', externalId: 'u-1', email: 'ann@x.io', name: 'Old', accountIds: ['a'] };
const NEW = { ...OLD, name: 'New', accountIds: ['a', 'b'] };

const USERS: Collection = { path: '/resources/users', search: '/resources/users/search' };
const NOTES: Collection = { path: '/resources/notes', lookup: 'list', listFilter: 'archived=false' };
const INSTANCES: Collection = { path: '/resources/customObjects/c-1/instances', lookup: 'instances' };

/** Vitally with one record at most, whose answers are held back until they are let go. */
class SlowVitally {
  record: JsonObject | undefined;
  requests = 0;
  #held: (() => void)[] = [];
  #isHolding = true;

  constructor(record: JsonObject | undefined) {
    this.record = record;
  }

  readonly send = async ({ path }: VitallyRequest): Promise<Answer> => {
    this.requests += 1;
    // What it answers is settled when the question comes in, not when the answer arrives.
    const answer = this.#answerTo(path);
    if (this.#isHolding) await new Promise<void>((resolve) => this.#held.push(resolve));
    return answer;
  };

  /** Lets every answer go that is held back, and the later ones at once. */
  letGo(): void {
    this.#isHolding = false;
    for (const resolve of this.#held.splice(0)) resolve();
  }

  #answerTo(path: string): Answer {
    const isList = path.includes('?');
    if (this.record === undefined) return isList ? ok({ results: [], next: null }) : no('not_found');
    return ok(isList ? { results: [this.record], next: null } : this.record);
  }
}

/** What this run may do to a record while a question about it is on its way, and what is true afterwards. */
const DEEDS: Readonly<
  Record<
    string,
    (recordCache: RecordCache, collection: Collection) => { readonly after: JsonObject | undefined }
  >
> = {
  'was written': (recordCache, collection) => {
    recordCache.remember(collection, NEW);
    return { after: NEW };
  },
  'was written, with an answer that shows nothing': (recordCache, collection) => {
    recordCache.forget(collection, { id: 'v-1', externalId: 'u-1', email: 'ann@x.io' });
    return { after: NEW };
  },
  'was accepted': (recordCache, collection) => {
    recordCache.markAccepted(collection, { id: 'v-1', externalId: 'u-1', email: 'ann@x.io' });
    return { after: NEW };
  },
  'was deleted': (recordCache, collection) => {
    recordCache.markDeleted(collection, { id: 'v-1', externalId: 'u-1', email: 'ann@x.io' });
    return { after: undefined };
  },
};

const QUESTIONS: readonly { collection: Collection; by: LookupBy; value: string }[] = [
  { collection: USERS, by: 'externalId', value: 'u-1' },
  { collection: USERS, by: 'id', value: 'v-1' },
  { collection: USERS, by: 'either', value: 'u-1' },
  { collection: USERS, by: 'either', value: 'v-1' },
  { collection: USERS, by: 'email', value: 'Ann@x.io' },
  { collection: NOTES, by: 'externalId', value: 'u-1' },
  { collection: NOTES, by: 'id', value: 'v-1' },
  { collection: INSTANCES, by: 'externalId', value: 'u-1' },
  { collection: INSTANCES, by: 'id', value: 'v-1' },
];

function nameOf(finding: Finding | undefined): unknown {
  return finding?.kind === 'found' ? finding.record.fields?.name : finding?.kind;
}

describe.each(QUESTIONS)(
  'a question about $collection.path by $by $value, sent before and answered after the record',
  (question) => {
    const { collection, by, value } = question;

    test.each(
      Object.keys(DEEDS).flatMap((deed) => [
        { deed, before: OLD },
        { deed, before: undefined },
      ]),
    )('$deed doesn’t count (it showed $before.name)', async ({ deed, before }) => {
      const vitally = new SlowVitally(before);
      const recordCache = new RecordCache(vitally.send);
      const asked = recordCache.find(collection, by, value, 'fields');
      await Promise.resolve();
      const { after } = DEEDS[deed]?.(recordCache, collection) ?? {};
      vitally.record = after;
      vitally.letGo();

      const expected = after?.name ?? 'absent';
      expect(nameOf(await asked)).toBe(expected);
      expect(nameOf(await recordCache.find(collection, by, value, 'fields'))).toBe(expected);
      for (const space of ['id', 'externalId'] as const) {
        const known = recordCache.peek(collection, space, space === 'id' ? 'v-1' : 'u-1');
        expect([expected, undefined]).toContain(nameOf(known));
      }
    });

    test('is sent once where nothing was done to the record', async () => {
      const vitally = new SlowVitally(OLD);
      const recordCache = new RecordCache(vitally.send);
      const asked = recordCache.find(collection, by, value, 'fields');
      await Promise.resolve();
      recordCache.remember(collection, { ...NEW, id: 'v-2', externalId: 'u-2', email: 'bob@x.io' });
      vitally.letGo();
      expect(nameOf(await asked)).toBe('Old');
      expect(vitally.requests).toBe(1);
    });
  },
);

test.each(Object.keys(DEEDS))(
  'a page read in passing doesn’t count for a record that %s meanwhile',
  async (deed) => {
    const vitally = new SlowVitally(OLD);
    const recordCache = new RecordCache(vitally.send);
    // So many look-ups that the next one reads a page.
    vitally.record = undefined;
    const others = Array.from({ length: 50 }, (_, index) =>
      recordCache.find(USERS, 'externalId', `other-${index}`),
    );
    vitally.record = OLD;
    const passing = recordCache.find(USERS, 'externalId', 'another', 'fields', 'list');
    await Promise.resolve();
    const { after } = DEEDS[deed]?.(recordCache, USERS) ?? {};
    vitally.record = after;
    vitally.letGo();
    await Promise.all([...others, passing]);
    const expected = after?.name ?? 'absent';
    expect(nameOf(await recordCache.find(USERS, 'externalId', 'u-1', 'fields', 'list'))).toBe(expected);
  },
);

test('a list that was complete before the record was made doesn’t say that it is absent', async () => {
  const vitally = new SlowVitally(undefined);
  vitally.letGo();
  const recordCache = new RecordCache(vitally.send);
  for (let index = 0; index < 52; index++) await recordCache.find(USERS, 'externalId', `other-${index}`);
  // Written, and the answer showed nothing: memory doesn't know it, and the list is older.
  recordCache.forget(USERS, { externalId: 'u-1' });
  vitally.record = OLD;
  expect(nameOf(await recordCache.find(USERS, 'externalId', 'u-1', 'fields', 'list'))).toBe('Old');
  expect(nameOf(await recordCache.find(USERS, 'externalId', 'u-7', 'fields', 'list'))).toBe('absent');
});
