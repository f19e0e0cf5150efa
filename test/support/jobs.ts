import type { Route, Write } from '../../src/mapping/route.ts';
import { jobOf as aloneOf, type Job, type Row } from '../../src/pipeline/scheduler/job.ts';
import { LaneFinder } from '../../src/pipeline/scheduler/lane-finder.ts';
import { InFlightWrites } from '../../src/write/in-flight-writes.ts';
import { writeOf } from './workspace.ts';

/** A job of one row; `line` tells the rows apart. */
export function jobOf(
  route: Route,
  key: string,
  line: number,
  write: Write = writeOf(key, { name: 'Acme' }),
): Job {
  const row: Row = {
    ticket: { stream: { name: route.stream, namespace: route.namespace } },
    line,
    raw: `{"line":${line}}`,
    write,
    leftReadAhead: false,
  };
  return aloneOf(route, row, laneKeyOf(route, write));
}

export function linesOf(job: Job): number[] {
  return job.rows.map((row) => row.line);
}

/** The lane of a row where nothing is looked up. */
export function laneKeyOf(route: Route, write: Write): string {
  const finder = new LaneFinder({
    routes: [route],
    inFlight: new InFlightWrites(),
    recordCache: undefined,
    named: undefined,
  });
  const lane = finder.known(route, write);
  if (lane === undefined) throw new Error('the lane takes a look-up');
  return lane.laneKey;
}
