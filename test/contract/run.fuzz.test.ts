import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { FUZZ_TIMEOUT_MS, fuzz } from '../support/fuzz.ts';
import { openLateProxy } from '../support/late-proxy.ts';
import { cursorOf, statsOf } from '../support/output.ts';
import type { Result } from '../support/run-command.ts';
import { at } from '../support/sandbox/client.ts';
import { withSandbox } from '../support/sandboxes.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { carryOut, heldBy, type Input, inputOf } from '../support/whole-run/carry-out.ts';
import { contentOf, type Fate, seededWorld, type World, writeAll } from '../support/whole-run/model.ts';
import { deletesNote, type Row, rowsOf, seededIds, seedWorkspace } from '../support/whole-run/rows.ts';
import { type Scenario, STREAMS, scenario } from '../support/whole-run/streams.ts';

const SHRINK_MS = 25_000;
const SEEDED_AGO_MS = 3_600_000;
const BUG = /fault of its own|settled twice|out of balance|bug in the sandbox/;
const KINDS_OF_ROWS = ['created', 'updated', 'accepted', 'unchanged', 'superseded', 'deleted', 'skipped'];

function stateId(message: object): number {
  return Number(cursorOf(message).cursor);
}

/** Records that rows delete may be gone when a STATE is seen. */
function mayBeGone({ kind, key }: Row): boolean {
  return kind === 'notes' || (key ?? '').startsWith('x');
}

/** What a STATE covers is in Vitally when it leaves: the record holds the row's step or a later one. */
function unsafe(
  message: object,
  { states }: Input,
  rows: readonly Row[],
  fates: ReadonlyMap<Row, Fate>,
  sandbox: Sandbox,
): string[] {
  const state = states[stateId(message)];
  if (state === undefined) return [`STATE ${stateId(message)} was never in the input`];
  const held = heldBy(sandbox);
  const all = state.stream === undefined || state.stream === 'stranger';
  const covered = rows.slice(0, state.rows).filter(({ draw }) => all || draw.stream.name === state.stream);
  return covered
    .filter((row) => row.step !== undefined && fates.get(row) === 'written' && !mayBeGone(row))
    .filter(({ kind }) => kind !== 'events' && kind !== 'links')
    .filter(({ kind, key, step }) => !(Number(at(held[kind]?.[key ?? ''], 'step')) >= Number(step)))
    .map(({ draw, step }) => `STATE ${state.id} left before row ${step} of ${draw.stream.name} was written`);
}

/** A delete whose answer is lost and whose repetition finds nothing counts as done: only the other counts are sure. */
function expectCounts(
  ending: Result,
  rows: readonly Row[],
  fates: ReadonlyMap<Row, Fate>,
  { faults }: Scenario,
): void {
  const streams = at(ending.summary, 'streams') as readonly unknown[];
  for (const { name, kind, mode } of STREAMS) {
    const found = streams.find((each) => at(each, 'stream') === name);
    if (found === undefined) continue;
    const count = (outcome: string): number => Number(at(found, outcome) ?? 0);
    const mine = rows.filter(({ draw }) => draw.stream.name === name);
    const fated = (fate: Fate): number => mine.filter((row) => fates.get(row) === fate).length;
    const sum = KINDS_OF_ROWS.reduce((total, outcome) => total + count(outcome), 0);
    expect({ name, received: count('received'), rejected: count('rejected'), rest: sum }).toEqual({
      name,
      received: mine.length,
      rejected: fated('rejected'),
      rest: mine.length - fated('rejected'),
    });
    expect(count('unsettled')).toBe(0);
    if (kind === 'links' || (faults.length > 0 && (mode === 'delete' || kind === 'notes'))) continue;
    expect(count('skipped'), `skipped of ${name}`).toBeLessThanOrEqual(fated('skipped'));
    expect(count('skipped') + count('superseded'), `skipped of ${name}`).toBeGreaterThanOrEqual(
      fated('skipped'),
    );
    expect(count('deleted'), `deleted of ${name}`).toBeLessThanOrEqual(fated('deleted'));
  }
}

function expectStates(
  ending: Result,
  { states }: Input,
  rows: readonly Row[],
  fates: ReadonlyMap<Row, Fate>,
): void {
  const left = ending.messagesOf('STATE');
  const ofStream = (stream: string | undefined): number[] =>
    left.map(stateId).filter((id) => states[id]?.stream === stream);
  for (const stream of new Set(states.map((each) => each.stream)))
    expect(ofStream(stream), `STATEs of ${stream}`).toEqual(
      states.filter((each) => each.stream === stream).map(({ id }) => id),
    );
  if (states.some(({ stream }) => stream === undefined)) return;
  for (const message of left) {
    const state = states[stateId(message)];
    if (state === undefined || state.stream === 'stranger') continue;
    const before = states.findLast(({ id, stream }) => id < state.id && stream === state.stream)?.rows ?? 0;
    const covered = rows.slice(before, state.rows).filter(({ draw }) => draw.stream.name === state.stream);
    const rejected = covered.filter((row) => fates.get(row) === 'rejected').length;
    const [loaded, counted = 0] = statsOf(message);
    expect({ loaded, rejected: counted }).toEqual({
      loaded: covered.length - rejected,
      rejected,
    });
  }
}

