import { expect, test } from 'vitest';
import type { JsonObject } from '../../src/json/json.ts';
import { record } from '../support/messages.ts';
import { countsIn, sync } from '../support/objects/syncs.ts';
import { openSandbox } from '../support/sandboxes.ts';

const RECORDS = 600;
const ACCOUNTS = 100;
/** Their pages, and those of their accounts or users. */
const PAGES = 7;
const DIFFERENT = RECORDS / 50;
const THEN = '2026-01-31T09:30:00.000Z';

function numbered<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

const accountOf = (index: number): string => `acc-${index % ACCOUNTS}`;

interface Kind {
  readonly object: string;
  readonly collection: string;
  readonly record: (index: number) => JsonObject;
  readonly changed: JsonObject;
}

const note: Kind = {
  object: 'note',
  collection: 'notes',
  record: (index) => ({
    accountId: accountOf(index),
    note: `Note ${index}`,
    noteDate: THEN,
    tags: ['a', 'b'],
  }),
  changed: { note: 'New' },
};

const KINDS: readonly Kind[] = [
  {
    object: 'user',
    collection: 'users',
    record: (index) => ({ name: `User ${index}`, email: `u${index}@a.test`, accountIds: [accountOf(index)] }),
    changed: { name: 'New' },
  },
  note,
  {
    object: 'task',
    collection: 'tasks',
    record: (index) => ({ accountId: accountOf(index), name: `Task ${index}` }),
    changed: { name: 'New' },
  },
  {
    object: 'nps_response',
    collection: 'npsResponses',
    record: (index) => ({
      userId: `usr-${index % ACCOUNTS}`,
      respondedAt: THEN,
      score: 3,
      feedback: `F ${index}`,
    }),
    changed: { feedback: 'New' },
  },
  {
    object: 'custom_object:site',
    collection: 'instances',
    record: (index) => ({ name: `Site ${index}`, customerId: accountOf(index) }),
    changed: { name: 'New' },
  },
];

async function seeded({ collection, record: make }: Kind, records: number) {
  const sandbox = await openSandbox();
  sandbox.seed(
    'accounts',
    numbered(ACCOUNTS, (index) => ({ externalId: `acc-${index}`, name: `A ${index}` })),
  );
  sandbox.seed('customObjects', [{ name: 'site', label: 'Site', writeMode: 'writable' }]);
  if (collection === 'npsResponses')
    sandbox.seed(
      'users',
      numbered(ACCOUNTS, (index) => ({ externalId: `usr-${index}`, accountIds: [accountOf(index)] })),
    );
  const hidden = collection === 'instances' ? { customObjectId: 'site' } : {};
  sandbox.seed(
    collection,
    numbered(records, (index) => ({ externalId: `r-${index}`, ...make(index), ...hidden })),
  );
  return sandbox;
}

function rowOf({ record: make, changed }: Kind, index: number): string {
  const { customerId, ...values }: JsonObject = { ...make(index), ...(index % 50 === 0 && changed) };
  return record('rows', {
    id: `r-${index}`,
    ...values,
    ...(customerId !== undefined && { accountId: customerId }),
  });
}

test.each(KINDS.flatMap((kind) => (['upsert', 'update'] as const).map((mode) => ({ ...kind, mode }))))(
  'known records of $object, 2 percent of which differ, cost the lists and what differs, $mode',
  async (kind) => {
    const sandbox = await seeded(kind, RECORDS);
    const rows = numbered(RECORDS, (place) => rowOf(kind, (place * 7919) % RECORDS));
    const stream = { stream: 'rows', object: kind.object, mode: kind.mode };
    const wanted = { streams: [stream], rows, more: { write_via: 'rest' } };
    const program = await sync(sandbox, wanted);
    expect(countsIn(program, wanted).rows).toEqual({
      received: RECORDS,
      updated: DIFFERENT,
      unchanged: RECORDS - DIFFERENT,
    });
    // Beside them the list of custom objects, and single reads before the first page pays.
    expect(sandbox.requests().length).toBeLessThanOrEqual(PAGES + DIFFERENT + 3);
  },
);

test.each(['upsert', 'update'] as const)(
  'many notes of one account are found by its own list, %s',
  async (mode) => {
    const sandbox = await seeded(note, 3_000);
    // 30 notes of account 0.
    const rows = numbered(30, (place) => rowOf(note, place * ACCOUNTS));
    const wanted = { streams: [{ stream: 'rows', object: 'note', mode }], rows, more: { write_via: 'rest' } };
    const program = await sync(sandbox, wanted);
    const changed = rows.filter((row) => row.includes('New')).length;
    expect(countsIn(program, wanted).rows).toEqual({ received: 30, updated: changed });
    // Its account, a page of the list, and the notes that differ.
    expect(sandbox.requests().length).toBeLessThanOrEqual(changed + 3);
  },
);
