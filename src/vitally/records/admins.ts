import { isJsonObject, own } from '../../json/guards.ts';
import type { JsonValue } from '../../json/json.ts';
import type { Send } from '../http/answer.ts';
import { hitsOf } from './known-record.ts';
import { LruMap } from './lru.ts';
import { memoized } from './memoized.ts';
import type { NamedFinding } from './named-lists.ts';
import { isUuid } from './paths.ts';

const MAX_REMEMBERED = 10_000;

/**
 * Team members by e-mail: the search answers with one object; clients have seen it wrapped in `results` too
 * (vitally-api.md, "Team members"). Each e-mail is asked for once.
 */
export class Admins {
  readonly #send: Send;
  readonly #found = new LruMap<string, Promise<NamedFinding>>(MAX_REMEMBERED);

  constructor(send: Send) {
    this.#send = send;
  }

  /** The team member with this id of Vitally's or this e-mail; an id is taken as it is. */
  async find(value: string): Promise<NamedFinding> {
    if (isUuid(value)) return { kind: 'found', id: value };
    const email = value.trim().toLowerCase();
    return await memoized(this.#found, email, () => this.#search(email));
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
