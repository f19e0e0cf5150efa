import type { StreamDescriptor } from '../protocol/messages.ts';
import { streamId } from '../protocol/messages.ts';
import { boundedName, encodedName } from './safe-name.ts';

/**
 * The file of a stream's rejected records, `<namespace.>stream.jsonl`. Two streams may come to one name: stream
 * `a.b`, and `b` of namespace `a`. {@link FileNames} tells them apart.
 */
export function rejectionFileName({ name, namespace }: StreamDescriptor): string {
  const plain =
    namespace === undefined ? encodedName(name) : `${encodedName(namespace)}.${encodedName(name)}`;
  return `${boundedName(plain)}.jsonl`;
}

/** The files of a run: each stream has one of its own, where the file system knows no case too. */
export class FileNames {
  readonly #files = new Map<string, string>();
  readonly #taken = new Set<string>();

  /** The file of a stream, always the same. A name that another stream has gets a number: `users~2.jsonl`. */
  of(stream: StreamDescriptor): string {
    const id = streamId(stream);
    const known = this.#files.get(id);
    if (known !== undefined) return known;
    const name = rejectionFileName(stream);
    let free = name;
    for (let number = 2; this.#taken.has(free.toLowerCase()); number++)
      free = name.replace(/\.jsonl$/, `~${number}.jsonl`);
    this.#taken.add(free.toLowerCase());
    this.#files.set(id, free);
    return free;
  }
}
