import type { MissingParent } from '../../errors/record-error.ts';
import type { NamesGiven } from '../../mapping/names-given.ts';
import { OBJECTS } from '../../objects/index.ts';
import type { StreamDescriptor } from '../../protocol/messages.ts';
import type { ExpectedParents } from '../../write/associations/expected-parents.ts';
import type { Job } from '../scheduler/job.ts';
import { freeze, sizeOf } from './frozen-job.ts';
import { Moments } from './moments.ts';
import type { SpillFile } from './spill-file.ts';
import { type WaitingRows, waitingSentence } from './waiting-sentence.ts';

/** Rows that wait for a parent are kept in memory up to this, beyond it in a temporary file (Contract 4). */
export const MAX_WAITING_CHARACTERS = 8 * 1024 * 1024;

/** A row in memory is its line and, as values, several times that. */
const WEIGHT = 4;

/** Objects are closed in this order at the end of input: no record of one waits for a later one. */
const PARENTS_FIRST: readonly string[] = OBJECTS.map(({ name }) => name);

/** What became of a job whose parent is missing. */
export type Held =
  /** It waits, and is given back by `appeared` or `close`. */
  | 'held'
  /** What it names can't come any more. */
  | 'not_coming'
  /** Neither memory nor file has room for it. */
  | 'no_room';

interface Waiting {
  readonly object: string;
  readonly parent: string;
  readonly sinceMs: number;
  /** In memory; 0 for what lies in the file. */
  characters: number;
  /** Rows that wait behind it in its lane among them. */
  rows: number;
}

export interface ParentWaitlistOptions {
  readonly expected: ExpectedParents;
  /** Opened when memory is full for the first time. */
  readonly openFile: () => Promise<SpillFile | undefined>;
  readonly now: () => number;
  readonly maxCharacters?: number;
}

/**
 * Rows that name a record which isn't there yet, but which this run may still create. They are tried again when it
 * appears, and a last time when its stream is complete or the input ends.
 *
 * Invariant: a job is in `#jobs` from the synchronous step in which its parent is found missing until the one in
 * which it is given back. What is awaited in between, the writing of its content to the file, finds it there or not:
 * a parent that appears meanwhile takes it out, and it is run again whether or not it was written.
 */
export class ParentWaitlist {
  readonly #options: ParentWaitlistOptions;
  readonly #maxCharacters: number;
  readonly #byParent = new Map<string, Job | Set<Job>>();
  readonly #jobs = new Map<Job, Waiting>();
  #characters = 0;
  #rows = 0;
  #file: Promise<SpillFile | undefined> | undefined;
  /** By parent or object: when it appeared or was closed. */
  readonly #moments = new Moments();

  constructor(options: ParentWaitlistOptions) {
    this.#options = options;
    this.#maxCharacters = options.maxCharacters ?? MAX_WAITING_CHARACTERS;
  }

  /** Now, for {@link changedSince}. */
  get moment(): number {
    return this.#moments.now;
  }

  /**
   * Whether a parent appeared, or its object was closed, after this moment: an attempt that began before doesn't know.
   * Nothing may be awaited between this and {@link hold}.
   */
  changedSince(moment: number, { object, id }: MissingParent): boolean {
    return this.#moments.changedSince(moment, [parentKey(object, id), object]);
  }

  /** Whether a row may wait for a record of this object, so that {@link appeared} must be told of each. */
  mayBeAwaited(object: Job['route']['object']): boolean {
    return this.#options.expected.mayBeAwaited(object);
  }

  mayCome(missing: MissingParent | undefined): boolean {
    return missing !== undefined && this.#options.expected.mayCome(missing.object);
  }

