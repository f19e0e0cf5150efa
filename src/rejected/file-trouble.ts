interface Trouble {
  readonly what: string;
  readonly remedy: string;
}

const NOT_ALLOWED = { what: 'this user may not write there', remedy: 'grant it write access' };
const GONE = { what: 'a folder of the path does not exist', remedy: 'make it' };

/** What a system error about a file means, by Node's code. */
const TROUBLES: Readonly<Record<string, Trouble>> = {
  ENOSPC: { what: 'the disk is full', remedy: 'free some space' },
  EDQUOT: { what: 'the disk quota is used up', remedy: 'free some space or raise the quota' },
  EFBIG: { what: 'the file would exceed the largest size allowed', remedy: 'raise the limit' },
  EACCES: NOT_ALLOWED,
  EPERM: NOT_ALLOWED,
  EROFS: { what: 'the file system is mounted read-only', remedy: 'mount it writable' },
  ENOTDIR: { what: 'a part of the path is a file and no folder', remedy: 'move that file away' },
  EEXIST: { what: 'a part of the path is a file and no folder', remedy: 'move that file away' },
  EISDIR: { what: 'it is a folder', remedy: 'name a file in it' },
  ENOENT: GONE,
  ESTALE: GONE,
  EIO: { what: 'the disk reports an error', remedy: 'repair it' },
  ELOOP: { what: 'the path leads through a symbolic link', remedy: 'name the place that it leads to' },
  ENAMETOOLONG: { what: 'the name is too long', remedy: 'shorten it' },
  EMFILE: { what: 'too many files are open', remedy: 'raise the limit of open files' },
  ENFILE: { what: 'too many files are open', remedy: 'raise the limit of open files' },
  EPIPE: { what: 'its reader has closed it', remedy: 'keep its reader running' },
  ENXIO: { what: 'it has no reader', remedy: 'start its reader first' },
};

/** What is wrong with a file and what to do, as two parts of a sentence. */
export function fileTrouble(error: unknown): Trouble {
  return (
    TROUBLES[codeOf(error)] ?? { what: 'it cannot be written', remedy: 'make sure that it can be written' }
  );
}

/** Node's code of a system error, or `unknown`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
