import type { RecordError, RejectionCode } from '../errors/record-error.ts';
import { spliceMember } from '../json/splice.ts';
import { type RecordMessage, streamId } from '../protocol/messages.ts';
import type { Settings } from '../settings/settings.ts';
import { LocalStore, type RunName } from './local-store.ts';
import { FileNames } from './rejection-file.ts';
import { describeRejection, MAX_SHOWN_PER_CODE } from './rejection-log.ts';
import { NO_STORE, type RejectionStore } from './rejection-store.ts';

/** What is left of a record when it is refused: enough to keep it and to name it. */
export type RefusedRecord = Pick<RecordMessage, 'line' | 'raw' | 'stream'>;

/** What becomes of refused records: kept in the store, and the first of each kind shown in the log. */
export interface Rejections {
  /**
   * Takes a refused record. Waits while the store's buffer is full.
   *
   * @param key the record's key as text, where it has one
   */
  refuse(record: RefusedRecord, key: string | undefined, error: RecordError): Promise<void>;
  /** Fulfilled when everything refused so far is durable: await it before a STATE leaves. Cheap when nothing is new. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface RejectionsOptions {
  readonly store: RejectionStore;
  readonly redact: (text: string) => string;
  readonly warn: (message: string) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** The store that the settings name. It touches nothing until it is used. */
export function openStore(storage: Settings['storage'], run: RunName): RejectionStore {
  return storage.type === 'Local' ? new LocalStore(storage.directory, run) : NO_STORE;
}

/**
 * Every line kept is the record's own text with a `rejection` object added, so that a file, once mended, is valid
 * input to `write`.
 *
 * @throws ConfigError (as rejection, from every method) when the store fails
 */
export function createRejections(options: RejectionsOptions): Rejections {
  const { store, redact, warn, now = Date.now } = options;
  const files = new FileNames();
  const shown = new Map<string, number>();

  function countShown(record: RefusedRecord, code: RejectionCode): number {
    const id = `${code} ${streamId(record.stream)}`;
    const count = shown.get(id) ?? 0;
    if (count < MAX_SHOWN_PER_CODE) shown.set(id, count + 1);
    return count;
  }

  return {
    async refuse(record, key, error) {
      const message = error.detail === undefined ? error.message : `${error.message}: ${error.detail}`;
      const rejection = {
        code: error.code,
        message: redact(message),
        field: error.field ?? null,
        http_status: error.httpStatus ?? null,
        stream: record.stream.name,
        key: key ?? null,
        rejected_at: new Date(now()).toISOString(),
        fix: error.fix,
      };
      await store.append(
        files.of(record.stream),
        spliceMember(record.raw, ['rejection'], JSON.stringify(rejection)),
      );
      const before = countShown(record, error.code);
      if (before < MAX_SHOWN_PER_CODE) await warn(describeRejection(record, key, error, before));
    },
    flush: () => store.flush(),
    close: () => store.close(),
  };
}
