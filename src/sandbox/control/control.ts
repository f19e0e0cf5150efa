import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal } from '../answer.ts';
import { parseFaultPlan } from '../faults/fault-plan.ts';
import { deliver, jsonAnswer } from '../http/deliver.ts';
import { readBody } from '../http/read-body.ts';
import type { Target } from '../http/target.ts';
import { field, isObject, type JsonObject, type JsonValue, parseJson } from '../json.ts';
import type { State } from '../state.ts';
import { ITEM_KINDS } from '../store/records.ts';
import type { World } from '../store/world.ts';
import { seed } from './seed.ts';
import { seedWhole } from './seed-file.ts';
import { snapshot } from './snapshot.ts';

/** Requests that `GET /sandbox/requests` shows without `?limit=`. */
const DEFAULT_SHOWN_REQUESTS = 10_000;

interface Control {
  /** What it does, for the docs. */
  readonly meaning: string;
  readonly run: (state: State, body: JsonObject, query: URLSearchParams) => unknown;
}

/** What a person or a test may control in a sandbox that runs as a process of its own: docs/sandbox.md. */
export const CONTROLS: Readonly<Record<string, Control>> = {
  'GET snapshot': {
    meaning: 'everything it holds, by external id and without ids and times of its own, to compare two runs',
    run: ({ world }) => snapshot(world),
  },
  'GET requests': {
    meaning: 'the last requests with their bodies, oldest first; `?limit=` says how many (10000)',
    run: ({ log }, _body, query) => log.last(Number(query.get('limit') ?? DEFAULT_SHOWN_REQUESTS)),
  },
  'GET stats': { meaning: 'how many records and requests there are', run: stats },
  'POST seed': {
    meaning: 'puts records in: `{"kind": "accounts", "objects": […]}`, or a whole seed as `--seed` takes it',
    run: putIn,
  },
  'POST clear': {
    meaning: 'drops records, runs and requests; switches and faults stay',
    run: (state) => state.clear(),
  },
  'POST profile': {
    meaning: 'sets the switches: `{"switches": ["not-found-400"]}`; the others are off',
    run: (state, body) => state.setProfile(texts(field(body, 'switches'))),
  },
  'POST faults': {
    meaning:
      'sets the faults: `{"rate": 0.1, "kinds": ["503"], "seed": 1, "paths": "accounts", "limit": 5, "resetSeconds": 2}`, ' +
      'or request by request `{"sequence": ["none", "429"]}`; `{}` ends them',
    run: (state, body) => state.setFaults(parseFaultPlan(body)),
  },
  'POST stall': { meaning: 'answers nothing until `release`', run: ({ gate }) => gate.shut() },
  'POST release': { meaning: 'answers what `stall` kept', run: ({ gate }) => gate.open() },
  'POST settle': {
    meaning: 'answers when every Analytics message is applied (`--analytics-delay-ms`)',
    run: ({ inbox }) => inbox.settle(),
  },
};

function putIn(state: State, body: JsonObject): unknown {
  const kind = field(body, 'kind');
  if (kind !== undefined) return seed(state.context, String(kind), field(body, 'objects') ?? null);
  const { put, faults } = seedWhole(state.context, body);
  if (faults.length === 0) return undefined;
  const lines = faults.map(({ path, problem, fix }) => `/${path.join('/')}: ${problem}; ${fix}`);
  throw new RangeError(`${put} put in, ${faults.length} not: ${lines.join(' · ')}`);
}

function stats({ world, log, inbox, concurrency }: State) {
  const requests = log.totals;
  return {
    organizations: world.organizations.size,
    accounts: world.accounts.size,
    users: world.users.size,
    events: world.events.size,
    ...itemSizes(world),
    collectionDeletes: world.collectionDeletes,
    requests,
    pendingBatches: inbox.pending,
    maxConcurrent: concurrency.highest,
    maxConcurrentPerKey: concurrency.highestPerKey,
  };
}

/** The number of records of each kind that has any. */
function itemSizes(world: World): Record<string, number> {
  const instances = [...world.instances.values()].reduce((sum, { size }) => sum + size, 0);
  const sizes = [
    ...ITEM_KINDS.map((kind) => [kind, world.items(kind).size] as const),
    ['instances', instances] as const,
  ];
  return Object.fromEntries(sizes.filter(([, size]) => size > 0));
}

/** Answers below `/sandbox/`: 204 where there is nothing to say, 400 with a reason where the body is wrong. */
export async function serveControl(
  state: State,
  target: Target,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const control = CONTROLS[`${request.method} ${target.pathname.slice('/sandbox/'.length)}`];
  if (control === undefined)
    return void deliver(response, jsonAnswer(404, { error: 'no such endpoint' }), undefined);
  try {
    const body = await readBody(request);
    const parsed = body.length === 0 ? {} : parseJson(body.toString());
    if (!isObject(parsed)) throw new RangeError('the body must be a JSON object');
    const result = await control.run(state, parsed, target.query);
    deliver(response, wire(result), undefined);
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof SyntaxError || error instanceof Refusal))
      throw error;
    deliver(response, jsonAnswer(400, { error: error.message }), undefined);
  }
}

function wire(result: unknown) {
  if (result === undefined) return jsonAnswer(204, undefined);
  return { ...jsonAnswer(200, null), text: JSON.stringify(result) };
}

function texts(value: JsonValue | undefined): string[] {
  if (!Array.isArray(value)) throw new RangeError('switches must be an array of names');
  return value.map(String);
}
