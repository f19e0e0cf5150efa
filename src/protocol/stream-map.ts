import type { StreamDescriptor } from './messages.ts';

/** Values by stream. It is asked several times a row, so that it makes no text of a stream's name and namespace. */
export class StreamMap<T> {
  readonly #byName = new Map<string, Map<string | undefined, T>>();

  constructor(entries: Iterable<readonly [StreamDescriptor, T]>) {
    for (const [{ name, namespace }, value] of entries) {
      const known = this.#byName.get(name) ?? new Map<string | undefined, T>();
      this.#byName.set(name, known.set(namespace, value));
    }
  }

  get({ name, namespace }: StreamDescriptor): T | undefined {
    return this.#byName.get(name)?.get(namespace);
  }
}
