import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { NamelessFile, type Place } from '../nameless-file.ts';
import { FileRoom } from './file-room.ts';

/** Contract 4: no more than this, and no more than half of what the file system has free. */
export const MAX_SPILL_BYTES = 1024 ** 3;

export interface SpillFileOptions {
  /** Default: the system's temporary directory. */
  readonly directory?: string;
  readonly maxBytes?: number;
  /** What the file system of a directory has free. */
  readonly freeBytes?: (directory: string) => Promise<number>;
  /** Told why there is no file, and once why it takes nothing: rows that find no room are rejected for it. */
  readonly onTrouble: (error: unknown) => void;
}

/**
 * A temporary file without a name for what must wait and would fill the memory.
 *
 * `put` takes its place before it first waits: calls at the same time never share one.
 */
export class SpillFile {
  readonly #file: NamelessFile;
  readonly #room: FileRoom;
  readonly #onTrouble: (error: unknown) => void;
  #isTroubled = false;

  private constructor(file: NamelessFile, maxBytes: number, onTrouble: (error: unknown) => void) {
    this.#file = file;
    this.#room = new FileRoom(maxBytes);
    this.#onTrouble = onTrouble;
  }

  /** `undefined` where no temporary directory can be written, as in an image with a read-only root. */
  static async open(options: SpillFileOptions): Promise<SpillFile | undefined> {
    const { directory = tmpdir(), maxBytes = MAX_SPILL_BYTES, freeBytes = freeOf, onTrouble } = options;
    try {
      const bound = Math.min(maxBytes, Math.floor((await freeBytes(directory)) / 2));
      return new SpillFile(await NamelessFile.open(directory), bound, onTrouble);
    } catch (error) {
      onTrouble(error);
      return undefined;
    }
  }

  /** Keeps a text; `undefined` where there is no room for it. */
  async put(text: string): Promise<Place | undefined> {
    const chunk = Buffer.from(text);
    const place = this.#room.take(chunk.length);
    if (place === undefined) return undefined;
    try {
      await this.#file.write(chunk, place.offset);
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
  async get(place: Place): Promise<string> {
    return await this.#file.read(place);
  }

  /** The text is not needed any more. */
  free(place: Place): void {
    this.#room.free(place);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

async function freeOf(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}
