import { expect, test } from 'vitest';
import { catalogOf, configFor, record, state } from '../../support/messages.ts';
import { seedPlaces } from '../../support/objects/places.ts';
import { refusal, refusedBy, type Sync, sync, syncTwice } from '../../support/objects/syncs.ts';
import { countsOf } from '../../support/output.ts';
import { start } from '../../support/program.ts';
import { at } from '../../support/sandbox/client.ts';
import { openSandbox } from '../../support/sandboxes.ts';

const NOTED = '2026-01-31T09:30:00.000Z';

/** Texts as rows have them, and what a reader must find in Vitally. */
const TEXTS: Readonly<Record<string, readonly [string, string]>> = {
  plain: [
    'if a<b and c>d\r\nthen <jane@acme.test> & <3',
    'if a&lt;b and c&gt;d<br>then &lt;jane@acme.test&gt; &amp; &lt;3',
  ],
  html: ['<p>Kept &lt;b&gt; <b>whole</b></p>', '<p>Kept &lt;b&gt; <b>whole</b></p>'],
  table: [
    '<h1>Plan</h1><table><tr><td>Seats</td><td>5</td></tr></table>',
    '<div>Plan</div><div><div>Seats 5</div></div>',
  ],
  deep: [`${'<div>'.repeat(20_000)}deep`, `${'<div>'.repeat(1_000)}deep${'</div>'.repeat(1_000)}`],
};

test('a text in an HTML field arrives whole, is not written again, and lost markup is told with field and keys', async () => {
  const sandbox = await openSandbox({});
  seedPlaces(sandbox);
  const whole: Sync = {
    streams: [
      { stream: 'notes', object: 'note' },
      { stream: 'tasks', object: 'task' },
    ],
    rows: Object.entries(TEXTS).flatMap(([id, [text]]) => [
      record('notes', { id, accountId: ' acme ', note: text, noteDate: NOTED }),
      record('tasks', { id, accountId: 'acme', name: 'Call', description: text }),
    ]),
  };
  const { counts } = await syncTwice(sandbox, whole);
  const shown = (kind: 'notes' | 'tasks', field: string): object =>
    Object.fromEntries(
      sandbox
        .items(kind)
        .all()
        .map((item) => [at(item, 'externalId'), at(item, field)]),
    );
  const wanted = Object.fromEntries(Object.entries(TEXTS).map(([id, [, html]]) => [id, html]));
  expect(shown('notes', 'note')).toEqual(wanted);
  expect(shown('tasks', 'description')).toEqual(wanted);
  expect(counts).toEqual([
    { notes: { received: 4, created: 4 }, tasks: { received: 4, created: 4 } },
    { notes: { received: 4, unchanged: 4 }, tasks: { received: 4, unchanged: 4 } },
  ]);

  const again = await sync(sandbox, whole);
  expect(at(again.summary, 'streams', 0, 'stripped')).toEqual({ note: 2 });
  const warnings = again.messagesOf('LOG').filter((message) => at(message, 'log', 'level') === 'WARN');
  const told = warnings.map((message) => String(at(message, 'log', 'message'))).join('\n');
  expect(told).toContain('note of 2 rows, the first with the keys table, deep');
  expect(told).toContain('description of 2 rows, the first with the keys table, deep');
});

