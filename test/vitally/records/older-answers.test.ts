import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/json/json.ts';
import type { Answer, VitallyRequest } from '../../../src/vitally/answer.ts';
import { Directory, type Finding, type Kind, type LookupBy } from '../../../src/vitally/directory.ts';
import { no, ok } from '../../sync/scripted.ts';

const OLD = { id: 'v-1', externalId: 'u-1', email: 'ann@x.io', name: 'Old', accountIds: ['a'] };
const NEW = { ...OLD, name: 'New', accountIds: ['a', 'b'] };

const USERS: Kind = { path: '/resources/users', search: '/resources/users/search' };
const NOTES: Kind = { path: '/resources/notes', lookup: 'list', listFilter: 'archived=false' };
const INSTANCES: Kind = { path: '/resources/customObjects/c-1/instances', lookup: 'instances' };

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
  Record<string, (directory: Directory, kind: Kind) => { readonly after: JsonObject | undefined }>
> = {
  'was written': (directory, kind) => {
    directory.remember(kind, NEW);
    return { after: NEW };
  },
  'was written, with an answer that shows nothing': (directory, kind) => {
    directory.forget(kind, { id: 'v-1', externalId: 'u-1', email: 'ann@x.io' });
    return { after: NEW };
  },
  'was accepted': (directory, kind) => {
    directory.markAccepted(kind, { id: 'v-1', externalId: 'u-1', email: 'ann@x.io' });
    return { after: NEW };
  },
  'was deleted': (directory, kind) => {
    directory.markDeleted(kind, { id: 'v-1', externalId: 'u-1', email: 'ann@x.io' });
    return { after: undefined };
  },
};

const QUESTIONS: readonly { kind: Kind; by: LookupBy; value: string }[] = [
  { kind: USERS, by: 'externalId', value: 'u-1' },
  { kind: USERS, by: 'id', value: 'v-1' },
  { kind: USERS, by: 'either', value: 'u-1' },
  { kind: USERS, by: 'either', value: 'v-1' },
  { kind: USERS, by: 'email', value: 'Ann@x.io' },
  { kind: NOTES, by: 'externalId', value: 'u-1' },
  { kind: NOTES, by: 'id', value: 'v-1' },
  { kind: INSTANCES, by: 'externalId', value: 'u-1' },
  { kind: INSTANCES, by: 'id', value: 'v-1' },
];

function nameOf(finding: Finding | undefined): unknown {
  return finding?.kind === 'found' ? finding.record.fields?.name : finding?.kind;
}

describe.each(QUESTIONS)(
  'a question about $kind.path by $by $value, sent before and answered after the record',
  (question) => {
    const { kind, by, value } = question;

    test.each(
      Object.keys(DEEDS).flatMap((deed) => [
        { deed, before: OLD },
        { deed, before: undefined },
      ]),
    )('$deed doesn’t count (it showed $before.name)', async ({ deed, before }) => {
      const vitally = new SlowVitally(before);
      const directory = new Directory(vitally.send);
      const asked = directory.find(kind, by, value, 'fields');
      await Promise.resolve();
      const { after } = DEEDS[deed]?.(directory, kind) ?? {};
      vitally.record = after;
      vitally.letGo();

      const expected = after?.name ?? 'absent';
      expect(nameOf(await asked)).toBe(expected);
      expect(nameOf(await directory.find(kind, by, value, 'fields'))).toBe(expected);
      for (const space of ['id', 'externalId'] as const) {
        const known = directory.peek(kind, space, space === 'id' ? 'v-1' : 'u-1');
        expect([expected, undefined]).toContain(nameOf(known));
      }
    });

    test('is sent once where nothing was done to the record', async () => {
      const vitally = new SlowVitally(OLD);
      const directory = new Directory(vitally.send);
      const asked = directory.find(kind, by, value, 'fields');
      await Promise.resolve();
      directory.remember(kind, { ...NEW, id: 'v-2', externalId: 'u-2', email: 'bob@x.io' });
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
    const directory = new Directory(vitally.send);
    // So many look-ups that the next one reads a page.
    vitally.record = undefined;
    const others = Array.from({ length: 50 }, (_, index) =>
      directory.find(USERS, 'externalId', `other-${index}`),
    );
    vitally.record = OLD;
    const passing = directory.find(USERS, 'externalId', 'another', 'fields', 'list');
    await Promise.resolve();
    const { after } = DEEDS[deed]?.(directory, USERS) ?? {};
    vitally.record = after;
    vitally.letGo();
    await Promise.all([...others, passing]);
    const expected = after?.name ?? 'absent';
    expect(nameOf(await directory.find(USERS, 'externalId', 'u-1', 'fields', 'list'))).toBe(expected);
  },
);

test('a list that was complete before the record was made doesn’t say that it is absent', async () => {
  const vitally = new SlowVitally(undefined);
  vitally.letGo();
  const directory = new Directory(vitally.send);
  for (let index = 0; index < 52; index++) await directory.find(USERS, 'externalId', `other-${index}`);
  // Written, and the answer showed nothing: memory doesn't know it, and the list is older.
  directory.forget(USERS, { externalId: 'u-1' });
  vitally.record = OLD;
  expect(nameOf(await directory.find(USERS, 'externalId', 'u-1', 'fields', 'list'))).toBe('Old');
  expect(nameOf(await directory.find(USERS, 'externalId', 'u-7', 'fields', 'list'))).toBe('absent');
});
