import { lstat, mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from './file-trouble.ts';
import { openAgain, openNew, PRIVATE_FOLDER_MODE } from './new-file.ts';
import { NoFolders, StoreGone } from './storage-error.ts';

/** File systems that can't sync a directory say so in these ways; they keep its entries by themselves. */
const NO_DIRECTORY_SYNC: ReadonlySet<string> = new Set(['EINVAL', 'EISDIR', 'EPERM', 'ENOTSUP']);

/** A file or directory's identity: what is at a path, not the path, and no link to it. */
export interface Identity {
  readonly device: number;
  readonly inode: number;
}

/**
 * Appends text to a file and syncs it to disk. What a failed write left of the text is cut off again.
 *
 * @param known the file as it was when last written; `undefined` makes it, and fails where anything is there
 * @returns the file's identity
 * @throws a system error, or {@link StoreGone} when the path no longer leads to the known file
 */
export async function appendDurably(
  path: string,
  text: string,
  known: Identity | undefined,
): Promise<Identity> {
  // A file that was removed must not come back without its earlier lines.
  const file = known === undefined ? await openNew(path) : await openAgain(path);
  try {
    const { dev, ino, size } = await file.stat();
    const identity = { device: dev, inode: ino };
    if (known !== undefined && !same(known, identity)) throw goneError(path);
    try {
      await file.appendFile(text);
    } catch (error) {
      await file.truncate(size).catch(() => {});
      throw error;
    }
    await file.sync();
    if (!same(await identityOf(path), identity)) throw goneError(path);
    return identity;
  } finally {
    await file.close();
  }
}

/**
 * Makes a directory and those above it that are missing, for their owner alone, entries synced to disk. Those that
 * were there keep their mode. Node's own recursive `mkdir` isn't used: it tells a read-only file system as ENOENT,
 * and below `/proc` it never returns.
 */
export async function makeDirectory(path: string): Promise<void> {
  if (await isDirectory(path)) return;
  const above = dirname(path);
  if (above !== path) await makeDirectory(above);
  try {
    await mkdir(path, PRIVATE_FOLDER_MODE);
  } catch (error) {
    // Another run may have made it in between.
    if (codeOf(error) === 'EEXIST' && (await isDirectory(path))) return;
    throw codeOf(error) === 'ENOENT' ? new NoFolders(error) : error;
  }
  await syncDirectory(above);
}

/** Makes a directory that was not there, for its owner alone. `undefined` where anything was. */
export async function makeOwnDirectory(path: string): Promise<Identity | undefined> {
  try {
    await mkdir(path, PRIVATE_FOLDER_MODE);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return undefined;
    throw error;
  }
  const identity = await identityOf(path);
  await syncDirectory(dirname(path));
  return identity;
}

export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } catch (error) {
    if (!NO_DIRECTORY_SYNC.has(codeOf(error))) throw error;
  } finally {
    await directory.close();
  }
}

export async function identityOf(path: string): Promise<Identity> {
  const { dev, ino } = await lstat(path);
  return { device: dev, inode: ino };
}

export function same(one: Identity, other: Identity): boolean {
  return one.device === other.device && one.inode === other.inode;
}

/** For a file or directory that is no longer the one that was written before. */
export function goneError(what: string): Error {
  return new StoreGone(`${what} is no longer the one that was written before`);
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}
