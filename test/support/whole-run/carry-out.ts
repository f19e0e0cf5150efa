import { Readable } from 'node:stream';
import type { Sandbox } from '../../../src/sandbox/index.ts';
import { chunked } from '../input-lines.ts';
import {
  catalogOf,
  configFor,
  configured,
  globalState,
  record,
  state as stateLine,
  streamStatus,
} from '../messages.ts';
import type { Message } from '../output.ts';
import { type Result, runCommand } from '../run-command.ts';
import { at } from '../sandbox/client.ts';
import type { Row } from './rows.ts';
import { type Scenario, STREAMS } from './streams.ts';

export interface StateOfInput {
  readonly id: number;
  /** `undefined` for one of the whole input. */
  readonly stream: string | undefined;
  /** Rows before it. */
  readonly rows: number;
}

export interface Input {
  readonly lines: readonly string[];
  readonly states: readonly StateOfInput[];
  readonly noise: number;
}

/** A stream's messages name their namespace or leave it out. */
function namespaceOf({ namespaced }: Scenario, named: boolean): string | undefined {
  return namespaced && named ? 'mart' : undefined;
}

/** The rows as lines, with STATEs, statuses and noise between them. */
export function inputOf(rows: readonly Row[], scenario: Scenario): Input {
  const lines: string[] = [];
  const states: StateOfInput[] = [];
  let noise = 0;
  const last = new Map(rows.map((row, index) => [row.draw.stream.name, index]));
  const add = (stream: string | undefined, count: number): void => {
    const state = { id: states.length, stream, rows: count };
    states.push(state);
    const { id } = state;
    lines.push(
      stream === undefined ? globalState(id) : stateLine(stream, id, namespaceOf(scenario, id % 2 === 0)),
    );
  };
  const complete = (name: string): void => {
    lines.push(streamStatus(name, 'COMPLETE', namespaceOf(scenario, true)));
  };
  if (scenario.statuses) for (const { name } of STREAMS) if (!last.has(name)) complete(name);
  for (const [index, { draw, data }] of rows.entries()) {
    lines.push(record(draw.stream.name, data, namespaceOf(scenario, draw.naming === 0)));
    if (draw.noise) noise += lines.push('no message') > 0 ? 1 : 0;
    if (draw.state === 'own') add(draw.stream.name, index + 1);
    if (draw.state === 'global') add(undefined, index + 1);
    if (draw.state === 'stranger') add('stranger', index + 1);
    if (scenario.statuses && last.get(draw.stream.name) === index) complete(draw.stream.name);
  }
  return { lines, states, noise };
}

function configOf(url: string, scenario: Scenario): Record<string, unknown> {
  const { apis, skipUnchanged, replace, ifEmpty, keepNulls, deletes, policy } = scenario;
  const streams = STREAMS.filter(({ kind }) => kind !== 'events' || apis === 'both').map((plan) => ({
    ...plan.entry,
    ...(replace && ['users', 'notes', 'tasks'].includes(plan.kind) && { relations: 'replace' }),
    ...(plan.name === 'accounts_rest' && {
      write_via: 'rest',
      ...(ifEmpty && { if_empty: ['traits.plan'] }),
    }),
    ...(keepNulls && plan.kind === 'users' && { nulls: 'keep' }),
    ...(plan.name === 'notes' && deletes && { deleted_rows: 'delete' }),
  }));
  return configFor(
    { url },
    {
      ...(apis === 'rest' && { analytics_api_token: undefined }),
      skip_unchanged: skipUnchanged,
      rejected_records: { policy },
      streams,
    },
  );
}

function catalogFor({ apis, namespaced }: Scenario): object {
  const streams = STREAMS.filter(({ kind }) => kind !== 'events' || apis === 'both');
  return catalogOf(...streams.map(({ name }) => configured(name, namespaced ? { namespace: 'mart' } : {})));
}

/** Runs `write` in this process; every STATE is seen at the moment it is printed. */
export function carryOut(
  { url, cwd }: { readonly url: string; readonly cwd: string },
  scenario: Scenario,
  lines: readonly string[],
  onState: (message: Message) => void,
): Promise<Result> {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  return runCommand(['write', '--config', 'config.json', '--catalog', 'catalog.json'], {
    config: configOf(url, scenario),
    catalog: catalogFor(scenario),
    stdin: Readable.from(chunked(bytes, scenario.cuts), { objectMode: false }),
    onMessage: (message) => {
      if (message.type === 'STATE') onState(message);
    },
    cwd,
  });
}

/** What a sandbox holds, in the form of the model's content. */
export function heldBy(sandbox: Sandbox): Record<string, Record<string, object>> {
  const { organizations, accounts, users, notes, tasks, instances } = sandbox.snapshot();
  const kinds = { organizations, accounts, users, notes, tasks, sites: at(instances, 'site') };
  return Object.fromEntries(
    Object.entries(kinds).map(([kind, records]) => [
      kind,
      Object.fromEntries(
        Object.entries(records ?? {})
          .filter(([, record]) => at(record, 'archived') !== true)
          .map(([key, record]) => [key, flat(record)]),
      ),
    ]),
  );
}

const SHOWN = ['name', 'email', 'organization', 'accounts', 'note', 'tags', 'plan', 'seats', 'step'];

function flat(record: unknown): object {
  const { traits, accountId, customerId, ...fields } = record as Record<string, unknown>;
  const account = accountId ?? customerId;
  const all = { ...fields, ...(traits as object), ...(account !== undefined && { accountId: account }) };
  const kept = Object.entries(all).filter(
    ([name, value]) =>
      [...SHOWN, 'accountId'].includes(name) && value !== null && !(name === 'tags' && isEmpty(value)),
  );
  const plain = kept.map(([name, value]) => [name, plainOf(name, value)] as const);
  return Object.fromEntries(plain.sort());
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function plainOf(name: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.toSorted();
  return name === 'email' ? String(value).toLowerCase() : value;
}
