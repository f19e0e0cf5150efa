import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/json/json.ts';
import type { Route } from '../../src/mapping/route.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { lateProxy } from '../support/late-proxy.ts';
import { seededRandom } from '../support/random.ts';
import { routeOf } from '../support/routes.ts';
import { type InputRow, runRows } from '../support/runs.ts';
import { at } from '../support/sandbox/client.ts';
import { openSandbox } from '../support/sandboxes.ts';

const SEEDS = [1, 2, 3, 4, 5, 6];
const MAX_LATE_MS = 12;
const RECORDS = 6;
const ROUNDS = 4;

function pick<T>(random: () => number, of: readonly T[]): T {
  const one = of[Math.floor(random() * of.length)];
  if (one === undefined) throw new Error('nothing to pick from');
  return one;
}

function idOf(record: JsonObject): string {
  return String(record.id);
}

/** One object whose rows name a record in several ways. */
interface Naming {
  readonly title: string;
  readonly profile?: readonly string[];
  seed(sandbox: Sandbox): void;
  readonly routes: readonly Route[];
  /** A row that sets the record's `step`, by one of its names. */
  row(sandbox: Sandbox, index: number, step: number, random: () => number): InputRow;
  /** The `step` that each record holds in the end. */
  steps(sandbox: Sandbox): unknown[];
}

function route(object: Parameters<typeof routeOf>[0], stream: string, more: Partial<Route> = {}): Route {
  const matchOn = more.matchOn ?? 'externalId';
  return routeOf(object, { stream, matchOn, keyColumns: [matchOn], ...more });
}

function byBothIds(object: 'account' | 'organization', plural: 'accounts' | 'organizations'): Naming {
  return {
    title: `${object} by both ids`,
    seed: (sandbox) =>
      sandbox.seed(
        plural,
        Array.from({ length: RECORDS }, (_, index) => ({ externalId: `x-${index}`, name: 'X' })),
      ),
    routes: [
      route(object, 'own'),
      route(object, 'batched', { transport: 'analytics' }),
      route(object, 'theirs', { matchOn: 'id', mode: 'update' }),
    ],
    row: (sandbox, index, step, random) => {
      const id = String(sandbox[plural].byExternalId(`x-${index}`)?.id);
      return pick<InputRow>(random, [
        ['own', { externalId: `x-${index}`, name: 'X', step }],
        ['batched', { externalId: `x-${index}`, name: 'X', step }],
        ['theirs', { id, step }],
      ]);
    },
    steps: (sandbox) =>
      Array.from({ length: RECORDS }, (_, index) =>
        at(sandbox[plural].byExternalId(`x-${index}`), 'traits', 'step'),
      ),
  };
}

function seedUsers(sandbox: Sandbox): void {
  sandbox.seed('accounts', [{ externalId: 'a', name: 'A' }]);
  sandbox.seed(
    'users',
    Array.from({ length: RECORDS }, (_, index) => ({
      externalId: `u-${index}`,
      email: `u${index}@x.test`,
      accountIds: ['a'],
    })),
  );
}

const USERS: Naming = {
  title: 'user by both ids and e-mail, over both APIs',
  seed: seedUsers,
  routes: [
    route('user', 'own'),
    route('user', 'batched', { transport: 'analytics' }),
    route('user', 'theirs', { matchOn: 'id', mode: 'update' }),
    route('user', 'mail', { matchOn: 'email', mode: 'update' }),
    route('user', 'mail-upsert', { matchOn: 'email' }),
  ],
  row: (sandbox, index, step, random) =>
    pick<InputRow>(random, [
      ['own', { externalId: `u-${index}`, step }],
      ['batched', { externalId: `u-${index}`, accountIds: ['a'], step }],
      ['theirs', { id: String(sandbox.users.byExternalId(`u-${index}`)?.id), step }],
      ['mail', { email: `U${index}@x.test`, step }],
      ['mail-upsert', { email: `u${index}@x.test`, externalId: `u-${index}`, accountIds: ['a'], step }],
    ]),
  steps: (sandbox) =>
    Array.from({ length: RECORDS }, (_, index) =>
      at(sandbox.users.byExternalId(`u-${index}`), 'traits', 'step'),
    ),
};

const NEW_USERS: Naming = {
  ...USERS,
  title: 'user that the run makes, by its id and e-mail',
  seed: (sandbox) => sandbox.seed('accounts', [{ externalId: 'a', name: 'A' }]),
  row: (_sandbox, index, step, random) => {
    const row = { externalId: `u-${index}`, email: `u${index}@x.test`, accountIds: ['a'], step };
    return pick<InputRow>(random, [
      ['own', row],
      ['mail-upsert', row],
    ]);
  },
};

const ITEMS: readonly Naming[] = (['note', 'task'] as const).map((object) => ({
  title: `${object} by both ids`,
  seed: (sandbox) => {
    sandbox.seed('accounts', [{ externalId: 'a', name: 'A' }]);
    sandbox.seed(
      `${object}s`,
      Array.from({ length: RECORDS }, (_, index) => ({
        externalId: `n-${index}`,
        accountId: 'a',
        ...(object === 'note' ? { note: 'x', noteDate: '2026-01-31T00:00:00.000Z' } : { name: 'x' }),
      })),
    );
  },
  routes: [
    route(object, 'own', { mode: 'update' }),
    route(object, 'theirs', { matchOn: 'id', mode: 'update' }),
  ],
  row: (sandbox, index, step, random) =>
    pick<InputRow>(random, [
      ['own', { externalId: `n-${index}`, step }],
      ['theirs', { id: idOf(sandbox.items(`${object}s`).byExternalId(`n-${index}`) ?? {}), step }],
    ]),
  steps: (sandbox) =>
    Array.from({ length: RECORDS }, (_, index) =>
      at(sandbox.items(`${object}s`).byExternalId(`n-${index}`), 'traits', 'step'),
    ),
}));

const ALL = [
  byBothIds('account', 'accounts'),
  byBothIds('organization', 'organizations'),
  USERS,
  NEW_USERS,
  ...ITEMS,
];

describe.each(ALL)('$title', (naming) => {
  test.each(SEEDS)('takes effect in the order of the input (seed %i)', async (seed) => {
    const sandbox = await openSandbox({ profile: [...(naming.profile ?? [])] });
    naming.seed(sandbox);
    const random = seededRandom(seed);
    const rows: InputRow[] = [];
    const last: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      for (let index = 0; index < RECORDS; index++) {
        const step = round * 100 + index;
        rows.push(naming.row(sandbox, index, step, random));
        last[index] = step;
      }
    }
    const url = await lateProxy(sandbox.url, seed, MAX_LATE_MS);
    const { error } = await runRows(sandbox, naming.routes, rows, url);
    expect(error).toBeUndefined();
    await sandbox.settle();
    expect(naming.steps(sandbox)).toEqual(last);
    expect(sandbox.maxConcurrentPerKey).toBeLessThanOrEqual(1);
  });
});
