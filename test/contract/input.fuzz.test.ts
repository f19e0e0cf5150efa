import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FUZZ_TIMEOUT_MS, fuzz } from '../support/fuzz.ts';
import { chunked } from '../support/input-lines.ts';
import {
  BY_REST,
  catalogOf,
  configFor,
  configured,
  globalState,
  record,
  state,
} from '../support/messages.ts';
import { cursorOf } from '../support/output.ts';
import { runCommand } from '../support/run-command.ts';
import { at } from '../support/sandbox/client.ts';
import { withSandbox } from '../support/sandboxes.ts';

const WRITE = ['write', '--config', 'config.json', '--catalog', 'catalog.json'];
/** One stream has a namespace that its records leave out. */
const STREAMS = ['accounts', 'orders'] as const;

type Item =
  | { readonly kind: 'record' | 'state'; readonly stream: (typeof STREAMS)[number] }
  | { readonly kind: 'global' }
  | { readonly kind: 'noise'; readonly text: string }
  | { readonly kind: 'broken'; readonly stream: (typeof STREAMS)[number]; readonly how: number };

const items: fc.Arbitrary<Item> = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.record({ kind: fc.constantFrom('record', 'state'), stream: fc.constantFrom(...STREAMS) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('global') }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('noise'), text: fc.constantFrom('x', '{', '[1]', '{"a":1}') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('broken'),
      stream: fc.constantFrom(...STREAMS),
      how: fc.nat(6),
    }),
  },
);

function rowOf(stream: string, id: number): string {
  return record(stream, { id, name: `é ${id}` });
}

/** Lines that hold a record and aren't one message, each in another way. */
function broken(stream: string, id: number, how: number): Buffer {
  const text = rowOf(stream, id);
  const ways = [
    `{"type":"LOG","log":{"level":"INFO","message":"x"}}${text}`,
    `${text}\r${text}`,
    `${text}${state(stream, id)}`,
    `\uFEFF${text}`,
    text.slice(0, -5),
    text.replace('"name":', '"mrr":NaN,"name":'),
  ];
  return how < ways.length ? Buffer.from(ways[how] ?? '') : Buffer.from(text, 'latin1');
}

function lineOf(item: Item, index: number): Buffer {
  switch (item.kind) {
    case 'record':
      return Buffer.from(rowOf(item.stream, index));
    case 'state':
      return Buffer.from(state(item.stream, index));
    case 'broken':
      return broken(item.stream, index, item.how);
    case 'noise':
      return Buffer.from(item.text);
    default:
      return Buffer.from(globalState(index));
  }
}

test(
  'every record before a malformed line is written, every STATE before it acknowledged, and none behind it',
  async () => {
    const cases = fc.record({
      lines: fc
        .array(items, { maxLength: 40 })
        .map((all): Item[] => [{ kind: 'record', stream: 'accounts' }, ...all]),
      lineEnd: fc.constantFrom('\n', '\r\n'),
      cuts: fc.array(fc.nat(65_535), { maxLength: 20 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ lines, lineEnd, cuts }) => {
        await withSandbox({ requestsPerMinute: 1_000_000 }, async (_, sandbox) => {
          const bytes = Buffer.concat(
            lines.flatMap((item, index) => [lineOf(item, index), Buffer.from(lineEnd)]),
          );
          const result = await runCommand(WRITE, {
            config: configFor(sandbox, {
              ...BY_REST,
              streams: [{ stream: '*', object: 'account', sync_key: ['id'] }],
            }),
            catalog: catalogOf('accounts', configured('orders', { namespace: 'public' })),
            stdin: Readable.from(chunked(bytes, cuts), { objectMode: false }),
          });
          const end = lines.findIndex(({ kind }) => kind === 'broken');
          const before = end === -1 ? lines : lines.slice(0, end);
          const indexes = (...kinds: readonly Item['kind'][]): number[] =>
            before.flatMap(({ kind }, index) => (kinds.includes(kind) ? [index] : []));
          expect(result.failure?.slice(0, `system_error: line ${end + 1}`.length)).toBe(
            end === -1 ? undefined : `system_error: line ${end + 1}`,
          );
          expect(
            Object.keys(sandbox.snapshot().accounts)
              .map(Number)
              .sort((a, b) => a - b),
          ).toEqual(indexes('record'));
          expect(
            result
              .messagesOf('STATE')
              .map((message) => Number(cursorOf(message).cursor))
              .sort((a, b) => a - b),
          ).toEqual(indexes('state', 'global'));
          expect(at(result.summary, 'ignored_lines')).toBe(indexes('noise').length);
        });
      }),
      fuzz(60),
    );
  },
  FUZZ_TIMEOUT_MS,
);
