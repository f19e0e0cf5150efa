import { tried } from '../../errors/tried.ts';
import { own } from '../../json/guards.ts';
import { keySource } from '../../mapping/key-source.ts';
import type { Route, Write } from '../../mapping/route.ts';
import { isNamedByEmail, objectByName } from '../../objects/index.ts';
import type { ObjectName } from '../../objects/object.ts';
import { countingReads, readingFor } from '../../vitally/http/read-scope.ts';
import type { KnownRecord } from '../../vitally/records/known-record.ts';
import type { NamedLists } from '../../vitally/records/named-lists.ts';
import type { Collection, Finding, RecordCache } from '../../vitally/records/record-cache.ts';
import { namesOf } from '../../vitally/records/record-names.ts';
import type { InFlightWrites, RecordLane } from '../../write/in-flight-writes.ts';
import type { FieldsName } from '../../write/objects/fields-name.ts';
import { fieldsNameOf } from '../../write/objects/index.ts';
import { isOwnId, type NameSpace, namesOfEither, recordName } from '../../write/record-name.ts';
import { collectionOf } from '../../write/rest/find.ts';
import { StreamUse } from '../../write/stream-use.ts';
import { type RowSubject, subjectOf } from './row-subject.ts';

type RecordSubject = Extract<RowSubject, { kind: 'record' }>;
type PartSubject = Extract<RowSubject, { kind: 'part' }>;

export interface LaneFinderOptions {
  readonly routes: readonly Route[];
  readonly inFlight: InFlightWrites;
  /** `undefined` without a REST token: rows give your own ids then, and nothing else. */
  readonly recordCache: RecordCache | undefined;
  readonly named: NamedLists | undefined;
  /** Told what the rows of a stream read. */
  readonly use?: StreamUse;
}

/**
 * Finds the lane of a row. A record has one, whichever of its names its rows use: that of your own id where it has
 * one. Rows must ask in the order of the input, each after the one before it is under way: then the lane keeps that
 * order, and no two rows of a record are ever written at once.
 */
export class LaneFinder {
  readonly #options: LaneFinderOptions;
  readonly #use: StreamUse;
  /** What the rows of this run name the records of an object by. */
  readonly #spaces = new Map<ObjectName, Set<string>>();
  /** Rows so far that stand alone. */
  #alone = 0;

  constructor(options: LaneFinderOptions) {
    this.#options = options;
    this.#use = options.use ?? new StreamUse();
    for (const route of options.routes) {
      const { object } = route;
      const owner = object.lane?.object ?? object.name;
      const space = object.lane === undefined ? spaceOf(route) : 'either';
      this.#spaces.set(owner, (this.#spaces.get(owner) ?? new Set()).add(space));
    }
  }

