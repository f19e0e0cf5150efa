import { isJsonObject, own } from '../../json/guards.ts';
import type { JsonValue } from '../../json/json.ts';
import type { Send } from '../http/answer.ts';
import { hitsOf } from './known-record.ts';
import { LruMap } from './lru.ts';
import { memoized } from './memoized.ts';
import type { NamedFinding } from './named-lists.ts';
import { pages } from './pages.ts';
import { isUuid } from './paths.ts';

const MAX_REMEMBERED = 10_000;

/**
 * Team members by e-mail: the search answers with one object; clients have seen it wrapped in `results` too
 * (vitally-api.md, "Team members"). Each e-mail is asked for once.
 */
export class Admins {
  readonly #send: Send;
  readonly #found = new LruMap<string, Promise<NamedFinding>>(MAX_REMEMBERED);
  #all: Promise<ReadonlySet<string> | undefined> | undefined;

  constructor(send: Send) {
    this.#send = send;
  }

  /** The team member with this id of Vitally's or this e-mail; an id is taken as it is. */
  async find(value: string): Promise<NamedFinding> {
    if (isUuid(value)) return { kind: 'found', id: value };
    const email = value.trim().toLowerCase();
    return await memoized(this.#found, email, () => this.#search(email));
  }

  /**
   * As {@link Admins.find}, but an id counts only if the list of all team members has it. Clients read that list, and
   * Vitally does not document it (vitally-api.md, "Team members"): where it can't be read, an id is taken as it is.
   */
  async findListed(value: string): Promise<NamedFinding> {
    if (!isUuid(value)) return await this.find(value);
    this.#all ??= this.#list();
    const all = await this.#all;
    return all === undefined || all.has(value.toLowerCase()) ? await this.find(value) : { kind: 'absent' };
  }

  /** The ids of all team members; `undefined` where they are not listed. */
  async #list(): Promise<ReadonlySet<string> | undefined> {
    const ids = new Set<string>();
    for await (const { records, end } of pages(this.#send, '/resources/admins')) {
      for (const record of records) {
        const id = isJsonObject(record) ? own(record, 'id') : undefined;
        if (typeof id === 'string') ids.add(id.toLowerCase());
      }
      if (end !== undefined && end !== 'whole') return undefined;
    }
    return ids.size === 0 ? undefined : ids;
  }

  async #search(email: string): Promise<NamedFinding> {
    if (!email.includes('@')) return { kind: 'absent' };
    const answer = await this.#send({
      method: 'GET',
      path: `/resources/admins/search?email=${encodeURIComponent(email)}`,
    });
    const hits = answer.kind === 'ok' ? hitsOf(answer.body).filter((hit) => hasEmail(hit, email)) : [];
    const ids = hits.map((hit) => (isJsonObject(hit) ? own(hit, 'id') : undefined));
    const known = ids.filter((id) => typeof id === 'string');
    const [id] = known;
    if (id === undefined) return { kind: 'absent' };
    return known.length > 1 ? { kind: 'several', ids: known } : { kind: 'found', id };
  }
}

function hasEmail(hit: JsonValue, email: string): boolean {
  const given = isJsonObject(hit) ? own(hit, 'email') : undefined;
  return typeof given === 'string' && given.toLowerCase() === email;
}
