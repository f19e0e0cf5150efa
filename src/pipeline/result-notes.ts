import type { Route } from '../mapping/route.ts';
import { maskKey } from '../rejected/mask-key.ts';
import { nameOf } from '../report/summary.ts';
import type { Result } from '../write/result.ts';

/** Keys that a note shows. */
const MAX_SHOWN_KEYS = 10;

/** Rows of one stream that met the same fate, and the keys of the first. */
interface Note {
  readonly stream: string;
  readonly of: Kind;
  readonly object: string;
  readonly keys: string[];
  count: number;
}

type Kind = 'unknown' | 'there' | 'rekeyed';

/**
 * What became of rows that is no fault, but may surprise: skipped, or written to a record of another external id.
 * Told once a stream, at the end.
 */
export class ResultNotes {
  readonly #notes = new Map<string, Note>();
  readonly #redact: (text: string) => string;

  /** @param redact takes secrets out of keys before they are cut */
  constructor(redact: (text: string) => string) {
    this.#redact = redact;
  }

  add(route: Route, key: string | undefined, result: Result): void {
    const kind = kindOf(route, result);
    if (kind === undefined) return;
    const stream = nameOf(route);
    const id = `${kind} ${stream}`;
    const note = this.#notes.get(id) ?? { stream, of: kind, object: route.object.name, keys: [], count: 0 };
    this.#notes.set(id, note);
    note.count++;
    if (note.keys.length < MAX_SHOWN_KEYS) note.keys.push(maskKey(this.#redact(key ?? '')));
  }

  lines(): { readonly level: 'INFO' | 'WARN'; readonly message: string }[] {
    return [...this.#notes.values()].map((note) => ({
      level: note.of === 'rekeyed' ? 'WARN' : 'INFO',
      message: `rows of stream ${note.stream}: ${sentence(note)}`,
    }));
  }
}

/** A row that was deleted in the source is skipped too, and has a warning of its own. */
function kindOf({ mode }: Route, { outcome, keepsOtherId }: Result): Kind | undefined {
  if (outcome.kind === 'skipped') {
    if (mode === 'append') return 'there';
    return mode === 'upsert' ? undefined : 'unknown';
  }
  return keepsOtherId === true ? 'rekeyed' : undefined;
}

function sentence({ of, object, keys, count }: Note): string {
  const first =
    keys.length < count ? `; the first ${keys.length}: ${keys.join(', ')}` : `: ${keys.join(', ')}`;
  const rows = count === 1 ? '1 row' : `${count} rows`;
  switch (of) {
    case 'unknown':
      return `${rows} skipped, since Vitally has no ${object} of the key (unknown_key is skip)${first}`;
    case 'there':
      return `${rows} skipped, since Vitally has a record of the key and mode append changes none${first}`;
    case 'rekeyed':
      return (
        `${rows} matched a record that has another externalId. Vitally doesn't let it be changed: the record keeps ` +
        `its own, and other streams find it under that${first}`
      );
  }
}
