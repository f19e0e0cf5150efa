import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { run } from '../../../src/cli.ts';
import type { Sandbox } from '../../../src/sandbox/index.ts';
import { configFor, configured } from '../airbyte-messages.ts';
import { chunked } from '../input-lines.ts';
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
function descriptor(name: string, { namespaced }: Scenario, named: boolean): Record<string, unknown> {
  return namespaced && named ? { name, namespace: 'mart' } : { name };
}

function stateLine(state: StateOfInput, scenario: Scenario): string {
  const { id, stream } = state;
  const body =
    stream === undefined
      ? { type: 'GLOBAL', global: { shared_state: { id }, stream_states: [] } }
      : {
          type: 'STREAM',
          stream: { stream_descriptor: descriptor(stream, scenario, id % 2 === 0), stream_state: { id } },
        };
  return JSON.stringify({ type: 'STATE', state: body });
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
    lines.push(stateLine(state, scenario));
  };
  const complete = (name: string): void => {
    const stream_status = { stream_descriptor: descriptor(name, scenario, true), status: 'COMPLETE' };
    lines.push(
      JSON.stringify({ type: 'TRACE', trace: { type: 'STREAM_STATUS', emitted_at: 1, stream_status } }),
    );
  };
  if (scenario.statuses) for (const { name } of STREAMS) if (!last.has(name)) complete(name);
  for (const [index, { draw, data }] of rows.entries()) {
    const { name: stream, namespace } = descriptor(draw.stream.name, scenario, draw.naming === 0);
    lines.push(JSON.stringify({ type: 'RECORD', record: { stream, namespace, data, emitted_at: 1 } }));
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

function catalogOf({ apis, namespaced }: Scenario): object {
  const streams = STREAMS.filter(({ kind }) => kind !== 'events' || apis === 'both');
  return { streams: streams.map(({ name }) => configured(name, namespaced ? { namespace: 'mart' } : {})) };
}

export interface Ending {
  readonly code: number;
  readonly stderr: string;
  readonly messages: readonly object[];
}

/** Runs `write` in this process; every STATE is seen at the moment it is printed. */
export async function carryOut(
  { url, cwd }: { readonly url: string; readonly cwd: string },
  scenario: Scenario,
  lines: readonly string[],
  onState: (message: object) => void,
): Promise<Ending> {
  await writeFile(join(cwd, 'config.json'), JSON.stringify(configOf(url, scenario)));
  await writeFile(join(cwd, 'catalog.json'), JSON.stringify(catalogOf(scenario)));
  const messages: object[] = [];
  let rest = '';
  let stderr = '';
  const stdout = new Writable({
    write(chunk: Buffer, _encoding, done) {
      const parts = (rest + chunk.toString()).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) {
        const message: object = JSON.parse(part);
        messages.push(message);
        if (at(message, 'type') === 'STATE') onState(message);
      }
      done();
    },
  });
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  const code = await run(['write', '--config', 'config.json', '--catalog', 'catalog.json'], {
    stdin: Readable.from(chunked(bytes, scenario.cuts), { objectMode: false }),
    stdout,
    stderr: new Writable({
      write(chunk: Buffer, _encoding, done) {
        stderr += chunk.toString();
        done();
      },
    }),
    env: {},
    cwd,
    onSignal: () => () => {},
  });
  return { code, stderr, messages };
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
