import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A program that builds and runs images: `docker`, or one of the form `build DIR TAG`, `run TAG OPTIONS -- ARGS`. */
const TOOL = process.env.CONTAINER_TOOL;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export async function build(tag: string): Promise<Ended> {
  return await execute(TOOL === undefined ? ['docker', 'build', '-t', tag, '.'] : [TOOL, 'build', '.', tag]);
}

/** Runs the image on the host's network, so that it meets a sandbox on the loopback interface. */
export async function run(
  tag: string,
  args: readonly string[],
  options: readonly string[] = [],
  input = '',
): Promise<Ended> {
  const argv =
    TOOL === undefined
      ? ['docker', 'run', '--rm', '-i', '--network', 'host', ...options, tag, ...args]
      : [TOOL, 'run', tag, ...options, '--', ...args];
  return await execute(argv, input);
}

/** What a shell in the image prints. */
export async function shell(tag: string, line: string, options: readonly string[] = []): Promise<Ended> {
  return await run(tag, ['-c', line], ['--entrypoint', '/bin/sh', ...options]);
}

/** The image's configuration, as its engine has it. */
export async function inspect(tag: string): Promise<ImageConfig> {
  const words = ['inspect', '--format', '{{json .Config}}', tag];
  const { stdout } = await execute(TOOL === undefined ? ['docker', ...words] : [TOOL, 'podman', ...words]);
  return JSON.parse(stdout);
}

export interface ImageConfig {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
}

async function execute([program = '', ...args]: readonly string[], input = ''): Promise<Ended> {
  const child = spawn(program, args, { cwd: ROOT, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { code, stdout, stderr };
}
