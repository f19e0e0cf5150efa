import { RecordError } from '../../errors/record-error.ts';
import { tried } from '../../errors/tried.ts';
import { unreachable } from '../../errors/unreachable.ts';
import type { JsonValue } from '../../json/json.ts';
import type { Route, Write } from '../../mapping/route.ts';
import { isNamedByEmail, objectByName } from '../../objects/index.ts';
import type { Field, ObjectName } from '../../objects/object.ts';
import { readingFor } from '../../vitally/http/read-scope.ts';
import type { Admins } from '../../vitally/records/admins.ts';
import type { KnownRecord } from '../../vitally/records/known-record.ts';
import type { NamedLists } from '../../vitally/records/named-lists.ts';
import type { Collection, RecordCache } from '../../vitally/records/record-cache.ts';
import type { PendingMessages } from '../analytics/pending-messages.ts';
import type { InFlightWrites } from '../in-flight-writes.ts';
import { PendingUnlinks } from '../memberships/pending-unlinks.ts';
import type { RestBody } from '../rest/body.ts';
import type { ExpectedParents } from './expected-parents.ts';
import { LeftOutPeople } from './left-out.ts';
import { NAMED } from './named-settings.ts';
import { isRecordAssociation, type RecordAssociation } from './record-association.ts';
import { a, isUnknown, notShown, one, several, TEAM_MEMBER } from './unresolved.ts';

export interface AssociationResolverOptions {
  readonly recordCache: RecordCache;
  readonly named: NamedLists;
  readonly admins: Admins;
  /** Who writes which record now: a parent whose write is on its way is waited for. */
  readonly inFlight: InFlightWrites;
  readonly sleep: (ms: number) => Promise<void>;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly pending: PendingMessages;
  readonly expected: ExpectedParents;
}

/** Turns what a row gives for its relations (own ids, Vitally's ids, names, e-mails) into what Vitally wants. */
export class AssociationResolver {
  /** Users that this run takes out of accounts. */
  readonly pendingUnlinks: PendingUnlinks;
  /** What rows are written without. */
  readonly leftOut = new LeftOutPeople();
  readonly #options: AssociationResolverOptions;

  constructor(options: AssociationResolverOptions) {
    this.#options = options;
    this.pendingUnlinks = new PendingUnlinks(options);
  }

  /** Whether this run may still create a record of this object that isn't there. */
  mayCome(object: ObjectName): boolean {
    return this.#options.expected.mayCome(object);
  }

  /**
   * A row's fields with Vitally's id in every association, or with your own where the field wants that. Throws
   * {@link RecordError} `unknown_association` or `ambiguous_association`.
   */
  async restBody(route: Route, write: Write): Promise<RestBody> {
    const fields = new Map<string, JsonValue>();
    for (const [name, value] of write.fields) {
      const field = route.object.fields[name];
      if (field?.association === undefined || value === null) fields.set(name, value);
      else if (Array.isArray(value)) {
        // An empty list adds nothing; it doesn't take the user out of every account.
        if (value.length > 0) fields.set(name, await this.#ids(name, field, value));
      } else {
        const id = await this.#idOrNone(route, write, name, field, String(value));
        if (id !== undefined) fields.set(name, id);
      }
    }
    return { fields, traits: write.traits };
  }

  /** `undefined` for a team member whom Vitally doesn't know, where the route leaves those out. */
  async #idOrNone(
    { unknownPeople }: Route,
    write: Write,
    name: string,
    field: Field,
    given: string,
  ): Promise<string | undefined> {
    if (field.association !== 'admin' || unknownPeople === 'reject') return await this.id(name, field, given);
    const { value, error } = await tried(() => this.teamMember(name, given, 'listed'));
    if (error === undefined) return value;
    if (!isUnknown(error)) throw error;
    this.leftOut.note(write, name);
    return undefined;
  }

  /**
   * Vitally's id of a team member named by it or by e-mail. An id is `trusted`, or counts only where Vitally has
   * `listed` it. Throws {@link RecordError}.
   */
  async teamMember(name: string, given: string, ids: 'trusted' | 'listed'): Promise<string> {
    const { admins } = this.#options;
    const finding = await readingFor('parents', () =>
      ids === 'listed' ? admins.findListed(given) : admins.find(given),
    );
    return one(finding, name, TEAM_MEMBER, given, 'by e-mail');
  }

