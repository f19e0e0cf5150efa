import type { OutcomeKind } from '../../checkpoint/outcome.ts';
import type { Route } from '../../mapping/route.ts';
import type { OutcomeLine, OutcomeLog } from '../../rejected/outcome-log.ts';
import type { Result } from '../../write/result.ts';
import type { Row } from './job.ts';

/** Which rows have a line: all, or those that changed Vitally or need mending. */
export type OutcomeLogLevel = 'changed' | 'all';

const WITHOUT_CHANGE: ReadonlySet<OutcomeKind> = new Set(['unchanged', 'superseded', 'skipped']);

/** Puts rows into the outcome log, as far as its level wants them. */
export class LoggedOutcomes {
  readonly #log: OutcomeLog;
  readonly #level: OutcomeLogLevel;

  constructor(log: OutcomeLog, level: OutcomeLogLevel) {
    this.#log = log;
    this.#level = level;
  }

  /** @throws ConfigError when the store fails */
  async add(route: Route, row: Row, result: Result): Promise<void> {
    if (this.#level === 'changed' && WITHOUT_CHANGE.has(result.outcome.kind)) return;
    await this.#log.add(outcomeLine(route, row, result));
  }
}

function outcomeLine(
  { stream, namespace }: Route,
  { line, write }: Row,
  { outcome, request, httpStatus, id, changes }: Result,
): OutcomeLine {
  const row = { stream: { name: stream, namespace }, line, key: write.key, outcome: outcome.kind };
  if (outcome.kind !== 'rejected') {
    return { ...row, id, request, httpStatus, changes: changes && [...changes.keys()] };
  }
  const { recordId, request: sent, httpStatus: refusedWith } = outcome.error;
  const status = refusedWith ?? sent?.httpStatus;
  return { ...row, id: recordId, request: sent, httpStatus: status, changes: undefined };
}
