import type { JsonValue } from '../json.ts';
import type { FieldChange, Outcome, Stored } from './stored.ts';

/** The request that is being answered, and what counts the outcomes of its run. */
export interface Cause {
  readonly request: number;
  readonly run: Tally;
}

export interface Tally {
  readonly number: number;
  /** @param by how many; negative where a record's outcome gives way to another one */
  count(kind: string, outcome: Outcome, by: number): void;
}

const MAX_CHANGES_OF_A_RECORD = 10;
/** As many as there are runs that are kept. */
const MAX_RUNS_OF_A_RECORD = 20;
const MAX_KEPT_CHARACTERS = 1_000;
const BOOKKEEPING: ReadonlySet<string> = new Set([
  'id',
  'createdAtMs',
  'updatedAtMs',
  'createdOrder',
  'updatedOrder',
  'changes',
  'outcomes',
  'home',
]);

/** Notes what happens to records, and by which request. Every change of a record goes through {@link Journal.write}. */
export class Journal {
  #cause: Cause | undefined;

  /** What writes now; `undefined` for a seed. */
  get cause(): Cause | undefined {
    return this.#cause;
  }

  /** Does work whose changes are the request's. It must not await, or it would take the blame for other work. */
  during<T>(cause: Cause | undefined, work: () => T): T {
    const before = this.#cause;
    this.#cause = cause;
    try {
      return work();
    } finally {
      this.#cause = before;
    }
  }

  write(kind: string, record: Stored, work: () => void): void {
    const isNew = record.changes.length === 0;
    const before = isNew ? undefined : valuesOf(record);
    work();
    const fields = before === undefined ? [] : differences(before, valuesOf(record));
    if (isNew || fields.length > 0) {
      record.changes.push({ atMs: record.updatedAtMs, request: this.#cause?.request, fields });
      if (record.changes.length > MAX_CHANGES_OF_A_RECORD) record.changes.shift();
    }
    this.#settle(kind, record, isNew ? 'created' : fields.length > 0 ? 'updated' : 'unchanged');
  }

  deleted(kind: string, record: Stored): void {
    this.#settle(kind, record, 'deleted');
  }

  /** An outcome of what has no history of its own. */
  count(kind: string, outcome: Outcome): void {
    this.#cause?.run.count(kind, outcome, 1);
  }

  /** A record counts once in a run: a created one that is written again stays created. */
  #settle(kind: string, record: Stored, outcome: Outcome): void {
    const run = this.#cause?.run;
    if (run === undefined) return;
    const known = record.outcomes.find((one) => one.run === run.number);
    if (known === undefined) {
      record.outcomes.push({ run: run.number, outcome });
      if (record.outcomes.length > MAX_RUNS_OF_A_RECORD) record.outcomes.shift();
      run.count(kind, outcome, 1);
      return;
    }
    if (outcome !== 'deleted' && (outcome === 'unchanged' || known.outcome !== 'unchanged')) return;
    run.count(kind, known.outcome, -1);
    known.outcome = outcome;
    run.count(kind, outcome, 1);
  }
}

/** Fields and traits, each trait as `traits.<name>`. */
function valuesOf(record: Stored): Map<string, JsonValue> {
  const values = new Map<string, JsonValue>();
  for (const [name, value] of Object.entries(record)) {
    if (BOOKKEEPING.has(name)) continue;
    if (value instanceof Map)
      for (const [key, inner] of value) values.set(name === 'traits' ? `traits.${key}` : key, inner);
    else if (name === 'archivedAtMs')
      values.set('archivedAt', value === null ? null : new Date(value).toISOString());
    else values.set(name, value instanceof Set ? [...value] : value);
  }
  return values;
}

function differences(
  before: ReadonlyMap<string, JsonValue>,
  after: ReadonlyMap<string, JsonValue>,
): FieldChange[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((name) => ({ name, before: before.get(name) ?? null, after: after.get(name) ?? null }))
    .filter((change) => !isEqual(change.before, change.after))
    .map(({ name, before: old, after: next }) => ({ name, before: kept(old), after: kept(next) }));
}

function isEqual(one: JsonValue, other: JsonValue): boolean {
  if (one === other) return true;
  const areObjects = typeof one === 'object' && typeof other === 'object';
  return areObjects && JSON.stringify(one) === JSON.stringify(other);
}

function kept(value: JsonValue): JsonValue {
  if (typeof value !== 'string' || value.length <= MAX_KEPT_CHARACTERS) return value;
  return `${value.slice(0, MAX_KEPT_CHARACTERS)}…`;
}
