import type { Route, Write } from '../../src/routing/route.ts';
import { type Job, laneKeyOf, type Row } from '../../src/sync/job.ts';
import { writeOf } from './workspace.ts';

/** A job of one row; `line` tells the rows apart. */
export function jobOf(route: Route, key: string, line: number, write: Write = writeOf(key)): Job {
  const row: Row = {
    ticket: { stream: { name: route.stream, namespace: route.namespace } },
    line,
    raw: `{"line":${line}}`,
    write,
    outOfBudget: false,
  };
  return { route, laneKey: laneKeyOf(route, write), rows: [row], write, sealed: false };
}

export function linesOf(job: Job): number[] {
  return job.rows.map((row) => row.line);
}
