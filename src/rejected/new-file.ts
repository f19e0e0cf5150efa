import { constants, type FileHandle, open } from 'node:fs/promises';

/** For files that hold rows or keys: only their owner reads them. */
export const PRIVATE_FILE_MODE = 0o600;
export const PRIVATE_FOLDER_MODE = 0o700;

/**
 * Makes a file that was not there and opens it for appending. A symbolic link at the path is never followed, even
 * where it leads nowhere: another user may have put it there to have rows written where they can read them.
 *
 * @param mode its access rights, less the umask
 * @throws a system error, with code EEXIST where anything is at the path
 */
export async function openNew(path: string, mode: number = PRIVATE_FILE_MODE): Promise<FileHandle> {
  const flags =
    constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  return await open(path, flags, mode);
}

/** Opens a file for appending that is there, and nothing that a symbolic link leads to. */
export async function openAgain(path: string): Promise<FileHandle> {
  return await open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW);
}
