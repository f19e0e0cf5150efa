import { type FileHandle, mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileRoom, type Place } from './file-room.ts';

/** Contract 4: no more than this, and no more than half of what the file system has free. */
export const MAX_SPILL_BYTES = 1024 ** 3;

export interface SpillFileOptions {
  /** Default: the system's temporary directory. */
  readonly directory?: string;
  readonly maxBytes?: number;
  /** What the file system of a folder has free. */
  readonly freeBytes?: (folder: string) => Promise<number>;
  /** Told why there is no file, and once why it takes nothing: rows that find no room are refused for it. */
  readonly onTrouble: (error: unknown) => void;
}

/**
 * A temporary file for what must wait and would fill the memory. It has no name from the start, so that nobody else
 * can open it and a killed process leaves nothing behind; its rows are their owner's alone.
 *
 * `put` takes its place synchronously: calls at the same time never share one.
 */
export class SpillFile {
  readonly #file: FileHandle;
  readonly #room: FileRoom;
  readonly #onTrouble: (error: unknown) => void;
  #isTroubled = false;

  private constructor(file: FileHandle, maxBytes: number, onTrouble: (error: unknown) => void) {
    this.#file = file;
    this.#room = new FileRoom(maxBytes);
    this.#onTrouble = onTrouble;
  }

  /** `undefined` where no temporary directory can be written, as in an image with a read-only root. */
  static async open(options: SpillFileOptions): Promise<SpillFile | undefined> {
    const { directory = tmpdir(), maxBytes = MAX_SPILL_BYTES, freeBytes = freeOf, onTrouble } = options;
    let file: FileHandle | undefined;
    try {
      const folder = await mkdtemp(join(directory, 'destination-vitally-'));
      let bound = maxBytes;
      try {
        bound = Math.min(maxBytes, Math.floor((await freeBytes(folder)) / 2));
        file = await open(join(folder, 'rows'), 'wx+', 0o600);
      } finally {
        await rm(folder, { recursive: true });
      }
      return new SpillFile(file, bound, onTrouble);
    } catch (error) {
      onTrouble(error);
      await file?.close();
      return undefined;
    }
  }

  /** Keeps a text; `undefined` where there is no room for it. */
  async put(text: string): Promise<Place | undefined> {
    const chunk = Buffer.from(text);
    const place = this.#room.take(chunk.length);
    if (place === undefined) return undefined;
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
    } catch (error) {
      // The disk is full or gone: there is no room, whatever was free at the start.
      this.free(place);
      if (!this.#isTroubled) this.#onTrouble(error);
      this.#isTroubled = true;
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
  free(place: Place): void {
    this.#room.free(place);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

async function freeOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
