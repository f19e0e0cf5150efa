import type { Ledger } from '../../checkpoint/ledger.ts';
import type { StatePublisher } from '../../checkpoint/state-publisher.ts';
import type { Route } from '../../mapping/route.ts';
import type { Rejections } from '../../rejected/rejections.ts';
import type { InFlightWrites } from '../../write/in-flight-writes.ts';
import type { Result } from '../../write/result.ts';
import type { Plan } from '../plan.ts';
import type { ReadAhead } from '../read-ahead.ts';
import type { ResultNotes } from '../result-notes.ts';
import type { Row } from './job.ts';
import type { LoggedOutcomes } from './logged-outcomes.ts';
import type { Retries } from './retries.ts';

export interface RowOutcomesOptions {
  readonly ledger: Ledger;
  readonly rejections: Rejections;
  readonly statePublisher: StatePublisher;
  readonly readAhead: ReadAhead;
  readonly inFlight: InFlightWrites;
  readonly retries: Retries;
  readonly notes: ResultNotes;
  /** Of a dry run. */
  readonly plan: Plan | undefined;
  /** What became of each row, where the settings ask for it. */
  readonly outcomeLog: LoggedOutcomes | undefined;
}

/** Brings rows to their outcome. The row is done with then, and a STATE behind it may leave. */
export class RowOutcomes {
  readonly #options: RowOutcomesOptions;

  constructor(options: RowOutcomesOptions) {
    this.#options = options;
  }

  /**
   * Counts what became of a row, once. A rejected row is kept, a planned one is in the plan, and the outcome log has its
   * line, before it counts. Where nothing is to be kept, that is done when this returns.
   *
   * {@link #count} is one synchronous step. A row that comes in between would find the record neither
   * under way nor known; a parent would be settled while the rows that wait for it are not told.
   */
  settle(route: Route, row: Row, result: Result): Promise<void> | undefined {
    const { plan, outcomeLog } = this.#options;
    if (result.outcome.kind !== 'rejected' && plan === undefined && outcomeLog === undefined) {
      this.#count(route, row, result);
      return undefined;
    }
    return this.#settleKept(route, row, result);
  }

  async #settleKept(route: Route, row: Row, result: Result): Promise<void> {
    const { rejections, plan, outcomeLog } = this.#options;
    const { outcome } = result;
    if (outcome.kind === 'rejected') {
      const stream = { name: route.stream, namespace: route.namespace };
      await rejections.reject({ line: row.line, raw: row.raw, stream }, row.write.key, outcome.error);
    }
    await plan?.add(route, row, result);
    if (outcomeLog !== undefined) await outcomeLog.add(route, row, result);
    this.#count(route, row, result);
  }

  #count(route: Route, row: Row, result: Result): void {
    const { ledger, statePublisher, readAhead, inFlight, retries, notes } = this.#options;
    const { outcome } = result;
    notes.add(route, row.write.key, result);
    readAhead.leave(row);
    inFlight.end(row.ticket);
    if (ledger.settle(row.ticket, outcome)) statePublisher.publish();
    if (outcome.kind !== 'rejected') retries.parentAppeared(route, row.write);
    retries.parentStreamsEnded();
  }
}
