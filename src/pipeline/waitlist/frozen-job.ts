import { mergeWrites } from '../../mapping/merge-writes.ts';
import { areWrittenTogether } from '../../write/objects/index.ts';
import type { Place } from '../nameless-file.ts';
import type { FrozenRow, Job, Row } from '../scheduler/job.ts';
import { readContent, writeContent } from './held-row.ts';
import type { SpillFile } from './spill-file.ts';

/** Characters that the content of a job takes. */
export function sizeOf(job: Job): number {
  return job.rows.reduce((sum, { raw }) => sum + raw.length, 0);
}

/**
 * Moves the content of a job's rows to the file; false where that has no room. The content stays in memory where the
 * job was changed while it was written, or where `mayFreeze` says that it is being run again.
 */
export async function freeze(job: Job, file: SpillFile, mayFreeze: () => boolean): Promise<boolean> {
  const { rows } = job;
  const places = await Promise.all(rows.map((row) => file.put(writeContent(row))));
  const kept = places.filter((place) => place !== undefined);
  const isWhole = kept.length === rows.length;
  if (!isWhole || job.rows !== rows || !mayFreeze()) {
    for (const place of kept) file.free(place);
    return isWhole;
  }
  job.frozen = kept.map((place, index) => frozenRow(rows[index], place));
  job.rows = NO_ROWS;
  job.write = NOTHING;
  return true;
}

/** Brings the content of a job's rows back, before it is run. */
export async function thaw(job: Job, file: SpillFile | undefined): Promise<void> {
  const { frozen, route } = job;
  if (frozen === undefined) return;
  if (file === undefined) throw new Error('the temporary file of waiting rows is gone');
  const rows: Row[] = [];
  for (const row of frozen) {
    const { ticket, line, leftReadAhead } = row;
    rows.push({ ticket, line, leftReadAhead, ...readContent(await file.get(row)) });
    file.free(row);
  }
  job.rows = rows;
  job.write = rows
    .slice(1)
    .reduce(
      (whole, { write }) => (areWrittenTogether(route) ? whole : mergeWrites(route, whole, write)),
      rows[0]?.write ?? NOTHING,
    );
  job.frozen = undefined;
}

function frozenRow(row: Row | undefined, { offset, bytes }: Place): FrozenRow {
  if (row === undefined) throw new Error('a row was kept that is not there');
  const { ticket, line } = row;
  return { ticket, line, leftReadAhead: true, offset, bytes };
}

const NO_ROWS: readonly Row[] = [];
const NOTHING = { key: undefined, fields: new Map(), traits: new Map() } as const;
