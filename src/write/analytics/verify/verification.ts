import { isJsonObject, own } from '../../../json/guards.ts';
import type { JsonValue } from '../../../json/json.ts';
import type { Route } from '../../../mapping/route.ts';
import { objectByName } from '../../../objects/index.ts';
import { nameOf, type VerifiedCounts } from '../../../report/summary.ts';
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
/** After the first look a list is read no further than to records that were changed so long before the run's first message. */
const BEFORE_RUN_MS = 60_000;

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
    return this.#counts.get(nameOf(route));
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
    for (const row of verified) this.#count(row, 'verified');
    const what = `what Vitally shows of the ${last.object.name} records that its Analytics API took in`;
    if (fault !== undefined)
      return await log('WARN', `${what} could not be read (${redact(fault)}): not checked`);
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
      for (let looks = 1; ; looks++) {
        const look = await Promise.race([
          this.#look(accepted, open, verified, looks),
          late.then(() => 'late'),
        ]);
        if (look === 'unreadable') return 'their list is unreadable';
        if (look === 'late' && looks === 1) return 'Vitally gave no answer in time';
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

  /** One look at the list, those changed last first. */
  async #look(
    { collection, rows }: AcceptedOf,
    open: Map<string, Finding>,
    verified: AcceptedRow[],
    looks: number,
  ): Promise<'read' | 'unreadable'> {
    const {
      send,
      use,
      rows: { scope },
    } = this.#options;
    const scan = new ListScan(send, collection.path, collection.listFilter, 'updatedAt');
    const times = [...rows.values()].map(({ sentAtMs }) => sentAtMs);
    const firstAtMs = times.reduce((first, time) => Math.min(first, time), Number.POSITIVE_INFINITY);
    do {
      const [next] = open.values();
      if (next === undefined) return 'read';
      const page = await countingReads(use.of(next.row.route).reads, 'verify', () => scan.next());
      for (const record of page) this.#hold(record, open, verified);
      if (scope === 'sample') {
        // What a page has no room for is not looked for.
        if (scan.end === undefined)
          for (const key of [...rows.keys()].slice(0, Math.max(0, rows.size - page.length))) open.delete(key);
        break;
      }
      const oldest = page.at(-1);
      const updatedAt = isJsonObject(oldest) ? Date.parse(String(own(oldest, 'updatedAt'))) : Number.NaN;
      // A message that changes nothing may leave the record where it was: the first look goes on to the end.
      if (looks > 1 && updatedAt < firstAtMs - BEFORE_RUN_MS) break;
    } while (scan.end === undefined);
    return scan.end === 'unreadable' || scan.end === 'absent' ? 'unreadable' : 'read';
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
    const stream = nameOf(route);
    const counts = this.#counts.get(stream) ?? { verified: 0, not_shown: 0, differs: 0 };
    this.#counts.set(stream, counts);
    counts[kind] += 1;
  }
}
