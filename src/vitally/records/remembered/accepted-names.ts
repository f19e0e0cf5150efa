import type { Collection } from '../collection.ts';
import { LruMap } from '../lru.ts';
import { nameKeys, type RecordNames } from '../record-names.ts';

const MAX_ACCEPTED_NAMES = 300_000;

/** Names of records for which Vitally took a message in, each with your own id of the record, where that is known. */
export class AcceptedNames {
  readonly #names = new LruMap<string, string>(MAX_ACCEPTED_NAMES);

  add(collection: Collection, names: RecordNames): void {
    for (const name of nameKeys(collection, names)) this.#names.set(name, names.externalId ?? '');
  }

  has(collection: Collection, names: RecordNames): boolean {
    return nameKeys(collection, names).some((name) => this.#names.get(name) !== undefined);
  }

  externalIdOf(collection: Collection, names: RecordNames): string | undefined {
    const ids = nameKeys(collection, names).map((name) => this.#names.get(name));
    return ids.find((id) => id !== undefined && id !== '');
  }

  /** @param name as {@link nameKeys} gives it */
  delete(name: string): void {
    this.#names.delete(name);
  }
}
