import type { Crashes } from '../../errors/crashes.ts';
import { rejected } from '../../write/result.ts';
import type { ReadAhead } from '../read-ahead.ts';
import type { ParentWaitlist } from '../waitlist/parent-waitlist.ts';
import { withoutRoomBehind } from '../waitlist/without-room.ts';
import { failedFast } from './failed-fast.ts';
import type { Job } from './job.ts';
import type { Blocked, Lanes } from './lanes.ts';
import type { RowOutcomes } from './row-outcomes.ts';

export interface LaneEntryOptions {
  readonly lanes: Lanes;
  readonly waitlist: ParentWaitlist;
  readonly readAhead: ReadAhead;
  readonly outcomes: RowOutcomes;
  readonly shutdown: Crashes;
  /** Ends the run at the first rejected record. */
  readonly failFast: boolean;
}

/** Where jobs enter their lanes. One that waits behind a held job joins it on the waitlist, or is rejected there. */
export class LaneEntry {
  readonly #options: LaneEntryOptions;

  constructor(options: LaneEntryOptions) {
    this.#options = options;
  }

  /** Puts a job into its lane before it first waits; resolves when there is room for the next. */
  enter(job: Job): Promise<void> | undefined {
    const pushed = this.#options.lanes.push(job);
    return pushed && this.#entered(job, pushed);
  }

  async #entered(job: Job, pushed: Promise<Blocked | undefined> | Blocked): Promise<void> {
    const { lanes, waitlist, readAhead, outcomes, shutdown, failFast } = this.#options;
    const { route, rows } = job;
    const blocked = await pushed;
    if (blocked === undefined) return;
    const { ahead, holder } = blocked;
    const hasRoom = await waitlist.join(ahead, holder, rows);
    for (const row of rows) readAhead.leave(row);
    // It must not go past the one ahead of it, and there is no room to wait in. While that was tried, its turn may have
    // come, and later rows may have been coalesced into it: they go with it, since it is in its lane until this step.
    if (hasRoom || holder !== job || !lanes.drop(job)) return;
    const error = withoutRoomBehind(route);
    for (const row of job.rows) await outcomes.settle(route, row, rejected(error));
    if (failFast) shutdown.crash(failedFast(error, route, rows[0]?.line ?? 0));
  }
}
