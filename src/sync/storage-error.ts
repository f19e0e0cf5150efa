import { ConfigError } from '../errors/config-error.ts';

/** What a failing directory means and what to do, by Node's error code. */
const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: free some space, or name a directory on another disk',
  EDQUOT: 'the disk quota is used up: free some space, or name a directory elsewhere',
  EACCES: 'this user may not write there: grant it write access, or name another directory',
  EPERM: 'this user may not write there: grant it write access, or name another directory',
  EROFS: 'the file system is read-only: mount it writable, or name another directory',
  ENOTDIR: 'a part of the path is a file: name another directory',
  EEXIST: 'a part of the path is a file: name another directory',
  ENOENT: 'the directory or a file in it has gone: leave it in place while a sync runs',
  ESTALE: 'the directory or a file in it has gone: leave it in place while a sync runs',
  EIO: 'the disk reports an error: repair it, or name a directory on another disk',
};

/** A failure of the rejected-records directory as the user's to mend, naming directory and remedy. */
export function storageError(directory: string, error: unknown): ConfigError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  const remedy = REMEDIES[code] ?? 'make sure that it can be written, or name another directory';
  return new ConfigError(`Rejected records can't be kept in ${directory} (${code}): ${remedy}.`, {
    cause: error,
  });
}

/** For a file or directory that is no longer the one that was written before. */
export function goneError(what: string): Error {
  return Object.assign(new Error(`${what} is no longer the one that was written before`), { code: 'ENOENT' });
}
