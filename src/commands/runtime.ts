import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../vitally/http/clock.ts';

/** Every exit code there is; `docs/outcomes.md` says what each means. Of a signal it is 128 and the signal's number. */
export const EXIT_CODES = { succeeded: 0, failed: 1, misused: 2, SIGINT: 130, SIGTERM: 143 } as const;

/** The process that a command runs in, passed in so that a test can run the command in its own. */
export interface Runtime {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Directory that relative paths start from. */
  readonly cwd: string;
  /**
   * Calls `handler` for SIGTERM and SIGINT until the returned function is called; without a handler they end the
   * process.
   */
  readonly onSignal: (handler: (signal: 'SIGTERM' | 'SIGINT') => void) => () => void;
  /** What waits between requests go by. Default: the machine's. */
  readonly clock?: Clock;
  /** Longest that a request of `write` may take. Default: 30 seconds. */
  readonly requestTimeoutMs?: number;
}

/** The flags that commands take; a path is as the caller wrote it. */
export interface Flags {
  readonly config?: string | undefined;
  readonly catalog?: string | undefined;
  readonly summary?: string | undefined;
  readonly plan?: string | undefined;
  readonly dryRun?: boolean | undefined;
  /** Of `load`: files of rows, `-` for stdin. */
  readonly files?: readonly string[];
  readonly stream?: string | undefined;
  readonly format?: 'csv' | 'jsonl' | undefined;
  /** Of `rejected`: as a sheet. */
  readonly csv?: boolean;
  /** Of `check`: without a request. */
  readonly offline?: boolean;
  /** Rows of each file that are taken at most. */
  readonly limit?: number | undefined;
}
