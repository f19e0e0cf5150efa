import { isJsonObject } from '../../json/guards.ts';
import type { JsonObject, JsonValue } from '../../json/json.ts';
import { withoutMembers } from '../../json/without-members.ts';
import type { RecordMessage } from '../../protocol/messages.ts';
import { isDeletedMark } from '../source-columns.ts';
import { foldedName } from './spelling.ts';

/** Columns that hold an object of traits, or an event's properties: their members can be excluded one by one. */
const SPREADS: ReadonlySet<string> = new Set(['traits', 'properties']);

/**
 * The columns that an entry's `exclude` names, in any spelling. They are taken out of a record before anything else is
 * done with it, so that nothing behind can send, keep or show them. Contract 2.
 */
export class ExcludedColumns {
  readonly #names: ReadonlySet<string>;

  constructor(names: readonly string[]) {
    this.#names = new Set(names.map(foldedName));
  }

  has(column: string): boolean {
    return this.#names.has(foldedName(column));
  }

  /** Whether a path such as `traits.x` is that of an excluded member. */
  hasMember(path: string): boolean {
    const [column = '', ...rest] = path.split('.');
    return rest.length > 0 && this.#isSpread(column) && this.has(path);
  }

  /** The record without them, in its text too: that is what the store of rejected records keeps. */
  without(record: RecordMessage): RecordMessage {
    if (this.#names.size === 0 || !this.#isIn(record.data)) return record;
    return { ...record, data: this.#dataOf(record), raw: this.#rawOf(record) };
  }

  #isIn(data: JsonObject): boolean {
    return Object.entries(data).some(
      ([column, value]) => this.has(column) || this.#remaining(column, value) !== value,
    );
  }

  /** That a row was deleted in the source is read all the same; the mark itself goes nowhere by its name. */
  #dataOf({ data }: RecordMessage): JsonObject {
    return Object.fromEntries(
      Object.entries(data)
        .filter(([column]) => !this.has(column) || isDeletedMark(column))
        .map(([column, value]): [string, JsonValue] => [column, this.#remaining(column, value)]),
    );
  }

  #rawOf({ raw }: RecordMessage): string {
    return withoutMembers(raw, ([top, data, column, member], value) => {
      if (top !== 'record' || (data !== undefined && data !== 'data')) return 'keep';
      if (column === undefined) return 'enter';
      if (member !== undefined) return this.#holds(column, member) ? 'drop' : 'keep';
      if (this.has(column)) return 'drop';
      if (!this.#isSpread(column)) return 'keep';
      return value.startsWith('"') ? { text: this.#remainingText(column, value) } : 'enter';
    });
  }

  /** A column's value without its excluded members; the value itself where it has none. */
  #remaining(column: string, value: JsonValue): JsonValue {
    if (!this.#isSpread(column)) return value;
    if (typeof value === 'string') return this.#withoutMembersOf(column, value);
    if (!isJsonObject(value)) return value;
    const entries = Object.entries(value);
    const kept = entries.filter(([member]) => !this.#holds(column, member));
    return kept.length === entries.length ? value : Object.fromEntries(kept);
  }

  /** @param text a text in JSON, which holds JSON itself */
  #remainingText(column: string, text: string): string {
    const inner: unknown = JSON.parse(text);
    return typeof inner === 'string' ? JSON.stringify(this.#withoutMembersOf(column, inner)) : text;
  }

  #withoutMembersOf(column: string, text: string): string {
    if (!isObjectText(text)) return text;
    return withoutMembers(text, ([member = '']) => (this.#holds(column, member) ? 'drop' : 'keep'));
  }

  #isSpread(column: string): boolean {
    return SPREADS.has(foldedName(column));
  }

  #holds(column: string, member: string): boolean {
    return this.#names.has(foldedName(`${column}${member}`));
  }
}

function isObjectText(text: string): boolean {
  try {
    return isJsonObject(JSON.parse(text));
  } catch {
    // A text that is no JSON has no members.
    return false;
  }
}