  /** What to write for one id, name or e-mail of an association. */
  async id(name: string, field: Field, given: string): Promise<string> {
    const { association } = field;
    if (isRecordAssociation(association)) return (await this.find(name, field, given)).id;
    switch (association) {
      case undefined:
        throw new Error(`${name} is no association`);
      case 'admin':
        return await this.teamMember(name, given, 'trusted');
      case 'noteCategory':
      case 'taskCategory':
      case 'projectCategory':
      case 'projectTemplate': {
        const { path, title } = NAMED[association];
        return one(
          await readingFor('parents', () => this.#options.named.find(path, given)),
          name,
          title,
          given,
          "by name or Vitally's id",
        );
      }
      case 'projectStatus':
        return await this.#projectStatus(name, given);
      default:
        return unreachable(association);
    }
  }

  /** The record an association names. Throws {@link RecordError} where there is none, or more than one. */
  async find(name: string, field: Field, given: string): Promise<KnownRecord> {
    const association = field.association;
    if (!isRecordAssociation(association)) throw new Error(`${name} points at no record`);
    const record = await this.lookUp(association, given, name);
    if (record !== undefined) return record;
    const collection = objectByName(association).rest;
    if (
      collection !== undefined &&
      this.#options.pending.deadlineOf(collection, 'either', given) !== undefined
    ) {
      throw notShown(name, association);
    }
    throw new RecordError({
      code: 'unknown_association',
      field: name,
      message: `${name} names ${a(association)} that Vitally does not have, by your own id or by Vitally's`,
      fix: `Send the ${association} first, or correct the id.`,
      detail: `looked for ${association} ${JSON.stringify(given)}`,
      missing: { object: association, id: given },
    });
  }

  /**
   * The record with this id of the user's own or of Vitally's, or a user with this e-mail; waits for one that is on its
   * way. Where one that isn't there may still come, Vitally's whole list is trusted, so that rows that come before
   * their parents cost no request each: the last try asks for the record itself.
   */
  async lookUp(
    object: RecordAssociation,
    id: string,
    name: string = object,
  ): Promise<KnownRecord | undefined> {
    const collection = objectByName(object).rest;
    if (collection === undefined) return undefined;
    await this.#options.inFlight.running(object, id);
    const trust = this.#options.expected.mayCome(object) ? 'list' : 'record';
    const record = await readingFor('parents', () => this.shown(collection, id, trust));
    if (record !== undefined || !isNamedByEmail(object) || !id.includes('@')) return record;
    return await this.#byEmail(collection, object, name, id);
  }

  /** The record with this id; one that the Analytics API took in may need a while to show. */
  async shown(
    collection: Collection,
    id: string,
    trust: 'record' | 'list' = 'record',
  ): Promise<KnownRecord | undefined> {
    const finding = await this.#options.recordCache.find(collection, 'either', id, 'id', trust);
    return finding.kind === 'found' ? finding.record : await this.#options.pending.untilThere(collection, id);
  }

  /**
   * Your own id of a parent, as the Analytics API takes it. It is looked up only where an unknown parent may not be
   * created on the side, or where the id looks like one of Vitally's.
   */
  async ownId(
    route: Route,
    name: string,
    field: Field,
    id: string,
    looksLikeVitallys: boolean,
  ): Promise<string> {
    const association = field.association;
    const collection = isRecordAssociation(association) ? objectByName(association).rest : undefined;
    if (!isRecordAssociation(association) || collection === undefined) return id;
    if (route.unknownAccounts === 'create' && !looksLikeVitallys) return id;
    await this.#options.inFlight.running(association, id);
    const acceptedAs = this.#options.recordCache.acceptedAs(collection, 'either', id);
    if (acceptedAs !== undefined) return acceptedAs;
    if (route.unknownAccounts === 'create') return (await this.lookUp(association, id))?.externalId ?? id;
    return (await this.find(name, field, id)).externalId ?? id;
  }

  async #ids(name: string, field: Field, values: readonly JsonValue[]): Promise<JsonValue[]> {
    return [...new Set(await Promise.all(values.map((value) => this.id(name, field, String(value)))))];
  }

  async #byEmail(
    collection: Collection,
    object: RecordAssociation,
    name: string,
    email: string,
  ): Promise<KnownRecord | undefined> {
    const finding = await readingFor('parents', () =>
      this.#options.recordCache.find(collection, 'email', email),
    );
    if (finding.kind === 'several') throw several(name, object, finding.ids, 'with this e-mail');
    return finding.kind === 'found' ? finding.record : undefined;
  }

  /** No endpoint lists project statuses; projects show theirs (vitally-api.md, "Projects"). */
  async #projectStatus(name: string, given: string): Promise<string> {
    const statuses = await readingFor('parents', () =>
      this.#options.named.nested('/resources/projects', 'projectStatus', given),
    );
    return one(statuses, name, 'project status', given, "by Vitally's id, or by the name that a project has");
  }
}
