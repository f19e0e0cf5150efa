import { constants, type FileHandle, mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { goneError } from './storage-error.ts';

const NEWLINE = 0x0a;
const TAIL_BLOCK_BYTES = 64 * 1024;
/** File systems that can't sync a directory say so in these ways; they keep its entries by themselves. */
const NO_DIRECTORY_SYNC: ReadonlySet<unknown> = new Set(['EINVAL', 'EISDIR', 'EPERM', 'ENOTSUP']);

/** A file or directory's identity: what a path leads to, not the path. */
export interface Identity {
  readonly device: number;
  readonly inode: number;
}

/**
 * Appends text to a file and syncs it to disk. What a failed write left of the text is cut off again.
 *
 * @param known the file as it was when last written; `undefined` opens or creates it, cutting back a torn last line
 * @returns the file's identity
 * @throws a system error, with code ENOENT when the path no longer leads to the known file
 */
export async function appendDurably(
  path: string,
  text: string,
  known: Identity | undefined,
): Promise<Identity> {
  // A file that somebody removed must not come back without its earlier lines.
  const creation = known === undefined ? constants.O_CREAT : 0;
  const file = await open(path, constants.O_RDWR | constants.O_APPEND | creation);
  try {
    const { dev, ino, size } = await file.stat();
    if (known !== undefined && !same(known, { device: dev, inode: ino })) throw goneError(path);
    const end = known === undefined ? await endOfLastLine(file, size) : size;
    if (end < size) await file.truncate(end);
    try {
      await file.appendFile(text);
    } catch (error) {
      await file.truncate(end).catch(() => {});
      throw error;
    }
    await file.sync();
    if (!same(await identityOf(path), { device: dev, inode: ino })) throw goneError(path);
    return { device: dev, inode: ino };
  } finally {
    await file.close();
  }
}

/** Makes a directory and those above it, entries synced to disk. */
export async function makeDirectory(path: string): Promise<Identity> {
  const first = await mkdir(path, { recursive: true });
  if (first !== undefined) {
    const top = dirname(first);
    for (let at = path; at !== top; at = dirname(at)) await syncDirectory(dirname(at));
  }
  return identityOf(path);
}

export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && NO_DIRECTORY_SYNC.has(error.code))) throw error;
  } finally {
    await directory.close();
  }
}

export async function identityOf(path: string): Promise<Identity> {
  const { dev, ino } = await stat(path);
  return { device: dev, inode: ino };
}

export function same(one: Identity, other: Identity): boolean {
  return one.device === other.device && one.inode === other.inode;
}

/** Offset after the last line end: what follows was torn when its writer was killed. */
async function endOfLastLine(file: FileHandle, sizeBytes: number): Promise<number> {
  for (let end = sizeBytes; end > 0; ) {
    const start = Math.max(0, end - TAIL_BLOCK_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
    const newline = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (newline >= 0) return start + newline + 1;
    end = start;
  }
  return 0;
}
