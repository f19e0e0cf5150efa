import { isJsonObject, own } from '../../../json/guards.ts';
import type { JsonValue } from '../../../json/json.ts';
import type { Route } from '../../../mapping/route.ts';
import { objectByName } from '../../../objects/index.ts';
import { streamId } from '../../../protocol/messages.ts';
import type { VerifiedCounts } from '../../../report/summary.ts';
import type { Send } from '../../../vitally/http/answer.ts';
import type { Clock } from '../../../vitally/http/clock.ts';
import { countingReads } from '../../../vitally/http/read-scope.ts';
import { ListScan } from '../../../vitally/records/list-scan.ts';
import type { RecordCache } from '../../../vitally/records/record-cache.ts';
import { isRecordAssociation } from '../../associations/record-association.ts';
import { waitsUntil } from '../../memberships/visibility.ts';
import type { StreamUse } from '../../stream-use.ts';
import type { AcceptedOf, AcceptedRow, AcceptedRows } from './accepted-rows.ts';
import { findingLines } from './finding-lines.ts';
import { externalIdOf, type Finding, type Judged, judge } from './judge.ts';

/** Contract 6. */
const MAX_WAIT_MS = { sample: 30_000, all: 5 * 60_000 };
/** So long before the time is over, a look reads the whole list once more: Vitally may apply messages out of order. */
const LAST_LOOK_MS = 35_000;

export interface VerificationOptions {
  readonly rows: AcceptedRows;
  readonly send: Send;
  readonly recordCache: RecordCache;
  readonly use: StreamUse;
  readonly clock: Clock;
  /** Aborted where the run is stopped. */
  readonly signal: AbortSignal;
  readonly log: (level: 'INFO' | 'WARN', message: string) => Promise<void>;
  readonly redact: (text: string) => string;
}

/** Reads back, after the last row, what the Analytics API took in: that a message was accepted says nothing of it. */
export class Verification {
  readonly #options: VerificationOptions;
  readonly #counts = new Map<string, Record<keyof VerifiedCounts, number>>();

  constructor(options: VerificationOptions) {
    this.#options = options;
  }

  /** `undefined` where nothing of the stream was looked for. */
  countsOf(route: Route): VerifiedCounts | undefined {
    return this.#counts.get(streamOf(route));
  }

  /** Changes no outcome, and never fails the run: what goes wrong is told. */
  async run(): Promise<void> {
    const { rows, clock } = this.#options;
    const deadlineMs = clock.now() + MAX_WAIT_MS[rows.scope];
    await Promise.all(rows.all.map((accepted) => this.#verify(accepted, deadlineMs)));
  }

  async #verify(accepted: AcceptedOf, deadlineMs: number): Promise<void> {
    const { rows, signal, log, redact } = this.#options;
    const last = [...accepted.rows.values()].at(-1);
    if (last === undefined) return;
    const open = new Map<string, Finding>(
      [...accepted.rows].map(([key, row]) => [key, { row, kind: 'not_shown', fields: [] }]),
    );
    const verified: AcceptedRow[] = [];
    const fault = await this.#untilShown(accepted, open, verified, deadlineMs);
    // A run that is stopped says nothing of it.
    if (signal.aborted) return;
    const what = `what Vitally shows of the ${last.object.name} records that its Analytics API took in`;
    if (fault !== undefined)
      return await log('WARN', `${what} could not be read (${redact(fault)}): not checked`);
    for (const row of verified) this.#count(row, 'verified');
    for (const { row, kind } of open.values()) this.#count(row, kind);
    if (rows.scope === 'all' && accepted.forgotten > 0)
      await log(
        'WARN',
        `${what}: ${accepted.forgotten} rows were too many to be remembered and were not checked`,
      );
    for (const { level, message } of findingLines([...open.values()], rows.scope, redact))
      await log(level, message);
  }

  /** Looks until all is shown or the time is over. Gives what went wrong, in words. */
  async #untilShown(
    accepted: AcceptedOf,
    open: Map<string, Finding>,
    verified: AcceptedRow[],
    deadlineMs: number,
  ): Promise<string | undefined> {
    const { clock, signal } = this.#options;
    const over = new AbortController();
    const late = clock.sleep(Math.max(0, deadlineMs - clock.now()), AbortSignal.any([signal, over.signal]));
    // A run that is stopped meanwhile ends this wait too.
    late.catch(() => {});
    try {
      const waits = waitsUntil(deadlineMs, () => clock.now());
      let newest = Number.POSITIVE_INFINITY;
      for (let looks = 1; ; looks++) {
        const isWhole = looks === 1 || deadlineMs - clock.now() <= LAST_LOOK_MS;
        const look = await Promise.race([
          this.#look(accepted, open, verified, { until: isWhole ? undefined : newest, over: over.signal }),
          late.then(() => 'late' as const),
        ]);
        if (look === 'unreadable') return 'their list is unreadable';
        if (look === 'late') return looks === 1 ? 'Vitally did not answer in time' : undefined;
        newest = look.newest;
        const { value: waitMs } = waits.next();
        if (open.size === 0 || waitMs === undefined) return undefined;
        await clock.sleep(waitMs, signal);
      }
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      over.abort();
    }
  }

