import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Sandbox, Snapshot } from '../../src/sandbox/index.ts';
import { BY_REST, catalogOf, configFor, record } from '../support/messages.ts';
import { type Result, runCommand } from '../support/run-command.ts';
import { at } from '../support/sandbox/client.ts';
import { openSandbox } from '../support/sandboxes.ts';

const WRITE = ['write', '--config', 'config.json', '--catalog', 'catalog.json'];
const BY_ANALYTICS = { rest_api_token: undefined };

const text = fc.constantFrom('one', 'two', '', 'null', '7');
const value = fc.oneof(text, fc.constant(null), fc.integer({ min: 0, max: 9 }), fc.boolean());
const day = fc.constantFrom('2026-01-31', '2026-02-01T09:30:00Z', null);

/**
 * Columns of any object but `avatar`, which REST takes of users alone and else among the traits (vitally-api.md,
 * "Accounts"): how that shows is documented nowhere. Among them traits that are named like fields of it, in every
 * place that a trait may come from.
 */
const OTHERS = {
  plan: value,
  seats: value,
  createdAt: day,
  created_at: day,
  external_id: value,
  email: fc.constantFrom('a@x.test', 'b@x.test', null),
  mrr: fc.constantFrom(1, 2, null),
  joinDate: day,
  description: text,
  traits: fc.dictionary(fc.constantFrom('name', 'email', 'createdAt', 'plan', 'x'), value, {
    maxKeys: 3,
  }),
  _ab_cdc_lsn: fc.integer(),
  named_like_a_field: text,
} as const;

const FIELDS = [{ source: 'named_like_a_field', destination: 'traits.name' }];

const OBJECTS: Record<string, { entry: object; needed: Record<string, fc.Arbitrary<unknown>> }> = {
  organization: { entry: { object: 'organization' }, needed: { name: text.filter((name) => name !== '') } },
  account: {
    entry: { object: 'account' },
    needed: { name: text.filter((name) => name !== ''), organization_id: fc.constantFrom('o1', 'o2') },
  },
  user: {
    entry: { object: 'user' },
    needed: { accountIds: fc.constantFrom(['a1'], ['a1', 'a2']), name: text },
  },
  custom_object: {
    entry: { object: 'custom_object:Site' },
    needed: { name: text.filter((name) => name !== ''), accountId: fc.constantFrom('a1', 'a2') },
  },
};

async function openWorkspace(): Promise<Sandbox> {
  const sandbox = await openSandbox();
  sandbox.seed('organizations', [
    { externalId: 'o1', name: 'O1' },
    { externalId: 'o2', name: 'O2' },
  ]);
  sandbox.seed('accounts', [
    { externalId: 'a1', name: 'A1' },
    { externalId: 'a2', name: 'A2' },
  ]);
  sandbox.seed('customObjects', [{ name: 'site', label: 'Site', writeMode: 'writable' }]);
  return sandbox;
}

async function written(
  entry: object,
  rows: readonly object[],
  tokens: object,
): Promise<{ content: Snapshot; result: Result }> {
  const sandbox = await openWorkspace();
  // Without REST a custom object is known by Vitally's id alone.
  const site = `custom_object:${String(at(sandbox.items('customObjects').all()[0], 'id'))}`;
  const result = await runCommand(WRITE, {
    config: configFor(sandbox, {
      streams: [
        {
          stream: 'rows',
          sync_key: ['key'],
          fields: FIELDS,
          ...entry,
          ...('custom_object:Site' === at(entry, 'object') && { object: site }),
        },
      ],
      ...tokens,
    }),
    catalog: catalogOf('rows'),
    stdin: rows.map((row) => record('rows', row)),
  });
  await sandbox.settle();
  return { content: sandbox.snapshot(), result };
}

/** What was rejected, which is decided before an API is. */
function rejections(result: Result): unknown {
  return at(result.summary, 'streams', '0', 'rejected_by_code');
}

describe.each(Object.entries(OBJECTS))('a row of %s', (_, { entry, needed }) => {
  const row = fc
    .tuple(fc.record(needed), fc.record(OTHERS, { requiredKeys: [] }), fc.constantFrom('k1', 'k2'))
    .map(([must, may, key]) => ({ key, ...must, ...may }));
  const rows = fc.array(row, { minLength: 1, maxLength: 4 });

  test('leaves Vitally the same by REST alone and with both tokens', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        const rest = await written(entry, given, BY_REST);
        const both = await written(entry, given, {});
        expect(rejections(both.result)).toEqual(rejections(rest.result));
        expect(both.content).toEqual(rest.content);
      }),
      { numRuns: 8 },
    );
  }, 60_000);

  test('without a REST token is written as REST would write it, or rejected', async () => {
    await fc.assert(
      fc.asyncProperty(row, async (given) => {
        const rest = await written(entry, [given], BY_REST);
        const analytics = await written(entry, [given], BY_ANALYTICS);
        const untouched = await openWorkspace();
        const isRefused = analytics.result.failure !== undefined;
        expect(analytics.content).toEqual(isRefused ? untouched.snapshot() : rest.content);
      }),
      { numRuns: 8 },
    );
  }, 60_000);
});