test('blank cells say nothing, and blanks around keys, ids and e-mails change nothing', async () => {
  const sandbox = await openSandbox({});
  seedPlaces(sandbox);
  const blank = ' ';
  const program = await sync(sandbox, {
    streams: [
      { stream: 'accounts', object: 'account', mode: 'update' },
      { stream: 'users', object: 'user', mode: 'update' },
      { stream: 'tasks', object: 'task' },
    ],
    rows: [
      record('accounts', {
        id: ' acme\t',
        name: blank,
        mrr: '',
        churnedAt: blank,
        organizationId: 'holding ',
        traits: '',
      }),
      record('users', {
        id: 'ann',
        email: ' Ann@ACME.test ',
        joinDate: '',
        accountIds: blank,
        unsubscribedFromConversations: blank,
      }),
      record('tasks', {
        id: 'task',
        accountId: 'acme',
        name: 'Call',
        dueDate: '',
        tags: ' ',
        assignee: blank,
      }),
    ],
    more: { write_via: 'rest' },
  });
  expect(program.errors).toEqual([]);
  expect(countsOf(program.summary, 'accounts')).toEqual({ received: 1, unchanged: 1 });
  expect(countsOf(program.summary, 'users')).toEqual({ received: 1, unchanged: 1 });
  expect(countsOf(program.summary, 'tasks')).toEqual({ received: 1, created: 1 });
  const coerced = (index: number): unknown => at(program.summary, 'streams', index, 'coerced');
  expect(coerced(0)).toEqual({ churnedAt: 1, mrr: 1, name: 1, organizationId: 1, traits: 1 });
  expect(coerced(1)).toEqual({ accountIds: 1, email: 1, joinDate: 1, unsubscribedFromConversations: 1 });
  expect(coerced(2)).toEqual({ assignedToId: 1, dueDate: 1, tags: 1 });
});

test('what would be guessed is refused with its reason', async () => {
  const sandbox = await openSandbox({});
  seedPlaces(sandbox);
  const whole = { accountId: 'acme', name: 'Call' };
  const { program, refused } = await refusedBy(sandbox, {
    streams: [
      { stream: 'tasks', object: 'task' },
      { stream: 'parts', object: 'task', sync_key: ['id', 'part'] },
    ],
    rows: [
      record('tasks', { ...whole, id: 'serial', completedAt: 46_053 }),
      record('tasks', { ...whole, id: 'compact', dueDate: '2026013109' }),
      record('tasks', { ...whole, id: 'nameless', name: ' ' }),
      record('tasks', { ...whole, id: 'long', description: `<p>${'x'.repeat(4_000_000)}` }),
      record('tasks', { ...whole, id: ' ' }),
      record('parts', { ...whole, id: 'a:b', part: 'c' }),
      record('parts', { ...whole, id: 'a', part: 'b' }),
    ],
  });
  expect(countsOf(program.summary, 'tasks')).toEqual({ received: 5, rejected: 5 });
  expect(countsOf(program.summary, 'parts')).toEqual({ received: 2, created: 1, rejected: 1 });
  const { null: _keyless, ...keyed } = Object.fromEntries(
    [...refused].map(([key, row]) => [String(key), row]),
  );
  expect(keyed).toEqual({
    serial: refusal('bad_value', 'completedAt', 'day number'),
    compact: refusal('bad_value', 'dueDate', 'reads as a date'),
    nameless: refusal('missing_field', 'name', 'name'),
    long: refusal('too_large', 'description', '4,000,000 characters'),
  });
  expect(at(program.summary, 'streams', 0, 'rejected_by_code')).toMatchObject({ missing_key: 1 });
  expect(at(program.summary, 'streams', 1, 'rejected_by_code')).toEqual({ bad_key: 1 });
});

test('rows of awkward shapes, a megabyte each, do not keep a signal from being heard', async () => {
  const sandbox = await openSandbox({});
  seedPlaces(sandbox);
  const shapes = ['<b><i>', '<table><tr>', '<svg><style>', '<p>x', '<!--', '<a b="', '\n', '&amp;'];
  const program = await start('write', {
    config: configFor(sandbox, { streams: [{ stream: 'notes', object: 'note' }] }),
    catalog: catalogOf('notes'),
  });
  const rows = Array.from({ length: 200 }, (_, id) => {
    const shape = shapes[id % shapes.length] ?? '';
    const note = shape.repeat(1_000_000 / shape.length);
    return record('notes', {
      id,
      accountId: 'acme',
      noteDate: `2026-01-01T00:00:00.${'0'.repeat(id * 1_000)}Z`,
      note,
    });
  });
  const fed = program.feed([...rows.slice(0, 1), state('notes', 'first'), ...rows.slice(1)]);
  await program.until((one) => one.messagesOf('STATE').length > 0);
  program.kill('SIGTERM');
  const killedAt = Date.now();
  expect(await program.ended).toEqual({ code: 143, signal: null });
  // Those 10 s that what is on the wire may take (Contract 8) are not needed.
  expect(Date.now() - killedAt).toBeLessThan(10_000);
  await fed;
});
