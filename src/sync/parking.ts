import type { MissingParent } from '../errors/record-error.ts';
import type { Job, Row } from './job.ts';

/** Rows that wait for a parent: beyond these bounds they are refused at once. */
const MAX_PARKED_ROWS = 20_000;
const MAX_PARKED_CHARACTERS = 8 * 1024 * 1024;

/** Nothing waits longer: the STATEs behind it wait too, and platforms grow uneasy after a quarter of an hour. */
const MAX_PARKED_MS = 10 * 60 * 1000;

interface Place {
  readonly parent: string;
  readonly sinceMs: number;
  /** What it takes up, rows that wait behind it among it. */
  rows: number;
  characters: number;
}

/**
 * Rows that point at a record which isn't there yet, but which the same run may still create. They are tried again
 * when it appears, and once more at the end of input.
 */
export class Parking {
  readonly #producers: ReadonlySet<string>;
  readonly #byParent = new Map<string, Set<Job>>();
  readonly #jobs = new Map<Job, Place>();
  readonly #overdue = new WeakSet<Job>();
  readonly #now: () => number;
  #rows = 0;
  #characters = 0;
  #open = true;

  /** `producers` are the names of the objects that this run may create. */
  constructor(producers: ReadonlySet<string>, now: () => number) {
    this.#producers = producers;
    this.#now = now;
  }

  /** Takes a job in to wait for its parent; false when there is nothing to wait for, or no room. */
  take(job: Job, missing: MissingParent | undefined): boolean {
    if (
      !this.#open ||
      this.#overdue.has(job) ||
      missing === undefined ||
      !this.#producers.has(missing.object)
    )
      return false;
    const characters = sizeOf(job);
    if (this.#rows + job.rows.length > MAX_PARKED_ROWS) return false;
    if (this.#characters + characters > MAX_PARKED_CHARACTERS) return false;
    const parent = parentKey(missing.object, missing.id);
    const waiting = this.#byParent.get(parent) ?? new Set();
    this.#byParent.set(parent, waiting.add(job));
    this.#jobs.set(job, { parent, sinceMs: this.#now(), rows: job.rows.length, characters });
    this.#rows += job.rows.length;
    this.#characters += characters;
    return true;
  }

  /** Takes in a row that waits behind a job which waits; false when there is no room. */
  join(job: Job, row: Row): boolean {
    const place = this.#jobs.get(job);
    if (place === undefined || this.#rows + 1 > MAX_PARKED_ROWS) return false;
    if (this.#characters + row.raw.length > MAX_PARKED_CHARACTERS) return false;
    place.rows += 1;
    place.characters += row.raw.length;
    this.#rows += 1;
    this.#characters += row.raw.length;
    return true;
  }

  /** The job, to be tried a last time: what comes behind it finds no room. */
  giveUp(job: Job): Job[] {
    this.#overdue.add(job);
    return this.#leave([job]);
  }

  /** The jobs that waited for this record, to be tried again. */
  appeared(object: string, ids: readonly string[]): Job[] {
    if (this.#jobs.size === 0) return [];
    return this.#leave(ids.flatMap((id) => [...(this.#byParent.get(parentKey(object, id)) ?? [])]));
  }

  /** Every job that waits, to be tried again. */
  all(): Job[] {
    return this.#leave([...this.#jobs.keys()]);
  }

  /** Jobs that have waited long enough, to be tried a last time. */
  overdue(): Job[] {
    const until = this.#now() - MAX_PARKED_MS;
    const jobs = [...this.#jobs].filter(([, { sinceMs }]) => sinceMs <= until).map(([job]) => job);
    for (const job of jobs) this.#overdue.add(job);
    return this.#leave(jobs);
  }

  /** Everything that waits, to be tried a last time: there is no room to wait in. */
  giveUpAll(): Job[] {
    const jobs = [...this.#jobs.keys()];
    for (const job of jobs) this.#overdue.add(job);
    return this.#leave(jobs);
  }

  /** From now on nothing waits: what is missing is missing. */
  close(): void {
    this.#open = false;
  }

  get size(): number {
    return this.#jobs.size;
  }

  #leave(jobs: readonly Job[]): Job[] {
    for (const job of jobs) {
      const place = this.#jobs.get(job);
      if (place === undefined) continue;
      this.#jobs.delete(job);
      const waiting = this.#byParent.get(place.parent);
      waiting?.delete(job);
      if (waiting?.size === 0) this.#byParent.delete(place.parent);
      this.#rows -= place.rows;
      this.#characters -= place.characters;
    }
    return [...jobs];
  }
}

function parentKey(object: string, id: string): string {
  return `${object} ${id.includes('@') ? id.toLowerCase() : id}`;
}

function sizeOf(job: Job): number {
  return job.rows.reduce((sum, row) => sum + row.raw.length, 0);
}
