import type { JsonValue } from '../../../json/json.ts';
import type { Route, Write } from '../../../mapping/route.ts';
import { LruMap } from '../../../vitally/records/lru.ts';
import type { Collection } from '../../../vitally/records/record-cache.ts';
import type { Said } from '../shows-message.ts';

/** A page of records: more of them no single read shows. */
const MAX_SAMPLE = 100;
/** Characters of what all messages said; in memory each takes four bytes, with all that is kept of a row. */
const MAX_CHARACTERS = 16 * 1024 * 1024;
/** What a remembered row takes beside its values. */
const ROW_CHARACTERS = 200;

/** What the messages of a record said, and the row that said it last. */
export interface AcceptedRow extends Said {
  readonly route: Route;
  readonly key: string;
  /** On Vitally's clock: when the last of them was sent. */
  readonly sentAtMs: number;
  readonly weight: number;
}

/** What is remembered of the rows of one object, the one written last at the end. */
export interface AcceptedOf {
  readonly collection: Collection;
  /** By your own id. */
  readonly rows: ReadonlyMap<string, AcceptedRow>;
  /** Rows that were too many to be remembered. */
  readonly forgotten: number;
}

interface Kept {
  readonly collection: Collection;
  readonly rows: LruMap<string, AcceptedRow>;
  forgotten: number;
}

/**
 * What the Analytics API took in, to be read back after the last row. A record that REST wrote or deleted later in the
 * run is taken out: REST's answer said what became of it.
 */
export class AcceptedRows {
  readonly scope: 'sample' | 'all';
  readonly #maxCharacters: number;
  readonly #kept = new Map<string, Kept>();

  constructor(scope: 'sample' | 'all', maxCharacters = MAX_CHARACTERS) {
    this.scope = scope;
    this.#maxCharacters = maxCharacters;
  }

  add(collection: Collection, route: Route, { key, fields, traits }: Write, sentAtMs: number): void {
    if (key === undefined) return;
    const { rows } = this.#of(collection);
    const said = rows.peek(key);
    const row = {
      route,
      key,
      object: route.object,
      fields: new Map([...(said?.fields ?? []), ...fields]),
      traits: new Map([...(said?.traits ?? []), ...traits]),
      sentAtMs,
    };
    rows.set(key, { ...row, weight: this.scope === 'sample' ? 1 : weightOf(row) });
    if (this.scope === 'all') this.#makeRoom();
  }

  /** What the record holds in the end is no longer what its messages said, or not known to be. */
  forget(collection: Collection, key: string): void {
    this.#kept.get(collection.path)?.rows.delete(key);
  }

  /** Where all objects together take too much, the object that takes most forgets what it wrote first. */
  #makeRoom(): void {
    const sizeOf = ({ rows }: Kept): number => rows.calculatedSize;
    const all = [...this.#kept.values()];
    while (all.reduce((sum, kept) => sum + sizeOf(kept), 0) > this.#maxCharacters) {
      const largest = all.reduce((most, kept) => (sizeOf(kept) > sizeOf(most) ? kept : most));
      if (largest.rows.pop() === undefined) return;
    }
  }

  get all(): AcceptedOf[] {
    return [...this.#kept.values()].map(({ collection, rows, forgotten }) => ({
      collection,
      // The cache gives the latest first.
      rows: new Map([...rows.entries()].reverse()),
      forgotten,
    }));
  }

  #of(collection: Collection): Kept {
    const known = this.#kept.get(collection.path);
    if (known !== undefined) return known;
    const capacity = this.scope === 'sample' ? MAX_SAMPLE : this.#maxCharacters;
    const rows = new LruMap<string, AcceptedRow>(
      capacity,
      ({ weight }) => weight,
      () => {
        kept.forgotten += 1;
      },
    );
    const kept: Kept = { collection, rows, forgotten: 0 };
    this.#kept.set(collection.path, kept);
    return kept;
  }
}

function weightOf({
  fields,
  traits,
}: {
  fields: ReadonlyMap<string, JsonValue>;
  traits: ReadonlyMap<string, JsonValue>;
}): number {
  return ROW_CHARACTERS + JSON.stringify([...fields, ...traits]).length;
}
