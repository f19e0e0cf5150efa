import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Builds `dist/` once before the tests, so that those which spawn the executable run today's code. */
export default function build(): void {
  const root = fileURLToPath(new URL('..', import.meta.url));
  rmSync(`${root}dist`, { recursive: true, force: true });
  execFileSync(`${root}node_modules/.bin/tsc`, ['-p', 'tsconfig.build.json'], {
    cwd: root,
    stdio: 'inherit',
  });
}
