import { randomUUID } from 'node:crypto';
import type { Stored } from './stored.ts';

export type SortField = 'createdAt' | 'updatedAt';

/** Records of one kind, found by either id without a scan. A sorted listing is kept until the next change. */
export class Table<R extends Stored> {
  readonly #byId = new Map<string, R>();
  readonly #byExternalId = new Map<string, R>();
  readonly #changed = new Set<R>();
  readonly #sorted = new Map<SortField, readonly R[]>();
  readonly #now: () => number;
  #order = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    return this.#byId.size;
  }

  /** The part of a new record that every kind shares. */
  identity<E extends string | null>(externalId: E, id: string = randomUUID()): Stored & { externalId: E } {
    const nowMs = this.#now();
    const order = ++this.#order;
    return {
      id,
      externalId,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
      createdOrder: order,
      updatedOrder: order,
      traits: new Map(),
      changes: [],
      outcomes: [],
    };
  }

  add(record: R): void {
    this.#byId.set(record.id, record);
    this.remember(record);
    this.#changed.add(record);
    this.#sorted.clear();
  }

  touch(record: R): void {
    record.updatedAtMs = this.#now();
    record.updatedOrder = ++this.#order;
    this.#changed.delete(record);
    this.#changed.add(record);
    this.#sorted.delete('updatedAt');
  }

  delete(record: R): void {
    this.#byId.delete(record.id);
    this.forget(record);
    this.#changed.delete(record);
    this.#sorted.clear();
  }

  clear(): void {
    this.#byId.clear();
    this.#byExternalId.clear();
    this.#changed.clear();
    this.#sorted.clear();
  }

  /** Drops the record's external id from the index, because it is about to change. */
  forget({ id, externalId }: R): void {
    if (externalId === null || this.#byExternalId.get(externalId)?.id !== id) return;
    this.#byExternalId.delete(externalId);
  }

  /** Makes the record found by the external id that it has now, unless another has that already. */
  remember(record: R): void {
    const { externalId } = record;
    if (externalId !== null && !this.#byExternalId.has(externalId))
      this.#byExternalId.set(externalId, record);
  }

  byId(id: string): R | undefined {
    return this.#byId.get(id);
  }

  byExternalId(externalId: string): R | undefined {
    return this.#byExternalId.get(externalId);
  }

  /** As a path id is read: Vitally's id first, then the caller's. */
  find(id: string): R | undefined {
    return this.#byId.get(id) ?? this.#byExternalId.get(id);
  }

  all(): MapIterator<R> {
    return this.#byId.values();
  }

  /** Newest first. */
  sorted(by: SortField): readonly R[] {
    const known = this.#sorted.get(by);
    if (known !== undefined) return known;
    const made = [...(by === 'createdAt' ? this.#byId.values() : this.#changed)].reverse();
    this.#sorted.set(by, made);
    return made;
  }
}
