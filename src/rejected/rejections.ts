import { redactedLine } from '../config/connection/redact-values.ts';
import type { Settings } from '../config/settings.ts';
import type { RecordError } from '../errors/record-error.ts';
import { spliceMember } from '../json/splice.ts';
import type { RecordMessage } from '../protocol/messages.ts';
import type { Environment } from '../vitally/http/way/proxy-variables.ts';
import type { FileNames } from './file-name.ts';
import { LocalStore, type RunName } from './local-store.ts';
import { RejectionLog } from './log-line.ts';
import { rejectionOf } from './rejection.ts';
import { S3Store } from './s3-store.ts';
import { NO_STORE, type RunStore } from './store.ts';

/** What is left of a record when it is rejected: enough to keep it and to name it. */
export type RejectedRecord = Pick<RecordMessage, 'line' | 'raw' | 'stream'>;

/** What becomes of rejected records: kept in the store, and the first of each kind shown in the log. */
export interface Rejections {
  /**
   * Takes a rejected record. Waits while the store's buffer is full.
   *
   * @param key the record's key as text, where it has one
   */
  reject(record: RejectedRecord, key: string | undefined, error: RecordError): Promise<void>;
  /** Fulfilled when everything rejected so far is durable: await it before a STATE leaves. Cheap when nothing is new. */
  flush(): Promise<void>;
  /** When the first record was rejected, milliseconds since the epoch; `undefined` where none was. */
  readonly firstAtMs: number | undefined;
  /** What the log has not shown one by one, counted: for the end of the run. */
  report(): string[];
  close(): Promise<void>;
}

export interface RejectionsOptions {
  /** The outcome log is in it too: a flush is one for both. */
  readonly store: RunStore;
  /** Names the files of the store, those of the outcome log too. */
  readonly files: FileNames;
  readonly redact: (text: string) => string;
  readonly warn: (message: string) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/**
 * The store that the settings name. It touches nothing until it is used.
 *
 * @param env the process's environment, which an object store is reached by
 */
export function openStore(
  { storage, outcomeLog }: Pick<Settings, 'storage' | 'outcomeLog'>,
  run: Omit<RunName, 'keeps'>,
  env: Environment,
): RunStore {
  if (storage.type === 'None') return NO_STORE;
  const keeps = outcomeLog === 'none' ? 'Rejected records' : 'Rejected records and the outcome log';
  return storage.type === 'S3'
    ? new S3Store(storage, { ...run, keeps }, env)
    : new LocalStore(storage.directory, { ...run, keeps });
}

/**
 * Every line kept is the record's own text with a `rejection` object added, so that a file, once mended, is valid
 * input to `write`.
 *
 * @throws ConfigError (as rejection, from every method) when the store fails
 */
export function createRejections(options: RejectionsOptions): Rejections {
  const { store, files, redact, warn, now = Date.now } = options;
  const log = new RejectionLog();
  let firstAtMs: number | undefined;

  return {
    async reject(record, key, error) {
      const { code, message, field, http_status, fix, detail } = rejectionOf(error, redact);
      const atMs = now();
      firstAtMs ??= atMs;
      const rejection = {
        code,
        message,
        field,
        http_status,
        stream: record.stream.name,
        key: key === undefined ? null : redact(key),
        rejected_at: new Date(atMs).toISOString(),
        fix,
        ...(detail !== undefined && { detail }),
      };
      const kept = redactedLine(keptOf(record, error), redact);
      const line = spliceMember(kept, ['rejection'], JSON.stringify(rejection));
      await store.append(files.of(record.stream, 'rejected'), line);
      const shown = log.add(record, key === undefined ? undefined : redact(key), error);
      if (shown !== undefined) await warn(shown);
    },
    get firstAtMs() {
      return firstAtMs;
    },
    report: () => log.report(),
    flush: () => store.flush(),
    close: () => store.close(),
  };
}

/**
 * A record as the store keeps it. What is too large for Vitally is so for the store and for a line of the input too: it
 * is kept without its data, under its stream and key (Contract 7).
 */
function keptOf({ raw }: RejectedRecord, { code }: RecordError): string {
  return code === 'too_large' ? spliceMember(raw, ['record', 'data'], '{}') : raw;
}
