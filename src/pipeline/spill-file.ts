import { type FileHandle, mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Contract section 4: no more than this, and no more than half of what the file system has free. */
export const MAX_SPILL_BYTES = 1024 ** 3;

/** Where a text lies in the file. */
export interface Place {
  readonly offset: number;
  readonly bytes: number;
}

/**
 * A temporary file for what must wait and would fill the memory. It has no name from the start, so that nobody else
 * can open it and a killed process leaves nothing behind; its rows are their owner's alone.
 *
 * `put` takes its place synchronously: calls at the same time never share one. Once nothing in it is needed any more
 * it starts anew from its beginning.
 */
export class SpillFile {
  readonly #file: FileHandle;
  readonly #maxBytes: number;
  #end = 0;
  #live = 0;

  private constructor(file: FileHandle, maxBytes: number) {
    this.#file = file;
    this.#maxBytes = maxBytes;
  }

  /** `undefined` where no temporary directory can be written, as in an image with a read-only root. */
  static async open(directory = tmpdir(), maxBytes = MAX_SPILL_BYTES): Promise<SpillFile | undefined> {
    try {
      const folder = await mkdtemp(join(directory, 'destination-vitally-'));
      try {
        const { bavail, bsize } = await statfs(folder);
        const file = await open(join(folder, 'rows'), 'wx+', 0o600);
        return new SpillFile(file, Math.min(maxBytes, Math.floor((bavail * bsize) / 2)));
      } finally {
        await rm(folder, { recursive: true });
      }
    } catch {
      return undefined;
    }
  }

  /** Keeps a text; `undefined` where there is no room for it. */
  async put(text: string): Promise<Place | undefined> {
    const chunk = Buffer.from(text);
    if (this.#end + chunk.length > this.#maxBytes) return undefined;
    const place = { offset: this.#end, bytes: chunk.length };
    this.#end += chunk.length;
    this.#live += 1;
    try {
      for (let done = 0; done < chunk.length; ) {
        const { bytesWritten } = await this.#file.write(
          chunk,
          done,
          chunk.length - done,
          place.offset + done,
        );
        done += bytesWritten;
      }
    } catch {
      // The disk is full or gone: there is no room, whatever was free at the start.
      this.free(place);
      return undefined;
    }
    return place;
  }

  /** @throws Error where the file does not give back what was put */
  async get({ offset, bytes }: Place): Promise<string> {
    const buffer = Buffer.alloc(bytes);
    for (let done = 0; done < bytes; ) {
      const { bytesRead } = await this.#file.read(buffer, done, bytes - done, offset + done);
      if (bytesRead === 0)
        throw new Error('the temporary file of waiting rows is shorter than what was put there');
      done += bytesRead;
    }
    return buffer.toString('utf8');
  }

  /** The text is not needed any more. */
  free(_place: Place): void {
    this.#live -= 1;
    if (this.#live === 0) this.#end = 0;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
