import { fstat, type Stats } from 'node:fs';
import { constants, type FileHandle, lstat, open, stat, unlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { ConfigError } from '../errors/config-error.ts';
import { codeOf, fileTrouble } from '../rejected/file-trouble.ts';
import { openNew, PRIVATE_FILE_MODE } from '../rejected/new-file.ts';
import { type Sink, sinkOf } from './sink.ts';

export type OutputFlag = '--plan' | '--summary';

/** The plan holds rows. The summary holds counts alone, and a monitor may be another user. */
const MODES: Readonly<Record<OutputFlag, number>> = { '--plan': PRIVATE_FILE_MODE, '--summary': 0o666 };
/** How long a named pipe may be without a reader: who starts it after us needs a moment. */
export const PIPE_READER_WITHIN_MS = 5_000;
const PIPE_LOOK_EVERY_MS = 50;
/** Where the process's own streams have names. They are links on Linux, and lead to what the caller opened. */
const DESCRIPTOR = /^(?:\/dev\/fd|\/proc\/(?:self|thread-self)\/fd)\/(\d+)$/;
const STANDARD_STREAMS: Readonly<Record<string, number>> = {
  '/dev/stdin': 0,
  '/dev/stdout': 1,
  '/dev/stderr': 2,
};

const fstatOf = promisify(fstat);

export interface OutputOptions {
  readonly flag: OutputFlag;
  /** As the user wrote it. */
  readonly path: string;
  /** Directory that a relative path starts from. */
  readonly cwd: string;
  /** Files that this run reads or writes already, absolute: writing over one of them would destroy it. */
  readonly inputs: readonly string[];
  /** What stdout carries, so that the file can't go there; `undefined` where it may. */
  readonly stdoutCarries?: string;
}

/** A file that a flag names, made new and open. */
export interface OutputFile {
  /** Its name ends in `.csv`. */
  readonly isSheet: boolean;
  /** @throws ConfigError naming flag, path and remedy */
  write(text: string): Promise<void>;
  /** @throws ConfigError as `write` does: some file systems tell of a full disk only here */
  close(): Promise<void>;
}

/**
 * Makes the file that a flag names. What is there is replaced, not written over: a new file has its own access
 * rights and no other names. A device, a pipe or a mount point is written in place. A symbolic link is an error.
 *
 * @throws ConfigError naming flag, path and remedy; what is there is then left alone, but for a file whose
 *   successor could not be made
 */
export async function openOutput(options: OutputOptions): Promise<OutputFile> {
  const { flag, path } = options;
  const sink = await orFault(flag, path, () => openSink(options));
  return {
    isSheet: path.toLowerCase().endsWith('.csv'),
    write: (text) => orFault(flag, path, () => sink.write(text)),
    close: () => orFault(flag, path, () => sink.close()),
  };
}

async function openSink(options: OutputOptions): Promise<Sink> {
  const path = resolve(options.cwd, options.path);
  const descriptor = STANDARD_STREAMS[path] ?? DESCRIPTOR.exec(path)?.[1];
  if (descriptor !== undefined) return await streamSink(Number(descriptor), options);
  const there = await lstatOrNone(path);
  if (there === undefined) return sinkOf(await openNew(path, MODES[options.flag]));
  if (there.isSymbolicLink()) throw unusable(options, 'is a symbolic link', 'Name the file that it leads to');
  if (there.isDirectory()) throw unusable(options, 'is a folder', 'Name a file in it');
  if (!there.isFile()) return sinkOf(await openInPlace(path, 0));
  await refuseInUse(there, options);
  try {
    await unlink(path);
  } catch (error) {
    // A file that is mounted by itself, as container platforms mount one, can't be replaced but written.
    if (codeOf(error) === 'EBUSY') return sinkOf(await openInPlace(path, constants.O_TRUNC));
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  return sinkOf(await openNew(path, MODES[options.flag]));
}

/** Replacing a file that the run needs would destroy it; one that stdout goes to would take the messages with it. */
async function refuseInUse(there: Stats, options: OutputOptions): Promise<void> {
  for (const input of options.inputs) {
    const read = await stat(input).catch(() => undefined);
    if (read?.dev === there.dev && read.ino === there.ino)
      throw unusable(options, 'is a file that this run needs for something else', 'Choose another path');
  }
  if (options.stdoutCarries === undefined) return;
  const stdout = await fstatOf(1);
  if (stdout.dev === there.dev && stdout.ino === there.ino)
    throw unusable(options, `is where ${options.stdoutCarries} go`, 'Choose another path');
}

async function streamSink(descriptor: number, options: OutputOptions): Promise<Sink> {
  if (descriptor === 0) throw unusable(options, 'is what the rows come from', 'Choose another path');
  if (descriptor === 1 && options.stdoutCarries !== undefined)
    throw unusable(
      options,
      `is where ${options.stdoutCarries} go`,
      'Choose another path, such as /dev/stderr',
    );
  return sinkOf(descriptor);
}

/** Waits a moment for a pipe's reader. A blocking open would hold a thread that no signal ends. */
async function openInPlace(path: string, more: number): Promise<FileHandle> {
  const flags = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW | more;
  for (let waitedMs = 0; ; waitedMs += PIPE_LOOK_EVERY_MS) {
    try {
      return await open(path, flags);
    } catch (error) {
      if (codeOf(error) !== 'ENXIO' || waitedMs >= PIPE_READER_WITHIN_MS) throw error;
      await new Promise((done) => setTimeout(done, PIPE_LOOK_EVERY_MS));
    }
  }
}

async function lstatOrNone(path: string) {
  try {
    return await lstat(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function unusable({ flag, path }: OutputOptions, what: string, remedy: string): ConfigError {
  return new ConfigError(`${flag} ${path} ${what}. ${remedy}.`);
}

async function orFault<T>(flag: OutputFlag, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const { what, remedy } = fileTrouble(error);
    throw new ConfigError(
      `The file ${path} of ${flag} can't be written: ${what} (${codeOf(error)}). ` +
        `To mend it, ${remedy}, or choose another path for ${flag}.`,
      { cause: error, technical: error instanceof Error ? error.message : codeOf(error) },
    );
  }
}
