import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { isJsonObject } from '../../../../src/json/guards.ts';
import type { Answer } from '../../../../src/vitally/http/answer.ts';
import { Batcher, type BatcherOptions, type Taken } from '../../../../src/write/analytics/batcher.ts';
import type { Message } from '../../../../src/write/analytics/message.ts';
import { Firewall } from '../../../../src/write/firewall.ts';
import { no, ok } from '../../../support/scripted.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function messageOf(name: string, bytes = 0): Message {
  const text = JSON.stringify({ type: name.split('-')[0], name, padding: 'x'.repeat(bytes) });
  return { text, bytes: text.length };
}

/** The names of a request's messages. */
function namesIn(body: string | undefined): string[] {
  const messages: unknown = JSON.parse(body ?? '[]');
  if (!Array.isArray(messages)) return [];
  return messages.map((message: unknown) => (isJsonObject(message) ? String(message.name) : ''));
}

/** A writer to something that answers as `answer` says; `sent` has each request's message names. */
function writerTo(
  answer: (names: readonly string[]) => Answer | Promise<Answer>,
  options: Partial<BatcherOptions> = {},
) {
  const sent: string[][] = [];
  const writer = new Batcher({
    commit: async (request) => {
      expect(request).toMatchObject({ method: 'POST', path: '/analytics/v1/batch' });
      const names = namesIn(request.body);
      sent.push(names);
      return await answer(names);
    },
    maxInFlight: 8,
    now: Date.now,
    types: ['organization', 'account', 'user', 'track'],
    firewall: new Firewall({ api: 'Analytics API', quietMs: 0 }),
    random: () => 0.5,
    ...options,
  });
  const outcomes = new Map<string, Taken['kind'] | 'crashed'>();
  const write = (type: string, ...messages: readonly Message[]): void => {
    const name = namesIn(`[${messages[0]?.text ?? ''}]`)[0] ?? '';
    writer.write(type, messages).then(
      (taken) => outcomes.set(name, taken.kind),
      () => outcomes.set(name, 'crashed'),
    );
  };
  return { writer, sent, outcomes, write };
}

describe('a part-filled batch goes', () => {
  test('after a second', async () => {
    const { sent, write, outcomes } = writerTo(() => ok());
    write('user', messageOf('user-1'));
    await vi.advanceTimersByTimeAsync(500);
    write('user', messageOf('user-2'));
    await vi.advanceTimersByTimeAsync(499);
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toEqual([['user-1', 'user-2']]);
    expect(outcomes).toEqual(
      new Map([
        ['user-1', 'accepted'],
        ['user-2', 'accepted'],
      ]),
    );
  });

  test('20 ms after a STATE came, with the rows that followed at once', async () => {
    const { writer, sent, write } = writerTo(() => ok());
    write('user', messageOf('user-1'));
    writer.flush();
    write('user', messageOf('user-2'));
    await vi.advanceTimersByTimeAsync(19);
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toEqual([['user-1', 'user-2']]);
  });

  test('soon once nothing more is read, and so does what comes up after', async () => {
    const { writer, sent, write } = writerTo(() => ok());
    write('user', messageOf('user-1'));
    writer.endOfInput();
    await vi.advanceTimersByTimeAsync(20);
    write('user', messageOf('user-2'));
    await vi.advanceTimersByTimeAsync(20);
    expect(sent).toEqual([['user-1'], ['user-2']]);
  });
});

describe('a full batch goes at once', () => {
  test('with 100 messages', async () => {
    const { sent, write } = writerTo(() => ok());
    for (let index = 0; index < 201; index++) write('track', messageOf(`track-${index}`));
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.map((names) => names.length)).toEqual([100, 100]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent.map((names) => names.length)).toEqual([100, 100, 1]);
    expect(sent.flat()).toEqual(Array.from({ length: 201 }, (_, index) => `track-${index}`));
  });

  test('with 500 kB', async () => {
    const { sent, write } = writerTo(() => ok());
    for (const name of ['track-1', 'track-2', 'track-3']) write('track', messageOf(name, 200_000));
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual([['track-1', 'track-2']]);
  });
});

test('types are kept apart: a blocked one takes no other down', async () => {
  const { sent, write, outcomes } = writerTo((names) =>
    names.some((name) => name.startsWith('organization')) ? no('refused', 'Bad Request') : ok(),
  );
  for (const type of ['user', 'organization', 'account']) write(type, messageOf(`${type}-1`));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sent).toEqual([['organization-1'], ['account-1'], ['user-1']]);
  expect(outcomes).toEqual(
    new Map([
      ['organization-1', 'refused'],
      ['account-1', 'accepted'],
      ['user-1', 'accepted'],
    ]),
  );
});

