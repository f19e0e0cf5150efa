import { isJsonObject, own } from '../../json/guards.ts';
import type { JsonObject } from '../../json/json.ts';
import type { Send } from '../http/answer.ts';
import { memoized } from './memoized.ts';
import { pages } from './pages.ts';
import { isUuid } from './paths.ts';

/** A workspace has few categories, templates and the like; a list this long holds something else. */
const MAX_PAGES = 100;

/** What a name or id of a setting leads to. */
export type NamedFinding =
  | { readonly kind: 'found'; readonly id: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'several'; readonly ids: readonly string[] };

/**
 * Lists of Vitally's settings: categories, templates, custom objects. A list is read once, when it is first needed, and
 * all rows share it. An entry is found by its id, or by its name without case.
 */
export class NamedLists {
  readonly #send: Send;
  readonly #lists = new Map<string, Promise<readonly JsonObject[]>>();

  constructor(send: Send) {
    this.#send = send;
  }

  /** @param names the members that hold a name of an entry, e.g. `name` and `label` */
  async find(path: string, value: string, names: readonly string[] = ['name']): Promise<NamedFinding> {
    return pick(await this.all(path), value, names);
  }

  /** An entry that has no list of its own, found under `member` of other records; an id is taken as it is. */
  async nested(path: string, member: string, value: string): Promise<NamedFinding> {
    if (isUuid(value)) return { kind: 'found', id: value };
    const things = (await this.all(path)).map((thing) => own(thing, member)).filter(isJsonObject);
    return pick(things, value, ['name']);
  }

  /** All entries of the list at a path. A list that can't be read counts as empty. */
  async all(path: string): Promise<readonly JsonObject[]> {
    return await memoized(this.#lists, path, () => this.#read(path));
  }

  async #read(path: string): Promise<readonly JsonObject[]> {
    const things: JsonObject[] = [];
    let read = 0;
    for await (const { records } of pages(this.#send, path)) {
      things.push(...records.filter(isJsonObject));
      read += 1;
      if (read === MAX_PAGES) break;
    }
    return things;
  }
}

function pick(things: readonly JsonObject[], value: string, names: readonly string[]): NamedFinding {
  const byId = things.find((thing) => own(thing, 'id') === value);
  const wanted = value.trim().toLowerCase();
  const hits = byId ? [byId] : things.filter((thing) => names.some((name) => textOf(thing, name) === wanted));
  const ids = [...new Set(hits.map((thing) => own(thing, 'id')).filter((id) => typeof id === 'string'))];
  const [id] = ids;
  if (id === undefined) return { kind: 'absent' };
  return ids.length > 1 ? { kind: 'several', ids } : { kind: 'found', id };
}

function textOf(thing: JsonObject, name: string): string | undefined {
  const value = own(thing, name);
  return typeof value === 'string' ? value.trim().toLowerCase() : undefined;
}
