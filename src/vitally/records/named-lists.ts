import { isJsonObject, own } from '../../json/guards.ts';
import type { JsonObject } from '../../json/json.ts';
import type { Send } from '../http/answer.ts';
import { memoized } from './memoized.ts';
import { pages } from './pages.ts';
import { isUuid } from './paths.ts';

/** Categories, templates and the like are few; a list this long is none of them. */
const MAX_PAGES = 100;

/** What a name or id of a settings thing leads to. */
export type NamedFinding =
  | { readonly kind: 'found'; readonly id: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'several'; readonly ids: readonly string[] };

/**
 * Things that Vitally's settings name: categories, templates, custom objects. A list is read once, when it is first
 * asked for, and shared by all rows. Ids, and names without case, both lead to a thing.
 */
export class NamedLists {
  readonly #send: Send;
  readonly #lists = new Map<string, Promise<readonly JsonObject[]>>();

  constructor(send: Send) {
    this.#send = send;
  }

  /** `names` are the members that a thing may be called by, e.g. `name` and `label`. */
  async find(path: string, value: string, names: readonly string[] = ['name']): Promise<NamedFinding> {
    return pick(await this.all(path), value, names);
  }

  /** A thing that other records hold under `member`, for those that no list of their own shows; an id is taken as it is. */
  async nested(path: string, member: string, value: string): Promise<NamedFinding> {
    if (isUuid(value)) return { kind: 'found', id: value };
    const things = (await this.all(path)).map((thing) => own(thing, member)).filter(isJsonObject);
    return pick(things, value, ['name']);
  }

  /** The whole list at a path. What can't be listed counts as empty. */
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
