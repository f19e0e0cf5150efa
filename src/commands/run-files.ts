import { resolve } from 'node:path';
import { type OutputFile, type OutputFlag, openOutput } from '../report/output-file.ts';
import type { Flags, Runtime } from './runtime.ts';

/**
 * The files that `--summary` and `--plan` name. They are made anew before config and catalog are read, so that a
 * run that fails leaves no old file. The summary comes first, since it tells of every other fault.
 */
export class RunFiles {
  readonly #flags: Flags;
  readonly #runtime: Runtime;
  #summary: OutputFile | undefined;
  #plan: OutputFile | undefined;

  constructor(flags: Flags, runtime: Runtime) {
    this.#flags = flags;
    this.#runtime = runtime;
  }

  /** `undefined` where there is no `--plan`. */
  get plan(): OutputFile | undefined {
    return this.#plan;
  }

  /** @throws ConfigError naming the flag whose file can't be made */
  async open(): Promise<void> {
    this.#summary = await this.#open('--summary', this.#flags.summary);
    this.#plan = await this.#open('--plan', this.#flags.plan);
  }

  /**
   * Writes the summary, if its file is wanted, and closes both files.
   *
   * @param summary JSON text
   * @returns the first fault: a run that had no other fails with it
   */
  async close(summary: string): Promise<unknown> {
    const file = this.#summary;
    const faults = await Promise.allSettled([
      this.#plan?.close(),
      file?.write(`${summary}\n`).finally(() => file.close()),
    ]);
    const failed = faults.find((fault) => fault.status === 'rejected');
    return failed?.reason;
  }

  async #open(flag: OutputFlag, path: string | undefined): Promise<OutputFile | undefined> {
    if (path === undefined) return undefined;
    const { cwd } = this.#runtime;
    const other = flag === '--plan' ? this.#flags.summary : undefined;
    const { config, catalog, files = [] } = this.#flags;
    const inputs = [config, catalog, other, ...files].filter((input) => input !== undefined);
    return await openOutput({
      flag,
      path,
      cwd,
      inputs: inputs.map((input) => resolve(cwd, input)),
      stdoutCarries: files.length === 0 ? 'Airbyte messages' : 'what load tells',
    });
  }
}