  /** The lane where no question is needed to tell it; `undefined` where one is. */
  known(route: Route, write: Write): RecordLane | undefined {
    if (route.request !== undefined && write.key === undefined) {
      this.#alone += 1;
      return { laneKey: `${route.object.name} alone ${this.#alone}`, names: [] };
    }
    const subject = subjectOf(route, write);
    if (this.#options.recordCache === undefined && subject.kind !== 'record')
      return this.#ownLane(route, write);
    return subject.kind === 'record' ? this.#known(subject) : undefined;
  }

  /** The lane of a row, which may take a look-up. What that can't tell is left to the row's own key. */
  async find(route: Route, write: Write): Promise<RecordLane> {
    const known = this.known(route, write);
    if (known !== undefined) return known;
    // What Vitally refuses to look up is refused again where the row is written, and told there.
    const { value } = await tried(() => this.#lookUp(route, write));
    return value ?? this.#ownLane(route, write);
  }

  async #lookUp(route: Route, write: Write): Promise<RecordLane | undefined> {
    const subject = subjectOf(route, write);
    const { reads } = this.#use.of(route);
    const isOwn = subject.kind !== 'record' || subject.object === route.object.name;
    const purpose = isOwn ? 'known' : 'parents';
    return await countingReads(reads, purpose, () => this.#ask(subject, route, write));
  }

  async #ask(subject: RowSubject, route: Route, write: Write): Promise<RecordLane | undefined> {
    switch (subject.kind) {
      case 'record':
        return await this.#record(subject, route, write);
      case 'part':
        return await this.#owner(subject, route.object.name);
      case 'fields':
        return await this.#fields(route.object.name, write);
    }
  }

  #known(subject: RecordSubject): RecordLane | undefined {
    const { object, by, value, given } = subject;
    const asked = by === 'either' ? namesOfEither(object, value) : [recordName(object, by, value)];
    // Spread, it would be a list with room for many more, and very many rows may wait with theirs.
    const names = asked.concat(given);
    const busy = this.#options.inFlight.laneOf(asked);
    if (busy !== undefined) return { laneKey: busy, names };
    const space = by === 'either' && isOwnId(object, value) ? 'externalId' : by;
    if (space === 'externalId') return { laneKey: recordName(object, 'externalId', value), names };
    const { recordCache } = this.#options;
    if (recordCache === undefined) return { laneKey: asked[0] ?? '', names };
    const isOneOfSeveral = by === 'either' || (this.#spaces.get(object)?.size ?? 0) > 1;
    if (isOneOfSeveral) return undefined;
    return { laneKey: this.#options.inFlight.laneOf(given) ?? asked[0] ?? '', names };
  }

  async #record(subject: RecordSubject, route: Route, write: Write): Promise<RecordLane | undefined> {
    const { object, by, value, given } = subject;
    const { recordCache, named, inFlight } = this.#options;
    const isOwn = route.object.name === object;
    const fieldsName = fieldsNameOf(object);
    const collection =
      isOwn && named !== undefined ? await collectionOf(route, named) : collectionOfObject(object);
    if (recordCache === undefined || collection === undefined) return undefined;
    const acceptedAs = recordCache.acceptedAs(collection, by, value);
    if (acceptedAs !== undefined) return this.#at([recordName(object, 'externalId', acceptedAs), ...given]);
    let finding: Finding = await recordCache.find(
      collection,
      by,
      value,
      fieldsName === undefined ? 'id' : 'fields',
    );
    if (finding.kind === 'absent' && by === 'either' && value.includes('@')) {
      finding = await recordCache.find(collection, 'email', value);
    }
    if (finding.kind === 'found') {
      if (fieldsName !== undefined) return await this.#either(object, fieldsName, finding.record, write);
      return this.#at([...recordNames(object, finding.record), ...given]);
    }
    // What isn't there will have the id that the row gives it.
    const asked = by === 'either' ? namesOfEither(object, value) : [recordName(object, by, value)];
    const ownId = given.find((name) => name.startsWith(recordName(object, 'externalId', '')));
    const names = [...(ownId === undefined ? [] : [ownId]), ...asked, ...given];
    return { laneKey: inFlight.laneOf(names) ?? names[0] ?? '', names };
  }

  async #fields(object: ObjectName, write: Write): Promise<RecordLane | undefined> {
    const name = await fieldsNameOf(object)?.of(this.#options, write.fields);
    return name === undefined ? undefined : this.#at([recordName(object, 'fields', name)]);
  }

  /**
   * A record that its fields tell apart is the same one whether a row gives these or its id, and stays it under those
   * that the row gives it.
   */
  async #either(
    object: ObjectName,
    fieldsName: FieldsName,
    record: KnownRecord,
    write: Write,
  ): Promise<RecordLane> {
    const held = record.fields === undefined ? [] : [...fieldsName.heldBy(record.fields)];
    const names = await Promise.all(
      [held, [...held, ...write.fields]].map((fields) => fieldsName.of(this.#options, new Map(fields))),
    );
    return this.#at([
      ...names.map((name) => recordName(object, 'fields', name)),
      recordName(object, 'id', record.id),
    ]);
  }

  async #owner({ by, value, owner }: PartSubject, object: ObjectName): Promise<RecordLane | undefined> {
    const { recordCache, inFlight } = this.#options;
    const partName = recordName(object, by, value);
    const busy = inFlight.laneOf([partName]);
    if (busy !== undefined) return { laneKey: busy, names: [partName] };
    const [parts, owners] = [collectionOfObject(object), collectionOfObject(owner.object)];
    if (recordCache === undefined || parts === undefined || owners === undefined) return undefined;
    const part = await recordCache.find(parts, by, value, 'fields');
    const id =
      part.kind === 'found' && part.record.fields !== undefined
        ? own(part.record.fields, owner.field)
        : undefined;
    if (part.kind !== 'found' || typeof id !== 'string') return undefined;
    const names = [...recordNames(object, part.record), partName];
    const found = await readingFor('parents', () => recordCache.find(owners, 'id', id));
    return found.kind === 'found'
      ? this.#at([...recordNames(owner.object, found.record), ...names])
      : this.#at([recordName(owner.object, 'id', id), ...names]);
  }

  /** The lane of the first name, unless one of them is being written in another. */
  #at(names: readonly string[]): RecordLane {
    return { laneKey: this.#options.inFlight.laneOf(names) ?? names[0] ?? '', names };
  }

  #ownLane(route: Route, write: Write): RecordLane {
    return this.#at([recordName(route.object.name, spaceOf(route), write.key ?? '')]);
  }
}

function spaceOf(route: Route): NameSpace {
  return keySource(route) === 'fields' ? 'fields' : route.matchOn;
}

/** The names of a record, that of your own id first. */
function recordNames(object: ObjectName, record: KnownRecord): string[] {
  const { externalId, id, email } = namesOf(record);
  const byEmail = isNamedByEmail(object) ? email : undefined;
  return Object.entries({ externalId, id, email: byEmail })
    .filter((entry): entry is [NameSpace, string] => entry[1] !== undefined)
    .map(([space, value]) => recordName(object, space, value));
}

function collectionOfObject(object: ObjectName): Collection | undefined {
  return objectByName(object).rest;
}
