import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXECUTABLE } from './program.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** POSIX shells count in blocks of this size. */
const BLOCK_BYTES = 512;

/**
 * The executable, where no file may grow beyond a size: the write that passes it is cut short and the next one fails, as on
 * a full disk. Any user may set such a limit, while only root can mount a small file system.
 */
export function executableWithFileLimit(bytes: number): string {
  const path = join(temporaryDirectory(), 'limited');
  const script = `#!/bin/sh\nulimit -f ${Math.floor(bytes / BLOCK_BYTES)}\nexec '${EXECUTABLE}' "$@"\n`;
  writeFileSync(path, script, { mode: 0o755 });
  return path;
}
