import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { temporaryDirectory } from './temporary-directory.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A program that says what it was given. */
const RECORDER = `
process.stdout.write(JSON.stringify({
  pid: process.pid, node: process.execPath, nodeFlags: process.execArgv,
  program: process.argv[1], args: process.argv.slice(2), cwd: process.cwd(),
}));
`;

/** The launcher in a tree of its own, before a program that says how it was started. */
export function installation(program: string | undefined = RECORDER, name = 'product'): string {
  const root = join(temporaryDirectory(), name);
  mkdirSync(join(root, 'bin'), { recursive: true });
  copyFileSync(join(ROOT, 'bin/destination-vitally'), join(root, 'bin/destination-vitally'));
  mkdirSync(join(root, 'dist'));
  writeFileSync(join(root, 'package.json'), '{"type": "module"}');
  if (program !== '') writeFileSync(join(root, 'dist/main.js'), program);
  return root;
}

/** A file that a shell runs. */
export function script(path: string, body: string): string {
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

export interface Ended {
  readonly pid: number | undefined;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Start {
  readonly args?: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts an executable with nothing but a PATH in its environment. */
export function start(executable: string, { args = [], cwd, env = {} }: Start = {}): ChildProcess {
  return spawn(executable, args, {
    cwd,
    env: { PATH: '/usr/bin:/bin', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

export async function ended(child: ChildProcess, input = ''): Promise<Ended> {
  child.stdin?.end(input);
  return await readAll(child);
}

/** Reads what a program says until it ends; its stdin is whoever's who writes to it. */
export async function readAll(child: ChildProcess): Promise<Ended> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('its stdio is piped');
  const exit = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const [out, err, { code, signal }] = await Promise.all([text(stdout), text(stderr), exit]);
  return { pid: child.pid, code, signal, stdout: out, stderr: err };
}
