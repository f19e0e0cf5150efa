import { write as writeTo } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { codeOf } from '../rejected/file-trouble.ts';

const FULL_PIPE_AGAIN_AFTER_MS = 10;

const writeBytes = promisify(writeTo);

/** Where text goes that was opened. */
export interface Sink {
  write(text: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Writes to an open file, or to a descriptor that the caller of the process opened and that therefore stays open.
 * A pipe whose reader is slow says EAGAIN; it is waited for.
 */
export function sinkOf(target: FileHandle | number): Sink {
  const descriptor = typeof target === 'number' ? target : target.fd;
  return {
    async write(text) {
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; ) at += await writeSome(descriptor, bytes, at);
    },
    async close() {
      if (typeof target !== 'number') await target.close();
    },
  };
}

async function writeSome(descriptor: number, bytes: Buffer, at: number): Promise<number> {
  try {
    return (await writeBytes(descriptor, bytes, at)).bytesWritten;
  } catch (error) {
    if (codeOf(error) !== 'EAGAIN') throw error;
    await new Promise((done) => setTimeout(done, FULL_PIPE_AGAIN_AFTER_MS));
    return 0;
  }
}
