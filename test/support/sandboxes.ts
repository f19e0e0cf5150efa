import { onTestFinished } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts';
import { UNLIMITED } from './messages.ts';

/** A sandbox that goes with its test. */
export async function sandboxFor(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ ...UNLIMITED, ...options });
  onTestFinished(() => sandbox.close());
  return sandbox;
}