  /** One look at the list, those changed last first, to its end or to what was changed at `until` at the latest. */
  async #look(
    { collection, rows }: AcceptedOf,
    open: Map<string, Finding>,
    verified: AcceptedRow[],
    { until, over }: { readonly until: number | undefined; readonly over: AbortSignal },
  ): Promise<{ readonly newest: number } | 'unreadable'> {
    const { send, use } = this.#options;
    const { scope } = this.#options.rows;
    const scan = new ListScan(send, collection.path, collection.listFilter, 'updatedAt');
    let newest: number | undefined;
    do {
      const [next] = open.values();
      if (next === undefined) break;
      const page = await countingReads(use.of(next.row.route).reads, 'verify', () => scan.next());
      // The time is over, and what is open is being counted.
      if (over.aborted) break;
      newest ??= changedAt(page[0]);
      for (const record of page) this.#hold(record, open, verified);
      if (scope === 'sample') {
        // What a page has no room for is not looked for.
        if (scan.end === undefined)
          for (const key of [...rows.keys()].slice(0, Math.max(0, rows.size - page.length))) open.delete(key);
        break;
      }
      if (until !== undefined && changedAt(page.at(-1)) <= until) break;
    } while (scan.end === undefined);
    if (scan.end === 'unreadable' || scan.end === 'absent') return 'unreadable';
    return { newest: newest ?? Number.NEGATIVE_INFINITY };
  }

  #hold(record: JsonValue, open: Map<string, Finding>, verified: AcceptedRow[]): void {
    const key = externalIdOf(record);
    const finding = key === undefined ? undefined : open.get(key);
    if (key === undefined || finding === undefined || !isJsonObject(record)) return;
    const { row } = finding;
    const judged = judge(row, record, (name, id) => this.#idOf(row, name, id));
    if (judged.kind === 'verified') {
      open.delete(key);
      verified.push(row);
    } else open.set(key, { row, ...judged });
  }

  #idOf({ object }: AcceptedRow, name: string, id: string): string | undefined {
    const association = object.fields[name]?.association;
    const collection = isRecordAssociation(association) ? objectByName(association).rest : undefined;
    const known = collection && this.#options.recordCache.peek(collection, 'either', id);
    return known?.kind === 'found' ? known.record.id : undefined;
  }

  #count({ route }: AcceptedRow, kind: Judged['kind']): void {
    const stream = streamOf(route);
    const counts = this.#counts.get(stream) ?? { verified: 0, not_shown: 0, differs: 0 };
    this.#counts.set(stream, counts);
    counts[kind] += 1;
  }
}

function streamOf({ stream, namespace }: Route): string {
  return streamId({ name: stream, namespace });
}

/** In milliseconds since the epoch; NaN where a record doesn't say. */
function changedAt(record: JsonValue | undefined): number {
  return isJsonObject(record) ? Date.parse(String(own(record, 'updatedAt'))) : Number.NaN;
}