interface Place {
  readonly sandbox: Sandbox;
  readonly url: string;
  readonly cwd: string;
}

/** One run of the rows over what the world holds; the world then holds what they leave. */
async function runOnce(place: Place, setup: Scenario, rows: readonly Row[], world: World): Promise<Result> {
  const { sandbox } = place;
  const fates = writeAll(rows, world, setup);
  const input = inputOf(rows, setup);
  const early: string[] = [];
  const ending = await carryOut(place, setup, input.lines, (message) => {
    if (setup.analyticsDelayMs === 0) early.push(...unsafe(message, input, rows, fates, sandbox));
  });
  const failed = setup.policy === 'fail_at_end' && [...fates.values()].includes('rejected');
  const errors = ending.errors.map(({ type }) => type);
  const said = JSON.stringify(ending.errors);
  expect({ code: ending.code, errors, stderr: ending.stderr }, said).toEqual({
    code: failed ? 1 : 0,
    errors: failed ? ['config_error'] : [],
    stderr: '',
  });
  expect(JSON.stringify(ending.messages)).not.toMatch(BUG);
  expect(early).toEqual([]);
  expectStates(ending, input, rows, fates);
  await sandbox.settle();
  expect(heldBy(sandbox)).toEqual(contentOf(world));
  expectCounts(ending, rows, fates, setup);
  expect(at(ending.summary, 'ignored_lines')).toBe(input.noise);
  expect(sandbox.maxConcurrentPerKey).toBeLessThanOrEqual(1);
  return ending;
}

const done = { runs: 0, rows: 0, again: 0 };

async function tryScenario(setup: Scenario, cwd: string): Promise<void> {
  const { profile, latencyMs, analyticsDelayMs } = setup;
  let shiftMs = -SEEDED_AGO_MS;
  const now = (): number => Date.now() + shiftMs;
  const options = { requestsPerMinute: 1_000_000, profile, latencyMs, analyticsDelayMs, now };
  await withSandbox(options, async (_, sandbox) => {
    seedWorkspace(sandbox);
    shiftMs = 0;
    await tryOver(sandbox, setup, cwd);
  });
}

async function tryOver(sandbox: Sandbox, setup: Scenario, cwd: string): Promise<void> {
  const { faults, seed, lateMs } = setup;
  const proxy = lateMs > 0 ? await openLateProxy(sandbox.url, seed, lateMs) : undefined;
  try {
    if (faults.length > 0)
      sandbox.setFaults({ rate: 0.1, kinds: faults as never[], seed, limit: 3, resetSeconds: 0 });
    const ids = seededIds(sandbox);
    const rows = rowsOf(setup, ids);
    const world = seededWorld();
    const place = { sandbox, url: proxy?.url ?? sandbox.url, cwd };
    await runOnce(place, setup, rows, world);
    done.runs += 1;
    done.rows += rows.length;
    if (rows.some(deletesNote)) return;
    const deletes = rows.some(({ draw }) => draw.stream.mode === 'delete');
    const again = await runOnce(place, setup, rows, world);
    done.again += 1;
    if (deletes) return;
    const streams = at(again.summary, 'streams') as readonly unknown[];
    expect(streams.filter((each) => Number(at(each, 'created')) > 0)).toEqual([]);
  } finally {
    await proxy?.close();
  }
}

test(
  'whole runs leave what their rows leave one by one, count every row, and acknowledge nothing early',
  async () => {
    const cwd = temporaryDirectory();
    let shrinkUntil = Number.POSITIVE_INFINITY;
    const tryOne = async (setup: Scenario): Promise<void> => {
      // What is not tried counts as passed: the smallest case so far is printed, with its seed, before the test times out.
      if (Date.now() > shrinkUntil) return;
      await tryScenario(setup, cwd).catch((error: unknown) => {
        shrinkUntil = Math.min(shrinkUntil, Date.now() + SHRINK_MS);
        throw error;
      });
    };
    try {
      await fc.assert(fc.asyncProperty(scenario, tryOne), fuzz(25));
    } finally {
      if (process.env.FUZZ_SECONDS !== undefined) process.stdout.write(`fuzzed: ${JSON.stringify(done)}\n`);
    }
  },
  FUZZ_TIMEOUT_MS,
);
