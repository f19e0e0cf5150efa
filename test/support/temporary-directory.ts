import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** An empty directory that goes with the test. Its path holds no symbolic link, as a launcher says it. */
export function temporaryDirectory(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'destination-vitally-')));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
