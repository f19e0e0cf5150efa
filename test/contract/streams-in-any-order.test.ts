import { expect, test } from 'vitest';
import { BY_REST, catalogOf, configFor, record, state, streamStatus } from '../support/messages.ts';
import { cursorsOf } from '../support/output.ts';
import { seededRandom } from '../support/random.ts';
import { runCommand } from '../support/run-command.ts';
import { at } from '../support/sandbox/client.ts';
import { openSandbox } from '../support/sandboxes.ts';

const WRITE = ['write', '--config', 'config.json', '--catalog', 'catalog.json'];
const STREAMS = ['messages', 'links', 'notes', 'conversations', 'users', 'accounts', 'organizations'];
const LINKS = { stream: 'links', object: 'user_account', sync_key: ['user_id', 'account_id'] };
const USERS = 6;
const ACCOUNTS = 4;
const MAX_STEPS = 3;

interface Row {
  readonly stream: string;
  /** Rows of one key keep their order. */
  readonly key: string;
  readonly data: Record<string, unknown>;
}

function rowsOf(random: () => number): Row[] {
  const upTo = (count: number): number => Math.floor(random() * count);
  const rows: Row[] = [];
  const add = (stream: string, key: string, data: object): void => {
    const steps = stream === 'links' ? 1 : 1 + upTo(MAX_STEPS);
    for (let step = 1; step <= steps; step++) {
      const changing = ['users', 'accounts', 'organizations'].includes(stream) ? { step } : {};
      rows.push({ stream, key, data: { ...data, ...(stream !== 'links' && { id: key }), ...changing } });
    }
  };
  add('organizations', 'o-0', { name: 'O' });
  for (let index = 0; index < ACCOUNTS; index++)
    add('accounts', `a-${index}`, { name: 'A', organization_id: 'o-0' });
  for (let index = 0; index < USERS; index++) {
    const account_id = `a-${upTo(ACCOUNTS)}`;
    add('users', `u-${index}`, { account_id, email: `u-${index}@x.io` });
    add('links', `l-${index}`, { user_id: `u-${index}`, account_id: `a-${upTo(ACCOUNTS)}` });
    add('notes', `n-${index}`, { account_id, subject: 'S', note: 'N', note_date: '2026-01-02T03:04:05Z' });
    const from = random() < 0.5 ? `u-${index}` : `U-${index}@X.io`;
    add('messages', `m-${index}`, { conversation_id: 'c-0', message: 'Hi', from, to: 'u-0' });
  }
  add('conversations', 'c-0', { subject: 'Plans' });
  return rows;
}

/** Shuffles rows, but those of one key. */
function shuffled(rows: readonly Row[], random: () => number): Row[] {
  const left = [...Map.groupBy(rows, ({ stream, key }) => `${stream} ${key}`).values()].map((all) => [
    ...all,
  ]);
  const result: Row[] = [];
  while (left.length > 0) {
    const place = Math.floor(random() * left.length);
    const next = left[place]?.shift();
    if (next === undefined) left.splice(place, 1);
    else result.push(next);
  }
  return result;
}

function inputOf(rows: readonly Row[], random: () => number): string[] {
  const left = new Map(STREAMS.map((stream) => [stream, rows.filter((row) => row.stream === stream).length]));
  const input: string[] = [];
  let cursor = 0;
  for (const { stream, data } of rows) {
    input.push(record(stream, data));
    if (random() < 0.2) input.push(state(stream, ++cursor));
    left.set(stream, (left.get(stream) ?? 0) - 1);
    if (left.get(stream) === 0) input.push(state(stream, ++cursor), streamStatus(stream));
  }
  return input;
}

test.each(
  [1, 2, 3, 4, 5, 6].flatMap((seed) => [
    { seed, apis: 'REST', overrides: BY_REST },
    { seed, apis: 'both APIs', overrides: {} },
  ]),
)('seed $seed by $apis: every row lands, every STATE leaves in order', async ({ seed, overrides }) => {
  const random = seededRandom(seed);
  const rows = shuffled(rowsOf(random), random);
  const input = inputOf(rows, random);
  const sandbox = await openSandbox();
  const result = await runCommand(WRITE, {
    config: configFor(sandbox, { ...overrides, streams: [LINKS] }),
    catalog: catalogOf(...STREAMS),
    stdin: input,
  });
  expect(result.failure).toBeUndefined();
  for (const stream of STREAMS)
    expect(cursorsOf(result.linesOf('STATE'), stream)).toEqual(cursorsOf(input, stream));
  await sandbox.settle();
  const snapshot = sandbox.snapshot();
  const last = new Map(rows.map(({ stream, key, data }) => [`${stream} ${key}`, data]));
  for (const [name, data] of last) {
    const [stream = '', key = ''] = name.split(' ');
    if (stream === 'links') {
      expect(at(snapshot, 'users', String(data.user_id), 'accounts')).toContain(data.account_id);
      continue;
    }
    const held: unknown = at(snapshot, stream, key);
    expect(held).toBeDefined();
    if ('step' in data) expect(at(held, 'traits', 'step')).toBe(data.step);
  }
});
