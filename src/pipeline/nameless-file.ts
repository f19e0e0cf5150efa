import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CHUNK_BYTES = 64 * 1024;

/** Where a text lies in a file. */
export interface Place {
  readonly offset: number;
  readonly bytes: number;
}

/**
 * A temporary file that has no name from the start: no other process can open it, and a killed one leaves nothing
 * behind. Its content is its owner's alone.
 */
export class NamelessFile {
  readonly #file: FileHandle;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** @throws Error where the directory can't be written, as in an image with a read-only root */
  static async open(directory = tmpdir()): Promise<NamelessFile> {
    const folder = await mkdtemp(join(directory, 'destination-vitally-'));
    try {
      return new NamelessFile(await open(join(folder, 'rows'), 'wx+', 0o600));
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  async write(chunk: Buffer, offset: number): Promise<void> {
    for (let done = 0; done < chunk.length; ) {
      const { bytesWritten } = await this.#file.write(chunk, done, chunk.length - done, offset + done);
      done += bytesWritten;
    }
  }

  /** @throws Error where the file does not give back what was written */
  async read({ offset, bytes }: Place): Promise<string> {
    const buffer = Buffer.alloc(bytes);
    for (let done = 0; done < bytes; ) {
      const { bytesRead } = await this.#file.read(buffer, done, bytes - done, offset + done);
      if (bytesRead === 0) throw new Error('a temporary file is shorter than what was written to it');
      done += bytesRead;
    }
    return buffer.toString('utf8');
  }

  /** What was written, from the start. */
  chunks(bytes: number): AsyncGenerator<Buffer> {
    return chunksOf(this.#file, bytes);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/** The first bytes of an open file, which stays open. Throws where the file is shorter by now. */
export async function* chunksOf(file: FileHandle, bytes: number): AsyncGenerator<Buffer> {
  for (let offset = 0; offset < bytes; ) {
    const room = Buffer.alloc(Math.min(CHUNK_BYTES, bytes - offset));
    const { bytesRead, buffer } = await file.read({ buffer: room, position: offset });
    if (bytesRead === 0) throw new Error('a file became shorter while it was read');
    offset += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
