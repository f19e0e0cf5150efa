import type { Crashes } from '../../errors/crashes.ts';
import type { Route } from '../../mapping/route.ts';
import type { InFlightWrites, RecordLane } from '../../write/in-flight-writes.ts';
import { type Job, jobOf, type Row } from './job.ts';
import type { LaneFinder } from './lane-finder.ts';

/** Rows whose lane is being looked up at a time: enough to keep the look-ups busy. */
const MAX_WAITING = 32;

/** Where a job enters its lane. */
export interface LaneDoor {
  /** Puts a job into its lane before it first waits. Gives what to wait for before the next; `undefined` where there is room. */
  enter(job: Job): Promise<void> | undefined;
}

export interface AdmissionOptions {
  readonly laneFinder: LaneFinder;
  readonly inFlight: InFlightWrites;
  readonly lanes: LaneDoor;
  readonly shutdown: Crashes;
}

/**
 * Brings rows to their lanes in the order of the input, although it may take a look-up to tell which lane that is. The
 * look-ups run ahead, side by side; each row takes its turn after the row before it is under way. A row whose lane is
 * known at once doesn't wait where no row of its object does.
 */
export class Admission {
  readonly #options: AdmissionOptions;
  /** By the object that lanes belong to: the turn of its last row that waits. */
  readonly #turns = new Map<string, Promise<void>>();
  readonly #waiting: Promise<void>[] = [];

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** Takes a row in; gives what to wait for before the next is read, `undefined` where it may be read now. */
  admit(route: Route, row: Row): Promise<void> | undefined {
    const group = route.object.lane?.object ?? route.object.name;
    const before = this.#turns.get(group);
    const known = before === undefined ? this.#options.laneFinder.known(route, row.write) : undefined;
    return known === undefined
      ? this.#admitInTurn(route, row, group, before)
      : this.#enter(route, row, known);
  }

  async #admitInTurn(
    route: Route,
    row: Row,
    group: string,
    before: Promise<void> | undefined,
  ): Promise<void> {
    // Its answers are remembered: the row's turn then takes no time. What goes wrong here goes wrong there again.
    const ahead = this.#options.laneFinder.find(route, row.write).then(
      () => {},
      () => {},
    );
    const turn = Promise.all([before, ahead])
      .then(() => this.#options.laneFinder.find(route, row.write))
      .then((lane) => this.#enter(route, row, lane))
      .catch((error: unknown) => this.#options.shutdown.crash(error))
      .finally(() => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1);
        if (this.#turns.get(group) === turn) this.#turns.delete(group);
      });
    this.#turns.set(group, turn);
    this.#waiting.push(turn);
    if (this.#waiting.length >= MAX_WAITING) await this.#waiting[0];
  }

  /** Resolves when every row that was taken in is in its lane. */
  async idle(): Promise<void> {
    while (this.#waiting.length > 0) await Promise.all(this.#waiting);
  }

  /**
   * The claim and the row's place in its lane are one synchronous step: `enter` places the job before it first waits. A
   * later row of the record that came in between would be led to a lane that does not hold this one yet.
   */
  #enter(route: Route, row: Row, lane: RecordLane): Promise<void> | undefined {
    this.#options.inFlight.begin(row.ticket, lane);
    return this.#options.lanes.enter(jobOf(route, row, lane.laneKey));
  }
}
