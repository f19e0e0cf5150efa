import { RecordError } from '../../errors/record-error.ts';
import { isJsonObject, own } from '../../json/guards.ts';
import type { JsonObject, JsonValue } from '../../json/json.ts';
import type { Field } from '../../objects/object.ts';
import { LruMap } from '../../vitally/records/lru.ts';
import { memoized } from '../../vitally/records/memoized.ts';
import type { AssociationResolver } from './resolver.ts';

/** People named by e-mail whom a run remembers: a search for each message they are in would be too many. */
const MAX_REMEMBERED_PEOPLE = 10_000;

const USER: Field = { type: 'id', title: 'User', description: 'A user.', association: 'user' };
const ADMIN: Field = {
  type: 'id',
  title: 'Team member',
  description: 'A team member.',
  association: 'admin',
};

/** Fields of a message that say who is in it. */
export const ROLES = ['from', 'to', 'cc', 'bcc'] as const;

type Person =
  | { readonly type: 'admin'; readonly id: string }
  | {
      readonly type: 'user';
      readonly id: string;
      readonly externalId: string | undefined;
      readonly email: string | undefined;
    };

/** Somebody who takes part in a meeting. */
export interface Attendee {
  /** As Vitally takes it: one of `userId` (your own id), `vitallyUserId` and `email`, beside `type`. */
  readonly body: JsonObject;
  /** Every id and e-mail by which Vitally may show the same person. */
  readonly names: ReadonlySet<string>;
}

/** Turns the people of a row (own user ids, Vitally's, e-mails) into what Vitally wants of them. */
export class People {
  readonly #associations: AssociationResolver;
  readonly #byEmail = new LruMap<string, Promise<Person>>(MAX_REMEMBERED_PEOPLE);

  constructor(associations: AssociationResolver) {
    this.#associations = associations;
  }

  /**
   * A message's fields with `{type, id}`, the id being Vitally's, for everybody in it. Throws {@link RecordError}
   * `unknown_association`, with the user that the row may wait for, or `ambiguous_association`.
   */
  async inMessage(fields: ReadonlyMap<string, JsonValue>, field?: string): Promise<Map<string, JsonValue>> {
    const resolved = new Map(fields);
    for (const role of ROLES) {
      const given = fields.get(role);
      if (Array.isArray(given)) {
        const people = await Promise.all(given.map((one) => this.#participant(field ?? role, one)));
        const byId = new Map(people.map((one) => [`${one.type} ${one.id}`, one]));
        resolved.set(role, [...byId.values()]);
      } else if (isJsonObject(given)) resolved.set(role, await this.#participant(field ?? role, given));
    }
    return resolved;
  }

  /** Who takes part in a meeting, each once. Throws as {@link People.inMessage} does. */
  async attendees(items: readonly JsonValue[]): Promise<Attendee[]> {
    const all = await Promise.all(items.filter(isJsonObject).map((item) => this.#attendee(item)));
    return all.filter((one, index) => !all.slice(0, index).some((other) => isSame(one, other.names)));
  }

  async #participant(field: string, item: JsonValue): Promise<{ type: string; id: string }> {
    const [type, given] = isJsonObject(item) ? [own(item, 'type'), own(item, 'id')] : [undefined, item];
    const { type: found, id } = await this.#person(field, String(given), type);
    return { type: found, id };
  }

  /**
   * `userId` is the user's external id there, the opposite of what everything else wants (vitally-api.md, "Meetings").
   */
  async #attendee(item: JsonObject): Promise<Attendee> {
    const { id, userId, vitallyUserId, email, ...rest } = item;
    if (vitallyUserId !== undefined) return await this.#known(rest, String(vitallyUserId), 'admin');
    if (userId !== undefined) return await this.#known(rest, String(userId), 'user');
    const text = String(email ?? id);
    if (email === undefined && !text.includes('@')) return await this.#known(rest, text, 'user');
    try {
      return await this.#known(rest, text, undefined);
    } catch (error) {
      // An e-mail that Vitally doesn't know is a guest from elsewhere, unless a user with it may come yet in this run.
      if (!isUnknown(error) || this.#associations.mayCome('user')) throw error;
      return { body: { email: text, ...rest }, names: new Set([text.toLowerCase()]) };
    }
  }

  async #known(rest: JsonObject, given: string, type: 'admin' | 'user' | undefined): Promise<Attendee> {
    const person = await this.#person('participants', given, type);
    if (person.type === 'admin') {
      return { body: { vitallyUserId: person.id, ...rest }, names: namesOf(person.id, given) };
    }
    const { id, externalId, email } = person;
    const names = namesOf(id, externalId, email);
    if (externalId !== undefined) return { body: { userId: externalId, ...rest }, names };
    if (email !== undefined) return { body: { email, ...rest }, names };
    throw new RecordError({
      code: 'unknown_association',
      field: 'participants',
      message: 'participants names a user who bears neither an id of your own nor an e-mail in Vitally',
      fix: 'Give the user an external id in Vitally: a meeting takes no other id of a user.',
    });
  }

  async #person(field: string, given: string, type: JsonValue | undefined): Promise<Person> {
    if (!given.includes('@')) {
      return type === 'admin' ? await this.#admin(field, given) : await this.#user(field, given);
    }
    const key = `${String(type)} ${given}`;
    // The search for a person who is unknown fails, so that the next row asks again: the person may yet come.
    return await memoized(this.#byEmail, key, () => this.#search(field, given, type));
  }

  /** A text with `@`: a team member's e-mail before a user's id or e-mail, unless the row says which. */
  async #search(field: string, given: string, type: JsonValue | undefined): Promise<Person> {
    if (type === 'admin') return await this.#admin(field, given);
    if (type === 'user') return await this.#user(field, given);
    try {
      return await this.#admin(field, given);
    } catch (error) {
      if (!isUnknown(error)) throw error;
    }
    try {
      return await this.#user(field, given);
    } catch (error) {
      if (!isUnknown(error)) throw error;
      throw new RecordError({
        code: 'unknown_association',
        field,
        message: `${field} names somebody whom Vitally knows neither as a team member nor as a user`,
        fix: 'Send the user first, or correct the e-mail or id.',
        detail: `looked for ${JSON.stringify(given)}`,
        missing: { object: 'user', id: given },
      });
    }
  }

  async #admin(field: string, given: string): Promise<Person> {
    return { type: 'admin', id: await this.#associations.id(field, ADMIN, given) };
  }

  async #user(field: string, given: string): Promise<Person> {
    const { id, externalId, fields } = await this.#associations.find(field, USER, given);
    const email = fields === undefined ? undefined : own(fields, 'email');
    return { type: 'user', id, externalId, email: typeof email === 'string' ? email : undefined };
  }
}

/** Whether a participant that Vitally shows is this person. */
export function isShownAs(attendee: Attendee, shown: JsonObject): boolean {
  const texts = ['userId', 'vitallyUserId', 'email'].map((name) => own(shown, name));
  return isSame(attendee, namesOf(...texts.filter((text) => typeof text === 'string')));
}

function isSame({ names }: Attendee, others: ReadonlySet<string>): boolean {
  return !names.isDisjointFrom(others);
}

/** E-mails are compared without case, ids as they are. */
function namesOf(...texts: readonly (string | undefined)[]): ReadonlySet<string> {
  const given = texts.filter((text) => text !== undefined);
  return new Set(given.map((text) => (text.includes('@') ? text.toLowerCase() : text)));
}

function isUnknown(error: unknown): boolean {
  return error instanceof RecordError && error.code === 'unknown_association';
}
