import type { StreamDescriptor } from '../protocol/messages.ts';
import { streamId } from '../protocol/messages.ts';
import { boundedName, encodedName } from './safe-name.ts';

/** What a file of a stream holds: its rejected records, or what became of each row. */
export type FileKind = 'rejected' | 'outcomes';

const ENDINGS: Readonly<Record<FileKind, string>> = { rejected: '.jsonl', outcomes: '.outcomes.jsonl' };

/**
 * The file of a stream, `<namespace.>stream.jsonl` for its rejected records. Two streams may come to one name: stream
 * `a.b`, and `b` of namespace `a`. {@link FileNames} tells them apart.
 */
export function fileNameOf({ name, namespace }: StreamDescriptor, kind: FileKind): string {
  const plain =
    namespace === undefined ? encodedName(name) : `${encodedName(namespace)}.${encodedName(name)}`;
  return `${boundedName(plain)}${ENDINGS[kind]}`;
}

/** The files of a run: each stream has its own, also on a file system that doesn't tell case apart. */
export class FileNames {
  readonly #files = new Map<string, string>();
  readonly #taken = new Set<string>();

  /** The file of a stream, always the same. A name that another file has gets a number: `users~2.jsonl`. */
  of(stream: StreamDescriptor, kind: FileKind): string {
    const id = `${kind} ${streamId(stream)}`;
    const known = this.#files.get(id);
    if (known !== undefined) return known;
    const name = fileNameOf(stream, kind);
    const plain = name.slice(0, -ENDINGS[kind].length);
    let free = name;
    for (let number = 2; this.#taken.has(free.toLowerCase()); number++)
      free = `${plain}~${number}${ENDINGS[kind]}`;
    this.#taken.add(free.toLowerCase());
    this.#files.set(id, free);
    return free;
  }
}
