import { onTestFinished } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts';
import { Api } from './sandbox/client.ts';

/** A limit so high that no test waits for it. */
const UNHURRIED = 1_000_000;

/** A sandbox that goes with its test. */
export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ requestsPerMinute: UNHURRIED, ...options });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/**
 * Does work with a sandbox that goes with it: a fuzzer opens thousands of them in one test. Options that aren't given
 * are the sandbox's own, its rate limit too.
 */
export async function withSandbox(
  options: SandboxOptions,
  work: (api: Api, sandbox: Sandbox) => Promise<void>,
): Promise<void> {
  const sandbox = await startSandbox(options);
  try {
    await work(new Api(sandbox.url), sandbox);
  } finally {
    await sandbox.close();
  }
}
