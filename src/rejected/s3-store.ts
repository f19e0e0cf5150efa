import { randomUUID } from 'node:crypto';
import type { S3Storage } from '../config/storage.ts';
import type { Environment } from '../vitally/http/way/proxy-variables.ts';
import type { RunName } from './local-store.ts';
import { type Bucket, openBucket } from './s3-client.ts';
import { isDenied, s3Error } from './s3-error.ts';
import { runFolders, timeInName } from './safe-name.ts';
import type { RunStore } from './store.ts';

/** No object is larger, one of a single line apart (Contract 7). */
const MAX_OBJECT_BYTES = 8 * 1024 * 1024;
/** Lines held in memory before they are put without waiting for a flush. */
const MAX_BUFFER_BYTES = 8 * 1024 * 1024;
/** Objects of a flush that are put at once. */
const MAX_PUTS = 4;
const ENDING = '.jsonl';

/** Lines that become one object. */
interface Part {
  readonly lines: string[];
  bytes: number;
}

/**
 * Keeps a run's rejected records and its outcome log in a bucket. Nothing can be added to an object, so each flush puts
 * what has gathered for a file as its next part: `<path>/<run>/<file>.<start time>.<n>.jsonl`. A failure is final: after
 * it every call fails alike, so no STATE can leave for rows that were not kept.
 *
 * Invariant: `#write` runs one at a time, chained in `#written`; it takes the buffer in one synchronous step, so a
 * line appended while it puts is the next one's.
 *
 * @throws ConfigError or TransientError (as rejection, from every method) naming bucket and remedy
 */
export class S3Store implements RunStore {
  readonly #settings: S3Storage;
  readonly #run: RunName;
  readonly #env: Environment;
  readonly #parts = new Map<string, number>();
  #bucket: Promise<Bucket> | undefined;
  #folder: string | undefined;
  #buffer = new Map<string, Part[]>();
  #bufferBytes = 0;
  #written: Promise<void> = Promise.resolve();

  constructor(settings: S3Storage, run: RunName, env: Environment) {
    this.#settings = settings;
    this.#run = run;
    this.#env = env;
  }

  get place(): string | undefined {
    return this.#folder === undefined ? undefined : `s3://${this.#settings.bucket}/${this.#folder}`;
  }

  async append(file: string, line: string): Promise<void> {
    const bytes = Buffer.byteLength(line) + 1;
    const parts = this.#buffer.get(file);
    const last = parts?.at(-1);
    if (parts === undefined) this.#buffer.set(file, [{ lines: [line], bytes }]);
    else if (last === undefined || last.bytes + bytes > MAX_OBJECT_BYTES)
      parts.push({ lines: [line], bytes });
    else {
      last.lines.push(line);
      last.bytes += bytes;
    }
    this.#bufferBytes += bytes;
    if (this.#bufferBytes > MAX_BUFFER_BYTES) await this.flush();
  }

  flush(): Promise<void> {
    // Each waits for the one before it, so parts stay in order and a failure stays known.
    if (this.#buffer.size > 0) this.#written = this.#written.then(() => this.#write());
    return this.#written;
  }

  async probe(): Promise<void> {
    const key = this.#keyOf(`.probe-${randomUUID()}`);
    await this.#orStorageError(async () => {
      const bucket = await this.#open();
      await bucket.put(key, 'probe\n');
      await bucket.remove(key);
    });
  }

  close(): Promise<void> {
    return this.flush();
  }

  async #write(): Promise<void> {
    const buffer = this.#buffer;
    if (buffer.size === 0) return;
    this.#buffer = new Map();
    this.#bufferBytes = 0;
    await this.#orStorageError(async () => {
      const bucket = await this.#open();
      const folder = this.#folder ?? (await this.#freeFolder(bucket));
      this.#folder = folder;
      const objects = [...buffer].flatMap(([file, parts]) =>
        parts.map((part) => ({ key: `${folder}/${this.#nextName(file)}`, part })),
      );
      const putOneByOne = async () => {
        for (let next = objects.shift(); next !== undefined; next = objects.shift())
          await bucket.put(next.key, `${next.part.lines.join('\n')}\n`);
      };
      await Promise.all(Array.from({ length: MAX_PUTS }, putOneByOne));
    });
  }

  /** The name of a file's next part. */
  #nextName(file: string): string {
    const number = (this.#parts.get(file) ?? 0) + 1;
    this.#parts.set(file, number);
    const plain = file.endsWith(ENDING) ? file.slice(0, -ENDING.length) : file;
    return `${plain}.${timeInName(this.#run.startedAtMs)}.${number}${ENDING}`;
  }

  /** The run's folder: one that no object is in yet. Who may not look gets the start time in the name at once. */
  async #freeFolder(bucket: Bucket): Promise<string> {
    for (const name of runFolders(this.#run.id, this.#run.startedAtMs)) {
      const folder = this.#keyOf(name);
      if (!(await this.#isTaken(bucket, folder, name))) return folder;
    }
    throw new Error('the names of run folders do not end');
  }

  async #isTaken(bucket: Bucket, folder: string, name: string): Promise<boolean> {
    try {
      return await bucket.hasAny(`${folder}/`);
    } catch (error) {
      if (!isDenied(error)) throw error;
      return !name.includes(timeInName(this.#run.startedAtMs));
    }
  }

  #open(): Promise<Bucket> {
    this.#bucket ??= openBucket(this.#settings, this.#env);
    return this.#bucket;
  }

  #keyOf(name: string): string {
    const { path } = this.#settings;
    return path === '' ? name : `${path}/${name}`;
  }

  async #orStorageError(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const { bucket, path } = this.#settings;
      throw s3Error(this.#run.keeps, `s3://${path === '' ? bucket : `${bucket}/${path}`}`, error);
    }
  }
}
