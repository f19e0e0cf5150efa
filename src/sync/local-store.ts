import { randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import {
  appendDurably,
  type Identity,
  identityOf,
  makeDirectory,
  same,
  syncDirectory,
} from './durable-file.ts';
import type { RejectionStore } from './rejection-store.ts';
import { goneError, storageError } from './storage-error.ts';

/** Lines held in memory, in characters, before they are written without waiting for a flush. */
export const MAX_BUFFER_CHARACTERS = 1024 * 1024;

/**
 * Keeps rejected records in files below a local directory, which is made where it is missing. A failure is final:
 * after it every call fails alike, so no STATE can leave for records that were not kept.
 *
 * @throws ConfigError (as rejection, from every method) naming directory and remedy when the disk is full, the
 *   directory can't be written, or a directory or file written before has gone
 */
export class LocalStore implements RejectionStore {
  readonly #directory: string;
  readonly #directories = new Map<string, Identity>();
  readonly #files = new Map<string, Identity>();
  #buffer = new Map<string, string[]>();
  #bufferCharacters = 0;
  #written: Promise<void> = Promise.resolve();

  constructor(directory: string) {
    this.#directory = resolve(directory);
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
        const file = await open(path, 'wx');
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
      for (const [file, lines] of buffer) await this.#writeFile(join(this.#directory, file), lines.join(''));
    });
  }

  async #writeFile(path: string, text: string): Promise<void> {
    const known = this.#files.get(path);
    if (known === undefined) await this.#ensureDirectory(dirname(path));
    this.#files.set(path, await appendDurably(path, text, known));
    if (known === undefined) await syncDirectory(dirname(path));
  }

  /** Makes a directory once; one that has gone since is not made anew, or what it held would be missed by nobody. */
  async #ensureDirectory(path: string): Promise<void> {
    const known = this.#directories.get(path);
    if (known === undefined) this.#directories.set(path, await makeDirectory(path));
    else if (!same(known, await identityOf(path))) throw goneError(path);
  }

  async #orStorageError(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw storageError(this.#directory, error);
    }
  }
}
