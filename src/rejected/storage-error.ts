import { ConfigError } from '../errors/config-error.ts';
import { codeOf, fileTrouble } from './file-trouble.ts';

/** A file or folder of the store is no longer the one that was written before. */
export class StoreGone extends Error {
  override readonly name = 'StoreGone';
  readonly code = 'ENOENT';
}

/** No folder can be made in a place that is there: it belongs to the kernel, say. */
export class NoFolders extends Error {
  override readonly name = 'NoFolders';
  readonly code: string;

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : 'no folder can be made there', { cause });
    this.code = codeOf(cause);
  }
}

/**
 * A failure of the store's directory as the user's to mend, naming directory and remedy.
 *
 * @param kept what the store keeps, as the beginning of a sentence
 */
export function storageError(kept: string, directory: string, error: unknown): ConfigError {
  const { what, remedy } = troubleOf(error);
  const code = codeOf(error);
  return new ConfigError(
    `${kept} can't be kept in ${directory}: ${what}${code === 'unknown' ? '' : ` (${code})`}. ` +
      `${remedy}; then run the sync again.`,
    { cause: error, technical: technicalOf(error, code) },
  );
}

/** Of errors of the system alone: their words name call and path, and no row. */
function technicalOf(error: unknown, code: string): string {
  return error instanceof Error && code !== 'unknown' ? `${error.name}: ${error.message}` : code;
}

function troubleOf(error: unknown): { readonly what: string; readonly remedy: string } {
  const code = codeOf(error);
  if (error instanceof NoFolders)
    return {
      what: 'no folder can be made there',
      remedy: 'Name a directory on a disk in object_storage_config',
    };
  if (error instanceof StoreGone || code === 'ENOENT' || code === 'ESTALE') {
    return {
      what: 'the directory or a file in it has gone',
      remedy: 'Leave it in place while a sync runs',
    };
  }
  const { what, remedy } = fileTrouble(error);
  return { what, remedy: `To mend it, ${remedy}, or name another directory in object_storage_config` };
}
