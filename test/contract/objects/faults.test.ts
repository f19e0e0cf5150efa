import { expect, test } from 'vitest';
import type { FaultKind, Sandbox, SwitchName } from '../../../src/sandbox/index.ts';
import { type ModelRow, modelRows } from '../../support/objects/customer-rows.ts';
import {
  type Apis,
  inWorstOrder,
  modelSync,
  seedSettings,
  streamsOf,
} from '../../support/objects/whole-model.ts';
import { contentOf, countsOf, imbalance } from '../../support/output.ts';
import { runInProcess } from '../../support/run-command.ts';
import { at } from '../../support/sandbox/client.ts';
import { openSandbox } from '../../support/sandboxes.ts';
import { QuickClock } from '../../support/virtual-clock.ts';

const CUSTOMERS = 3;
const clock = new QuickClock(20);
/**
 * Applied and unheard; each 429 halts everything for a second. What is lost for good is another matter: a project, which
 * bears no id, is never sent twice.
 */
const KINDS: readonly FaultKind[] = [
  ...repeated<FaultKind>(4, 'reset-after', 'truncated'),
  ...repeated<FaultKind>(2, '502-after'),
  '429',
];

function repeated<T>(times: number, ...items: readonly T[]): T[] {
  return Array.from({ length: times }, () => items).flat();
}

/** What a later sync says of the same records. */
const REVISIONS: Readonly<Partial<Record<ModelRow['stream'], object>>> = {
  messages: { message: '<p>Corrected</p>' },
  meeting_transcripts: {
    transcript: [{ speaker: 'other', sentences: [{ text: 'Bye', startTime: 0, endTime: 1 }] }],
  },
  nps_responses: { score: 10, feedback: 'Better now' },
  notes: { note: '<p>Corrected</p>', tags: ['hot', 'late'] },
  tasks: { description: '<p>Soon</p>', tags: ['late'] },
  projects: { targetStartDate: '2026-05-01', stage: 2 },
  sites: { city: 'Porto' },
  meetings: { summary: 'Short', participants: ['u0', 'late@elsewhere.test'] },
  conversations: { subject: 'Corrected', stage: 2 },
};

function revised(rows: readonly ModelRow[]): ModelRow[] {
  return rows.map((row) => ({ ...row, data: { ...row.data, ...REVISIONS[row.stream] } }));
}

/** Syncs the model and then its revision; every row of both must come to a good end. */
async function syncAndRevise(sandbox: Sandbox, apis: Apis): Promise<void> {
  const names = streamsOf(apis);
  const rows = modelRows(CUSTOMERS).filter(({ stream }) => names.includes(stream));
  for (const version of [rows, revised(rows)]) {
    const program = await runInProcess(
      'write',
      { ...modelSync(sandbox, apis), clock },
      inWorstOrder(version, apis),
    );
    expect({ code: program.code, errors: program.errors, stderr: program.stderr }).toEqual({
      code: 0,
      errors: [],
      stderr: '',
    });
    for (const name of names) {
      expect(imbalance(program.summary, name)).toBe(0);
      expect(countsOf(program.summary, name)).not.toHaveProperty('rejected');
    }
    const made = countsOf(program.summary, 'notes');
    expect(made).toEqual({ received: CUSTOMERS, [version === rows ? 'created' : 'updated']: CUSTOMERS });
    const asked = Number(at(program.summary, 'requests', 'retried'));
    expect(asked > 0).toBe(sandbox.requests().some(({ fault }) => fault !== undefined));
  }
}

test.each<{ readonly apis: Apis; readonly seed: number; readonly profile: readonly SwitchName[] }>([
  { apis: 'rest', seed: 1, profile: ['activity-post-refuses-duplicate'] },
  { apis: 'rest', seed: 2, profile: ['activity-post-duplicates'] },
  { apis: 'both', seed: 3, profile: ['activity-post-duplicates'] },
])(
  'every fifth request goes wrong, nothing is lost or doubled: $apis, seed $seed, $profile',
  async ({ apis, seed, profile }) => {
    const clean = await openSandbox({ profile, now: clock.now });
    const sandbox = await openSandbox({ profile, now: clock.now, faults: { rate: 0.2, kinds: KINDS, seed } });
    for (const one of [clean, sandbox]) seedSettings(one);
    await Promise.all([clean, sandbox].map((one) => syncAndRevise(one, apis)));
    expect(await contentOf(sandbox)).toEqual(await contentOf(clean));
    expect(sandbox.maxConcurrentPerKey).toBe(1);
  },
);
