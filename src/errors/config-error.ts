import type { ErrorContext } from './error-context.ts';

/** One thing that is wrong with config or catalog. `path` is a JSON pointer such as `/streams/0/sync_key`. */
export interface Fault {
  readonly path: string;
  /** What is wrong and what to write instead; never a value of the config. */
  readonly message: string;
}

export interface ConfigErrorOptions extends ErrorContext {
  readonly faults?: readonly Fault[];
  readonly cause?: unknown;
}

/** The user must act: wrong config, catalog, token, region or storage. Ends a run as `config_error`. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly Fault[];
  readonly technical: string | undefined;
  readonly stream: ErrorContext['stream'];

  constructor(message: string, options: ConfigErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.faults = options.faults ?? [];
    this.technical = options.technical;
    this.stream = options.stream;
  }

  /** One error that names every fault, each with its path. */
  static of(faults: readonly Fault[]): ConfigError {
    const lines = faults.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
    const head = faults.length === 1 ? '' : `${faults.length} faults in config and catalog:\n`;
    return new ConfigError(head + lines.join('\n'), { faults });
  }
}
