import type { Route } from '../mapping/route.ts';
import { streamId } from '../protocol/messages.ts';
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
  /** The rows are marked as deleted in the source. */
  readonly marked: boolean;
  readonly keys: string[];
  /** Fields that rows were written without, and how many rows. */
  readonly fields: Map<string, number>;
  count: number;
}

type Kind = 'no record' | 'record there' | 'rekeyed' | 'without people';

/**
 * What became of rows that is no fault, but may surprise: skipped, written to a record of another external id, or
 * without a team member whom Vitally does not know.
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
    for (const kind of kindsOf(result)) this.#add(kind, route, key, result);
  }

  #add(kind: Kind, route: Route, key: string | undefined, { leftOut = [] }: Result): void {
    const stream = nameOf(route);
    const marked = route.mode === 'delete' && route.deletedRows === 'delete';
    const id = `${kind} ${marked} ${streamId({ name: route.stream, namespace: route.namespace })}`;
    const note = this.#notes.get(id) ?? {
      stream,
      of: kind,
      object: route.object.name,
      marked,
      keys: [],
      fields: new Map<string, number>(),
      count: 0,
    };
    this.#notes.set(id, note);
    note.count++;
    for (const field of leftOut) note.fields.set(field, (note.fields.get(field) ?? 0) + 1);
    if (note.keys.length < MAX_SHOWN_KEYS) note.keys.push(maskKey(this.#redact(key ?? '')));
  }

  lines(): { readonly level: 'INFO' | 'WARN'; readonly message: string }[] {
    return [...this.#notes.values()].map((note) => ({
      level: note.of === 'rekeyed' || note.of === 'without people' ? 'WARN' : 'INFO',
      message: `rows of stream ${note.stream}: ${sentence(note)}`,
    }));
  }
}

/** A row that was deleted in the source is skipped too, and has a warning of its own. */
function kindsOf({ skippedFor, keepsOtherId, leftOut }: Result): readonly Kind[] {
  return [
    ...(skippedFor === undefined || skippedFor === 'deleted in source' ? [] : [skippedFor]),
    ...(keepsOtherId === true ? (['rekeyed'] as const) : []),
    ...(leftOut !== undefined ? (['without people'] as const) : []),
  ];
}

function sentence({ of, object, marked, keys, fields, count }: Note): string {
  const first =
    keys.length < count ? `; the first ${keys.length}: ${keys.join(', ')}` : `: ${keys.join(', ')}`;
  const rows = count === 1 ? '1 row' : `${count} rows`;
  switch (of) {
    case 'no record':
      return `${rows} skipped, since Vitally has no ${object} of the key (${marked ? 'deleted_rows is delete' : 'unknown_key is skip'})${first}`;
    case 'record there':
      return `${rows} skipped, since Vitally has a record of the key and mode append changes none${first}`;
    case 'rekeyed':
      return (
        `${rows} matched a record that has another externalId. Vitally doesn't let it be changed: the record keeps ` +
        `its own, and other streams find it under that${first}`
      );
    case 'without people':
      return (
        `${rows} taken without team members whom Vitally does not know (unknown_people is leave_out), in ` +
        `${[...fields].map(([field, number]) => `${field} (${number})`).join(', ')}${first}`
      );
  }
}
