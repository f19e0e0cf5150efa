import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { record, state } from '../../support/messages.ts';
import { modelRows } from '../../support/objects/customer-rows.ts';
import { inWorstOrder, modelSync, seedSettings, streamsOf } from '../../support/objects/whole-model.ts';
import { contentOf } from '../../support/output.ts';
import { runInProcess } from '../../support/run-command.ts';
import { openSandbox } from '../../support/sandboxes.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

interface PlannedRow {
  readonly line: number;
  readonly stream: string;
  readonly outcome: string;
}

function rowsOf(plan: string): PlannedRow[] {
  return plan
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

function outcomesByStream(rows: readonly PlannedRow[]): Record<string, string[]> {
  const groups = Map.groupBy(rows, ({ stream }) => stream);
  return Object.fromEntries(
    [...groups].map(([stream, planned]) => [
      stream,
      [...new Set(planned.map(({ outcome }) => outcome))].sort(),
    ]),
  );
}

test.each([
  { apis: 'both', order: 'parents first', switches: [] },
  { apis: 'both', order: 'worst', switches: [] },
  { apis: 'rest', order: 'worst', switches: [] },
  { apis: 'both', order: 'parents first', switches: ['put-replaces-relations', 'scoped-lists-need-uuid'] },
  { apis: 'rest', order: 'parents first', switches: ['not-found-200', 'post-refuses-duplicate'] },
] as const)(
  'the plan of a whole customer model is what the run then does: $apis, $order, $switches',
  async ({ apis, order, switches }) => {
    const sandbox = await openSandbox({ profile: switches });
    seedSettings(sandbox);
    const names = streamsOf(apis);
    const rows = modelRows(4).filter(({ stream }) => names.includes(stream));
    const lines =
      order === 'worst'
        ? inWorstOrder(rows, apis)
        : [...[...names].reverse().flatMap((name) => rows.filter(({ stream }) => stream === name))].map(
            ({ stream, data }) => record(stream, data),
          );
    const folder = temporaryDirectory();
    const planned = async (name: string): Promise<string> => {
      const path = join(folder, name);
      const sync = modelSync(sandbox, apis);
      const program = await runInProcess('write', { ...sync, flags: ['--dry-run', '--plan', path] }, [
        ...lines,
        state('accounts', 1),
      ]);
      expect({ code: program.code, errors: program.errors }).toEqual({ code: 0, errors: [] });
      expect(program.linesOf('STATE')).toEqual([]);
      return await readFile(path, 'utf8');
    };

    const before = await contentOf(sandbox);
    const first = await planned('first.jsonl');
    expect(await planned('second.jsonl')).toBe(first);
    expect(await contentOf(sandbox)).toEqual(before);
    expect(sandbox.requests().filter(({ method }) => method !== 'GET')).toEqual([]);
    const plan = rowsOf(first);
    expect(plan.map(({ line }) => line)).toEqual(
      plan.map(({ line }) => line).sort((one, other) => one - other),
    );
    expect(plan).toHaveLength(rows.length);
    for (const [stream, outcomes] of Object.entries(outcomesByStream(plan)))
      expect([stream, outcomes]).toEqual([stream, [stream === 'events' ? 'accepted' : 'created']]);

    const program = await runInProcess('write', modelSync(sandbox, apis), lines);
    expect({ code: program.code, errors: program.errors }).toEqual({ code: 0, errors: [] });
    const after = outcomesByStream(rowsOf(await planned('after.jsonl')));
    for (const [stream, outcomes] of Object.entries(after)) {
      const nothingNew = ['accepted', 'skipped', 'unchanged'];
      expect([stream, outcomes.filter((outcome) => !nothingNew.includes(outcome))]).toEqual([stream, []]);
    }
  },
);
