import type { Write } from '../mapping/route.ts';

/** Fields that a sentence of the log names. */
const MAX_NAMED_FIELDS = 10;

/** Keys of rows that a warning names. */
const MAX_NAMED_KEYS = 10;

/** What mapping changed in a stream's values, by field (`traits.x` for a trait). */
export class ValueCounts {
  /** Rows whose value was brought into the JSON type or form that the field wants. */
  readonly coerced = new Map<string, number>();
  /** Rows out of whose HTML something was taken that Vitally doesn't keep. */
  readonly stripped = new Map<string, number>();

  /** The first keys of those rows, by field. */
  readonly #strippedKeys = new Map<string, string[]>();

  add({ key, coerced = [], stripped = [] }: Partial<Pick<Write, 'key' | 'coerced' | 'stripped'>>): void {
    for (const field of coerced) increment(this.coerced, field);
    for (const field of stripped) {
      increment(this.stripped, field);
      const keys = this.#strippedKeys.get(field) ?? [];
      this.#strippedKeys.set(field, keys);
      if (key !== undefined && keys.length < MAX_NAMED_KEYS) keys.push(key);
    }
  }

  /**
   * One warning for each field whose HTML Vitally doesn't keep whole.
   *
   * @param stream its name
   * @param shownKey a key as the log may show it
   */
  warnings(stream: string, shownKey: (key: string) => string): string[] {
    return sorted(this.stripped).map(([field, count]) => {
      const keys = this.#strippedKeys.get(field) ?? [];
      const first = keys.length === 0 ? '' : `, the first with the keys ${keys.map(shownKey).join(', ')}`;
      const rows = count === 1 ? '1 row' : `${count} rows`;
      return (
        `stream ${stream}: tags, attributes or addresses that Vitally doesn't keep were taken out of the HTML in ` +
        `${field} of ${rows}${first}. Its text was kept.`
      );
    });
  }

  /** `{coerced: {field: n}, stripped: {field: n}}`: empty where nothing was changed, as Contract 6 spells them. */
  summary(): Record<'coerced' | 'stripped', Record<string, number>> {
    return {
      coerced: Object.fromEntries(sorted(this.coerced)),
      stripped: Object.fromEntries(sorted(this.stripped)),
    };
  }

  /** `; coerced: mrr 3, traits.seats 1; stripped: note 2`, or nothing. */
  sentence(): string {
    return [...part('coerced', this.coerced), ...part('stripped', this.stripped)].join('');
  }
}

function increment(counts: Map<string, number>, field: string): void {
  counts.set(field, (counts.get(field) ?? 0) + 1);
}

function sorted(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([one], [other]) => (one < other ? -1 : 1));
}

function part(what: string, counts: ReadonlyMap<string, number>): string[] {
  if (counts.size === 0) return [];
  const named = sorted(counts)
    .slice(0, MAX_NAMED_FIELDS)
    .map(([field, count]) => `${field} ${count}`);
  const more = counts.size - named.length;
  return [`; ${what}: ${[...named, ...(more > 0 ? [`${more} more fields`] : [])].join(', ')}`];
}
