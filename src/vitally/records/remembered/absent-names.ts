import type { Collection } from '../collection.ts';
import { LruMap } from '../lru.ts';
import { type LookupBy, nameKey, type RecordNames } from '../record-names.ts';

const MAX_KNOWN_ABSENT = 100_000;

/** Names that no record has. */
export class AbsentNames {
  readonly #names = new LruMap<string, true>(MAX_KNOWN_ABSENT);

  add(collection: Collection, by: LookupBy, value: string): void {
    this.#names.set(nameKey(collection, by, value), true);
  }

  has(collection: Collection, by: LookupBy, value: string): boolean {
    return this.#names.get(nameKey(collection, by, value)) === true;
  }

  /** A record has these names. */
  delete(collection: Collection, { id, externalId, email }: RecordNames): void {
    for (const by of ['id', 'either'] as const)
      if (id !== undefined) this.#names.delete(nameKey(collection, by, id));
    for (const by of ['externalId', 'either'] as const)
      if (externalId !== undefined) this.#names.delete(nameKey(collection, by, externalId));
    if (email !== undefined) this.#names.delete(nameKey(collection, 'email', email));
  }
}
