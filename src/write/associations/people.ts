import { RecordError } from '../../errors/record-error.ts';
import { tried } from '../../errors/tried.ts';
import { isJsonObject, own } from '../../json/guards.ts';
import type { JsonObject, JsonValue } from '../../json/json.ts';
import type { Route, Write } from '../../mapping/route.ts';
import { objectByName } from '../../objects/index.ts';
import type { Field } from '../../objects/object.ts';
import { LruMap } from '../../vitally/records/lru.ts';
import { memoized } from '../../vitally/records/memoized.ts';
import { type Attendee, isSame, namesOf } from './attendee.ts';
import type { AssociationResolver } from './resolver.ts';
import { isUnknown } from './unresolved.ts';

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

/** What a new message or meeting needs (`requiredToCreate` of these objects). */
const NEEDED: ReadonlySet<string> = new Set(
  (['message', 'meeting'] as const).flatMap((name) => objectByName(name).requiredToCreate.flat()),
);

const FIX_OF_NEEDED =
  'Correct the e-mail or id, or make the team member in Vitally first: a new record needs this one, so that it is not left out.';

/** The row whose people are looked up. */
export interface Naming {
  readonly route: Pick<Route, 'unknownPeople'>;
  readonly write: Write;
  /** The field that has them, where it is not named like their role: `messages`. */
  readonly field?: string;
  /** The row makes a new record, which is nothing without those whom it needs. */
  readonly creates: boolean;
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
  async inMessage(naming: Naming, fields: ReadonlyMap<string, JsonValue>): Promise<Map<string, JsonValue>> {
    const resolved = new Map(fields);
    for (const role of ROLES) {
      const given = fields.get(role);
      const isList = Array.isArray(given);
      if (!isList && !isJsonObject(given)) continue;
      const items = isList ? given : [given];
      const people = await this.#each(naming, role, items, (field, item) => this.#participant(field, item));
      if (people.length === 0 && items.length > 0) resolved.delete(role);
      else if (isList) resolved.set(role, [...new Map(people.map((one) => [nameOf(one), one])).values()]);
      else for (const one of people) resolved.set(role, one);
    }
    return resolved;
  }

  /** Who takes part in a meeting, each once. Throws as {@link People.inMessage} does. */
  async attendees(naming: Naming, items: readonly JsonValue[]): Promise<Attendee[]> {
    const given = items.filter(isJsonObject);
    const all = await this.#each(naming, 'participants', given, (_, item) => this.#attendee(item));
    return all.filter((one, index) => !all.slice(0, index).some((other) => isSame(one, other.names)));
  }

  /**
   * What `find` gives for each, without the team members whom Vitally doesn't know where the route leaves those out.
   * Where none is left whom a new record needs, the row is rejected for the first of them.
   */
  async #each<Item extends JsonValue, Found>(
    { route, write, creates, field: place }: Naming,
    role: string,
    items: readonly Item[],
    find: (field: string, item: Item) => Promise<Found>,
  ): Promise<Found[]> {
    const field = place ?? role;
    const leavesOut = route.unknownPeople === 'leave_out';
    const strangers: RecordError[] = [];
    const found = await Promise.all(
      items.map(async (item) => {
        const { value, error } = await tried(async () => {
          if (leavesOut) await this.#requireListed(field, item);
          return [await find(field, item)];
        });
        if (error === undefined) return value;
        if (!isUnknown(error) || !leavesOut || !this.#isLeftOut(item, error)) throw error;
        strangers.push(error);
        return [];
      }),
    );
    const known = found.flat();
    const [stranger] = strangers;
    if (stranger === undefined) return known;
    if (known.length === 0 && creates && NEEDED.has(role)) throw stranger.but({ fix: FIX_OF_NEEDED });
    this.#associations.leftOut.note(write, field);
    return known;
  }

  /** An id of Vitally's that is said to be a team member's is else taken as it is. */
  async #requireListed(field: string, item: JsonValue): Promise<void> {
    const { given, type } = namedBy(item);
    if (type === 'admin') await this.#associations.teamMember(field, given, 'listed');
  }

  /** Only an e-mail, and who is said to be a team member, may be one. An e-mail may be that of a user who is yet to come. */
  #isLeftOut(item: JsonValue, { missing }: RecordError): boolean {
    const { given, type } = namedBy(item);
    if (missing !== undefined && this.#associations.mayCome('user')) return false;
    return type === 'admin' || (type === undefined && given.includes('@'));
  }

  async #participant(field: string, item: JsonValue): Promise<{ type: string; id: string }> {
    const { given, type } = namedBy(item);
    const { type: found, id } = await this.#person(field, given, type);
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
    const { value, error } = await tried(() => this.#known(rest, text, undefined));
    if (error === undefined) return value;
    // An e-mail that Vitally doesn't know is a guest from elsewhere, unless a user with it may come yet in this run.
    if (!isUnknown(error) || this.#associations.mayCome('user')) throw error;
    return { body: { email: text, ...rest }, names: new Set([text.toLowerCase()]) };
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
      message: 'participants names a user who has neither an id of your own nor an e-mail in Vitally',
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
    for (const find of [() => this.#admin(field, given), () => this.#user(field, given)]) {
      const { value, error } = await tried(find);
      if (error === undefined) return value;
      if (!isUnknown(error)) throw error;
    }
    throw new RecordError({
      code: 'unknown_association',
      field,
      message: `${field} names a person whom Vitally knows neither as a team member nor as a user`,
      fix: 'Send the user first, or correct the e-mail or id.',
      detail: `looked for ${JSON.stringify(given)}`,
      missing: { object: 'user', id: given },
    });
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

/** A participant of a message, or of a meeting: what names it, and whether the row says what it is. */
function namedBy(item: JsonValue): { readonly given: string; readonly type: JsonValue | undefined } {
  if (!isJsonObject(item)) return { given: String(item), type: undefined };
  const admin = own(item, 'vitallyUserId');
  if (admin !== undefined) return { given: String(admin), type: 'admin' };
  const user = own(item, 'userId');
  if (user !== undefined) return { given: String(user), type: 'user' };
  const type = own(item, 'type');
  const role = type === 'admin' || type === 'user' ? type : undefined;
  return { given: String(own(item, 'email') ?? own(item, 'id')), type: role };
}

function nameOf({ type, id }: { readonly type: string; readonly id: string }): string {
  return `${type} ${id}`;
}
