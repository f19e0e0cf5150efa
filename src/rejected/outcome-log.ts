import { redactedLine } from '../config/connection/redact-values.ts';
import type { RequestLine } from '../errors/record-error.ts';
import type { StreamDescriptor } from '../protocol/messages.ts';
import { pathTemplate } from '../vitally/http/path-template.ts';
import type { FileNames } from './file-name.ts';
import type { RunStore } from './store.ts';

/** What became of one row. Of the row itself it has the key alone. */
export interface OutcomeLine {
  readonly stream: StreamDescriptor;
  /** Of the input, from 1. */
  readonly line: number;
  readonly key: string | undefined;
  /** One of Contract 6. */
  readonly outcome: string;
  /** Vitally's id of the record, where it is known. */
  readonly id: string | undefined;
  /** The request that decided the row's outcome; `undefined` where none was sent. */
  readonly request: RequestLine | undefined;
  readonly httpStatus: number | undefined;
  /** Names of the fields that the request changed; `undefined` where the record was not known before. */
  readonly changes: readonly string[] | undefined;
}

export interface OutcomeLogOptions {
  readonly store: RunStore;
  readonly files: FileNames;
  /** Takes secrets out of a line. */
  readonly redact: (text: string) => string;
  /** Takes secrets, and parts of them, out of what Vitally said: ids, and the paths that they stand in. */
  readonly redactAnswer: (text: string) => string;
  /** Milliseconds since the epoch. Default: the machine's clock. */
  readonly now?: () => number;
}

/**
 * Keeps a line for each row in the store that rejected records are in, so that one flush makes both durable before a
 * STATE leaves (Contract 7).
 */
export class OutcomeLog {
  readonly #options: OutcomeLogOptions;

  constructor(options: OutcomeLogOptions) {
    this.#options = options;
  }

  /**
   * Takes a line. Waits while the store's buffer is full.
   *
   * @throws ConfigError when the store fails
   */
  async add(row: OutcomeLine): Promise<void> {
    const { store, files, redact, redactAnswer, now = Date.now } = this.#options;
    const { request, id } = row;
    const line = {
      stream: row.stream.name,
      line: row.line,
      key: row.key ?? null,
      outcome: row.outcome,
      id: id === undefined ? null : redactAnswer(id),
      request:
        request === undefined ? null : { method: request.method, path: this.#pathOf(request, row.key) },
      http_status: row.httpStatus ?? null,
      changes: row.changes ?? null,
      at: new Date(now()).toISOString(),
    };
    await store.append(files.of(row.stream, 'outcomes'), redactedLine(JSON.stringify(line), redact));
  }

  /** Vitally's words in a path are the ids that it gave: what we call its endpoints, and the row's own key, are not. */
  #pathOf({ path, shownPath }: RequestLine, key: string | undefined): string {
    if (shownPath !== undefined) return shownPath;
    const template = pathTemplate(path).split('/');
    const own = key === undefined ? undefined : encodeURIComponent(key);
    return path
      .split('/')
      .map((part, index) =>
        part === template[index] || part === own ? part : this.#options.redactAnswer(part),
      )
      .join('/');
  }
}
