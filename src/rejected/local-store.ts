import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  appendDurably,
  goneError,
  type Identity,
  identityOf,
  makeDirectory,
  makeOwnDirectory,
  same,
  syncDirectory,
} from './durable-file.ts';
import { openNew } from './new-file.ts';
import { runFolders } from './safe-name.ts';
import { storageError } from './storage-error.ts';
import type { RunStore } from './store.ts';

/** Lines held in memory, in characters, before they are written without waiting for a flush. */
const MAX_BUFFER_CHARACTERS = 1024 * 1024;

export interface RunName {
  /** Job id, sync id or start time. */
  readonly id: string;
  /** Milliseconds since the epoch; part of the folder's name where another run has the id's. */
  readonly startedAtMs: number;
  /** What the store keeps, as the beginning of a sentence. */
  readonly keeps: string;
}

interface Folder {
  readonly path: string;
  readonly identity: Identity;
}

/**
 * Keeps a run's rejected records and its outcome log in files of a folder of its own, below a local directory that is made
 * where it is missing. A failure is final: after it every call fails alike, so no STATE can leave for rows that were not
 * kept.
 *
 * Invariant: `#write` runs one at a time, chained in `#written`; it takes the buffer in one synchronous step, so a
 * line appended while it writes is the next one's.
 *
 * @throws ConfigError (as rejection, from every method) naming directory and remedy when the disk is full, the
 *   directory can't be written, or a folder or file written before was removed
 */
export class LocalStore implements RunStore {
  readonly #directory: string;
  readonly #run: RunName;
  readonly #files = new Map<string, Identity>();
  #folder: Folder | undefined;
  #buffer = new Map<string, string[]>();
  #bufferCharacters = 0;
  #written: Promise<void> = Promise.resolve();

  constructor(directory: string, run: RunName) {
    this.#directory = resolve(directory);
    this.#run = run;
  }

  get place(): string | undefined {
    return this.#folder?.path;
  }

  async append(file: string, line: string): Promise<void> {
    const lines = this.#buffer.get(file);
    if (lines === undefined) this.#buffer.set(file, [`${line}\n`]);
    else lines.push(`${line}\n`);
    this.#bufferCharacters += line.length + 1;
    if (this.#bufferCharacters > MAX_BUFFER_CHARACTERS) await this.flush();
  }

  flush(): Promise<void> {
    // Each waits for the one before it, so lines stay in order and a failure stays known.
    if (this.#buffer.size > 0) this.#written = this.#written.then(() => this.#write());
    return this.#written;
  }

  async probe(): Promise<void> {
    const path = join(this.#directory, `.probe-${randomUUID()}`);
    await this.#orStorageError(async () => {
      await makeDirectory(this.#directory);
      try {
        const file = await openNew(path);
        try {
          await file.writeFile('probe\n');
          await file.sync();
        } finally {
          await file.close();
        }
      } finally {
        await rm(path, { force: true });
      }
    });
  }

  close(): Promise<void> {
    return this.flush();
  }

  async #write(): Promise<void> {
    const buffer = this.#buffer;
    this.#buffer = new Map();
    this.#bufferCharacters = 0;
    await this.#orStorageError(async () => {
      const folder = await this.#ensureFolder();
      for (const [file, lines] of buffer) await this.#writeFile(folder, file, lines.join(''));
    });
  }

  async #writeFile(folder: Folder, file: string, text: string): Promise<void> {
    const known = this.#files.get(file);
    this.#files.set(file, await appendDurably(join(folder.path, file), text, known));
    if (known === undefined) await syncDirectory(folder.path);
  }

  /**
   * The run's folder, made at its first record: no other run writes there, and no other user can have put a
   * link there. Where it was removed since, it is not made anew: the loss of what it held must be told.
   */
  async #ensureFolder(): Promise<Folder> {
    if (this.#folder === undefined) this.#folder = await this.#makeFolder();
    else if (!same(this.#folder.identity, await identityOf(this.#folder.path)))
      throw goneError(this.#folder.path);
    return this.#folder;
  }

  async #makeFolder(): Promise<Folder> {
    await makeDirectory(this.#directory);
    for (const name of runFolders(this.#run.id, this.#run.startedAtMs)) {
      const path = join(this.#directory, name);
      const identity = await makeOwnDirectory(path);
      if (identity !== undefined) return { path, identity };
    }
    throw new Error('the names of run folders do not end');
  }

  async #orStorageError(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw storageError(this.#run.keeps, this.#directory, error);
    }
  }
}