  /** Takes in a job that has just run and whose parent is missing. */
  async hold(job: Job, missing: MissingParent | undefined): Promise<Held> {
    if (missing === undefined || !this.mayCome(missing)) return 'not_coming';
    const { object, id } = missing;
    const parent = parentKey(object, id);
    const rows = job.rows.length;
    const waiting: Waiting = { object, parent, sinceMs: this.#options.now(), characters: 0, rows };
    this.#enter(job, waiting);
    if (await this.#keep(job, waiting, sizeOf(job), () => true)) return 'held';
    // Its parent may have appeared while it was tried to be written: then it runs again, and needs no room.
    if (!this.#jobs.has(job)) return 'held';
    this.#leave(job);
    return 'no_room';
  }

  /** Takes in rows that wait behind another job of their lane, held by a job; false where there is no room for them. */
  async join(ahead: Job, holder: Job, rows: readonly { readonly raw: string }[]): Promise<boolean> {
    const waiting = this.#jobs.get(ahead);
    if (waiting === undefined) return true;
    waiting.rows += rows.length;
    this.#rows += rows.length;
    const characters = rows.reduce((sum, { raw }) => sum + raw.length, 0);
    return await this.#keep(holder, waiting, characters, () => !holder.sealed);
  }

  /** The jobs that waited for a record of one of these names, to be tried again. */
  appeared(object: string, names: NamesGiven): Job[] {
    const ids = new Set(Object.values(names).filter((name) => name !== undefined));
    for (const id of ids) this.#moments.change(parentKey(object, id));
    if (this.#jobs.size === 0) return [];
    return [...ids].flatMap((id) => this.#leaveAll(this.#byParent.get(parentKey(object, id))));
  }

  /** No record of this object comes any more: the jobs that waited for one, to be tried a last time. */
  close(object: string): Job[] {
    this.#options.expected.close(object);
    this.#moments.change(object);
    return this.#leaveAll(
      new Set([...this.#jobs].filter(([, one]) => one.object === object).map(([job]) => job)),
    );
  }

  /** The objects that rows wait for, or may wait for, parents first. */
  inOrder(): string[] {
    const { open } = this.#options.expected;
    return PARENTS_FIRST.filter((object) => open.has(object));
  }

  /** Rows that wait, by the object that they wait for, and how many parents that is. */
  waiting(): WaitingRows[] {
    const byObject = Map.groupBy(this.#jobs.values(), ({ object }) => object);
    return [...byObject].map(([object, all]) => ({
      object,
      rows: all.reduce((sum, { rows }) => sum + rows, 0),
      parents: new Set(all.map(({ parent }) => parent)).size,
      streams: this.#options.expected.streamsOf(object),
    }));
  }

  /** What the run waits for, where rows wait for their parents; `undefined` where none do. */
  waitsFor(): string | undefined {
    return this.#jobs.size === 0 ? undefined : waitingSentence(this.waiting());
  }

  /** The objects that rows of a stream wait for; of any stream where none is named. */
  awaitedBy(stream: StreamDescriptor | undefined): string[] {
    const waits = [...this.#jobs].filter(
      ([{ route }]) =>
        stream === undefined || (route.stream === stream.name && route.namespace === stream.namespace),
    );
    return [...new Set(waits.map(([, { object }]) => object))];
  }

  /** When the row that waits longest began to; `undefined` where none waits. */
  get oldestSinceMs(): number | undefined {
    const [first] = this.#jobs.values();
    return first?.sinceMs;
  }

  /** Whether more may be kept in memory. */
  get hasMemory(): boolean {
    return this.#characters < this.#maxCharacters;
  }

  get rows(): number {
    return this.#rows;
  }

  /** The file for what waits, also for STATEs behind the rows; `undefined` where there is none. */
  async file(): Promise<SpillFile | undefined> {
    this.#file ??= this.#options.openFile();
    return await this.#file;
  }

  async dispose(): Promise<void> {
    await (await this.#file)?.close();
  }

  /** In memory where there is room, else in the file. `mayFreeze` says whether the job still is as it was. */
  async #keep(job: Job, waiting: Waiting, characters: number, mayFreeze: () => boolean): Promise<boolean> {
    if (job.frozen !== undefined) return true;
    const weight = characters * WEIGHT;
    if (this.#characters + weight <= this.#maxCharacters) {
      waiting.characters += weight;
      this.#characters += weight;
      return true;
    }
    const file = await this.file();
    return file !== undefined && (await freeze(job, file, mayFreeze));
  }

  #enter(job: Job, waiting: Waiting): void {
    this.#jobs.set(job, waiting);
    this.#rows += waiting.rows;
    const others = this.#byParent.get(waiting.parent);
    if (others === undefined) this.#byParent.set(waiting.parent, job);
    else if (others instanceof Set) others.add(job);
    else this.#byParent.set(waiting.parent, new Set([others, job]));
  }

  #leaveAll(jobs: Job | Set<Job> | undefined): Job[] {
    if (jobs === undefined) return [];
    const all = jobs instanceof Set ? [...jobs] : [jobs];
    for (const job of all) this.#leave(job);
    return all;
  }

  #leave(job: Job): void {
    const waiting = this.#jobs.get(job);
    if (waiting === undefined) return;
    this.#jobs.delete(job);
    const others = this.#byParent.get(waiting.parent);
    if (others instanceof Set) others.delete(job);
    if (others === job || (others instanceof Set && others.size === 0)) this.#byParent.delete(waiting.parent);
    this.#characters -= waiting.characters;
    this.#rows -= waiting.rows;
  }
}

function parentKey(object: string, id: string): string {
  return [object, id.includes('@') ? id.trim().toLowerCase() : id].join(' ');
}
