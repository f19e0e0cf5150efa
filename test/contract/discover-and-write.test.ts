import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/json/json.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { BY_REST, configFor, record } from '../support/messages.ts';
import { leastRow, type Offered, offeredBy, seedHeld } from '../support/objects/offered.ts';
import { seedPlaces } from '../support/objects/places.ts';
import { countsOf } from '../support/output.ts';
import { type Result, runInProcess } from '../support/run-command.ts';
import { openSandbox, withSandbox } from '../support/sandboxes.ts';

const BY_ANALYTICS = { rest_api_token: undefined };
const UNHURRIED = 1_000_000;

/** A catalog as the platform makes it of a mapped stream: the columns that are mapped, and whatever else may come. */
function mapped({ object, syncMode, key, properties }: Offered, columns: readonly string[]): object {
  const schema = Object.fromEntries(columns.map((name) => [name, properties[name]]));
  return {
    streams: [
      {
        stream: {
          name: 'rows',
          json_schema: { type: 'object', properties: schema, additionalProperties: true },
          supported_sync_modes: ['full_refresh'],
        },
        sync_mode: 'full_refresh',
        destination_sync_mode: syncMode,
        destination_object_name: object,
        primary_key: key.map((name) => [name]),
      },
    ],
  };
}

async function write(sandbox: Sandbox, offered: Offered, row: JsonObject, more: object): Promise<Result> {
  const config = configFor(sandbox, { verify_accepted: 'off', ...more });
  return await runInProcess('write', { config, catalog: mapped(offered, Object.keys(row)) }, [
    record('rows', row),
  ]);
}

/** What an operation does to a row of its required properties alone, in a workspace of its own. */
async function outcomeOf(offered: Offered, more: object): Promise<unknown> {
  let outcome: unknown;
  await withSandbox({ requestsPerMinute: UNHURRIED }, async (_api, sandbox) => {
    seedHeld(sandbox);
    const program = await write(sandbox, offered, leastRow(sandbox, offered), more);
    const { received, ...counts } = program.summary === undefined ? {} : countsOf(program.summary, 'rows');
    outcome = program.failure ?? Object.keys(counts).join(' and ');
  });
  return outcome;
}

const WANTED: Readonly<Record<string, readonly string[]>> = {
  // Of a record that is there, nothing but the key may be required, so that nothing changes.
  append_dedup: ['created', 'updated', 'unchanged', 'accepted'],
  append: ['created', 'accepted'],
  update: ['updated', 'unchanged'],
  soft_delete: ['deleted', 'accepted'],
};

const CONNECTIONS = [
  ['both tokens', {}],
  ['the REST token', BY_REST],
  ['the Analytics token', BY_ANALYTICS],
] as const;

function nameOf({ object, syncMode, key }: Offered): string {
  return [object, syncMode, ...key].join(' ');
}

describe.each(CONNECTIONS)('with %s', (_tokens, more) => {
  test('every operation that is offered writes a row of its required properties alone', async () => {
    const sandbox = await openSandbox();
    seedPlaces(sandbox);
    const unwanted: string[] = [];
    for (const offered of await offeredBy(configFor(sandbox, more))) {
      const outcome = String(await outcomeOf(offered, more));
      const wanted = WANTED[offered.syncMode]?.includes(outcome);
      if (wanted !== true) unwanted.push(`${nameOf(offered)}: ${outcome}`);
    }
    expect(unwanted).toEqual([]);
  });

  test('an append needs no key in the catalog beside the properties that it requires', async () => {
    const sandbox = await openSandbox();
    seedPlaces(sandbox);
    const appends = (await offeredBy(configFor(sandbox, more))).filter(
      ({ syncMode, key, required }) => syncMode === 'append' && key.every((name) => required.includes(name)),
    );
    for (const offered of appends) {
      const outcome = await outcomeOf({ ...offered, key: [] }, more);
      expect([nameOf(offered), WANTED.append]).toEqual([nameOf(offered), expect.arrayContaining([outcome])]);
    }
  });
});

/** The failure of a sync without rows that maps all of an operation's properties. */
async function failureOf(sandbox: Sandbox, offered: Offered, more: object): Promise<string | undefined> {
  const { required, key, properties } = offered;
  const columns = new Set([...Object.keys(properties), ...required, ...key]);
  const catalog = mapped(offered, [...columns]);
  return (await runInProcess('write', { config: configFor(sandbox, more), catalog })).failure;
}

test.each<readonly [string, object]>([
  ...CONNECTIONS.slice(1),
  ['both tokens, all through REST', { write_via: 'rest' }],
  ['both tokens, all through the Analytics API', { write_via: 'analytics' }],
])('with %s, what is offered is what write takes, and nothing less', async (_tokens, more) => {
  const sandbox = await openSandbox();
  seedPlaces(sandbox);
  const all = await offeredBy(configFor(sandbox));
  const offered = await offeredBy(configFor(sandbox, more));
  const taken: string[] = [];
  for (const one of all) {
    const same = offered.find((other) => nameOf(other) === nameOf(one));
    // Only what can be looked up through REST has this name.
    if (one.object.startsWith('custom_object:') && same === undefined) continue;
    const failure = await failureOf(sandbox, same ?? one, more);
    if (failure === undefined) taken.push(nameOf(one));
    else expect(failure).toMatch(/^config_error: .*(_api_token|write_via)/);
  }
  expect(offered.map(nameOf)).toEqual(taken);
});

test('with the Analytics token, a property that only REST takes is not offered', async () => {
  const sandbox = await openSandbox();
  const properties = async (more: object): Promise<string[]> => {
    const operations = await offeredBy(configFor(sandbox, more));
    const upsert = operations.find((one) => nameOf(one) === 'user append_dedup externalId');
    return Object.keys(upsert?.properties ?? {});
  };
  const [whole, less] = [await properties({}), await properties(BY_ANALYTICS)];
  expect(whole.filter((name) => !less.includes(name))).toEqual(['unsubscribedFromConversations']);
});