test('of full batches the parents’ goes first when there is room for one', async () => {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const { sent, write } = writerTo(() => promise, { maxInFlight: 1 });
  write('track', messageOf('track-0'));
  await vi.advanceTimersByTimeAsync(1_000);
  for (const type of ['user', 'account', 'organization'])
    for (let index = 0; index < 100; index++) write(type, messageOf(`${type}-${index}`));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(sent.map((names) => names[0])).toEqual(['track-0']);
  resolve(ok());
  await vi.advanceTimersByTimeAsync(0);
  expect(sent.map((names) => names[0])).toEqual(['track-0', 'organization-0', 'account-0', 'user-0']);
});

test('so many requests are on the wire at a time as are allowed', async () => {
  let onWire = 0;
  let most = 0;
  const { writer, write } = writerTo(
    async () => {
      onWire += 1;
      most = Math.max(most, onWire);
      await new Promise((resolve) => setTimeout(resolve, 100));
      onWire -= 1;
      return ok();
    },
    { maxInFlight: 3 },
  );
  for (let index = 0; index < 1_000; index++) write('track', messageOf(`track-${index}`));
  await vi.advanceTimersByTimeAsync(50);
  expect(writer.inFlight).toBe(3);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(most).toBe(3);
  expect(writer.inFlight).toBe(0);
});

describe('a refused batch is halved until the bad rows stand alone', () => {
  test.each([
    { bad: [0], requests: 4 },
    { bad: [99], requests: 15 },
    { bad: [3, 4], requests: undefined },
    { bad: [0, 33, 66, 99], requests: undefined },
  ])('bad: $bad of 100', async ({ bad, requests }) => {
    const isBad = (name: string): boolean => bad.includes(Number(name.split('-')[1]));
    const { sent, write, outcomes } = writerTo((names) => (names.some(isBad) ? no('refused') : ok()));
    for (let index = 0; index < 100; index++) write('track', messageOf(`track-${index}`));
    await vi.advanceTimersByTimeAsync(0);
    const refused = [...outcomes].filter(([, kind]) => kind === 'refused').map(([name]) => name);
    expect(refused).toEqual(bad.map((index) => `track-${index}`));
    expect(outcomes.size).toBe(100);
    const landed = sent.filter((names) => !names.some(isBad)).flat();
    expect(landed.sort()).toEqual([...new Set(landed)].sort());
    expect(landed).toHaveLength(100 - bad.length);
    if (requests !== undefined) expect(sent).toHaveLength(requests);
    expect(sent.length).toBeLessThanOrEqual(9 + bad.length * 2 * Math.ceil(Math.log2(100)));
  });

  test('too large counts as refused too', async () => {
    const { sent, write, outcomes } = writerTo((names) => (names.length > 2 ? no('too_large') : ok()));
    for (let index = 0; index < 5; index++) write('track', messageOf(`track-${index}`));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(new Set(outcomes.values())).toEqual(new Set(['accepted']));
    expect(sent.map((names) => names.length)).toEqual([5, 3, 2, 1, 2]);
  });

  test('a row of several messages is refused when one of them is', async () => {
    const { write, outcomes } = writerTo((names) => (names.includes('user-1b') ? no('refused') : ok()));
    write('user', messageOf('user-1a'), messageOf('user-1b'));
    write('user', messageOf('user-2'));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(outcomes).toEqual(
      new Map([
        ['user-1a', 'refused'],
        ['user-2', 'accepted'],
      ]),
    );
  });
});

test('a row of more messages than a request takes goes in several', async () => {
  const { sent, write, outcomes } = writerTo(() => ok());
  write('user', ...Array.from({ length: 150 }, (_, index) => messageOf(`user-1.${index}`)));
  await vi.advanceTimersByTimeAsync(0);
  expect(sent.map((names) => names.length)).toEqual([100, 50]);
  expect(outcomes.get('user-1.0')).toBe('accepted');
});

test('an error that ends the run reaches every row of the batch and no other', async () => {
  const { write, outcomes, writer } = writerTo((names) => {
    if (names.includes('user-2')) throw new Error('unreachable');
    return ok();
  });
  write('user', messageOf('user-1'));
  write('user', messageOf('user-2'));
  write('track', messageOf('track-1'));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(outcomes).toEqual(
    new Map([
      ['user-1', 'crashed'],
      ['user-2', 'crashed'],
      ['track-1', 'accepted'],
    ]),
  );
  expect(writer.inFlight).toBe(0);
});

test('once stopped it sends nothing more', async () => {
  const { writer, sent, write } = writerTo(() => ok());
  write('user', messageOf('user-1'));
  writer.stop();
  write('user', messageOf('user-2'));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(sent).toEqual([]);
});

test('a type that nobody announced is a bug', async () => {
  const { writer } = writerTo(() => ok());
  await expect(writer.write('unlink', [messageOf('unlink-1')])).rejects.toThrow('unlink');
});
