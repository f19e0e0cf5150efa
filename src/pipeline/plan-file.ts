import { NamelessFile, type Place } from './nameless-file.ts';

/** Text that is gathered before it is written, and read back at a time. */
const CHUNK_BYTES = 1024 * 1024;

/** Where the lines go in the end. */
export interface LineSink {
  write(text: string): Promise<void>;
}

interface LinePlace extends Place {
  /** Of the input. */
  readonly line: number;
}

/**
 * Lines that come in any order and leave in that of the input: rows settle out of order, and those that wait for a
 * parent settle last. They are kept in a temporary file without a name, so that memory doesn't grow with them; where
 * there is no room for one, in memory.
 *
 * `add` gives a line its place before it first waits: calls at the same time never share one.
 */
export class PlanFile {
  readonly #places: LinePlace[] = [];
  readonly #file: NamelessFile | undefined;
  readonly #kept: Buffer[] = [];
  #gathered: string[] = [];
  #gatheredBytes = 0;
  #bytes = 0;
  #written: Promise<void> = Promise.resolve();

  private constructor(file: NamelessFile | undefined) {
    this.#file = file;
  }

  /** @param directory for the temporary file */
  static async open(directory?: string): Promise<PlanFile> {
    return new PlanFile(await namelessFile(directory));
  }

  async add(line: number, text: string): Promise<void> {
    const bytes = Buffer.byteLength(text);
    this.#places.push({ line, offset: this.#bytes, bytes });
    this.#bytes += bytes;
    this.#gathered.push(text);
    this.#gatheredBytes += bytes;
    if (this.#gatheredBytes >= CHUNK_BYTES) this.#put();
    await this.#written;
  }

  /** Writes every line, each once, in the order of the input, and gives the temporary file back. */
  async writeTo(sink: LineSink): Promise<void> {
    try {
      this.#put();
      await this.#written;
      this.#places.sort((one, other) => one.line - other.line);
      for (const run of runsOf(this.#places)) await sink.write(await this.#read(run));
    } finally {
      await this.#file?.close();
    }
  }

  #put(): void {
    const text = this.#gathered.join('');
    const offset = this.#bytes - this.#gatheredBytes;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    const chunk = Buffer.from(text);
    this.#written = this.#written.then(async () => {
      if (this.#file === undefined) this.#kept.push(chunk);
      else await this.#file.write(chunk, offset);
    });
    // The next call awaits it, and throws what it threw.
    this.#written.catch(() => {});
  }

  async #read({ offset, bytes }: Place): Promise<string> {
    if (this.#file === undefined) {
      if (this.#kept.length > 1) this.#kept.splice(0, this.#kept.length, Buffer.concat(this.#kept));
      return this.#kept[0]?.toString('utf8', offset, offset + bytes) ?? '';
    }
    return await this.#file.read({ offset, bytes });
  }
}

/** Neighbours in the file that are neighbours in the input too are read together. */
function* runsOf(places: readonly Place[]): Iterable<Place> {
  let run: { offset: number; bytes: number } | undefined;
  for (const { offset, bytes } of places) {
    if (run !== undefined && run.offset + run.bytes === offset && run.bytes + bytes <= CHUNK_BYTES) {
      run.bytes += bytes;
      continue;
    }
    if (run !== undefined) yield run;
    run = { offset, bytes };
  }
  if (run !== undefined) yield run;
}

/** `undefined` where no temporary directory can be written, as in an image with a read-only root. */
async function namelessFile(directory: string | undefined): Promise<NamelessFile | undefined> {
  try {
    return await NamelessFile.open(directory);
  } catch {
    return undefined;
  }
}
