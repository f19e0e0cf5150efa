import { RecordError } from '../errors/record-error.ts';
import type { Route, Write } from '../routing/route.ts';
import type { Directory, Kind } from '../vitally/directory.ts';
import { isUuid } from '../vitally/paths.ts';
import { messagesOf } from './analytics-message.ts';
import type { AnalyticsWriter } from './analytics-writer.ts';
import { changesOf } from './compare.ts';
import { refusal } from './refusal.ts';
import type { Relations } from './relations.ts';
import { requireForCreate, sufficesToCreate } from './rest-body.ts';
import type { RestWriter } from './rest-writer.ts';
import type { Settlement } from './settlement.ts';
import { nameOf } from './summary.ts';

export interface WritersOptions {
  readonly rest: RestWriter | undefined;
  readonly analytics: AnalyticsWriter | undefined;
  readonly directory: Directory | undefined;
  readonly relations: Relations | undefined;
  readonly warn: (message: string) => Promise<void>;
}

/** Both transports behind one door: a row goes in, what became of it comes out. */
export class Writers {
  readonly #options: WritersOptions;
  readonly #said = new Set<Route>();

  constructor(options: WritersOptions) {
    this.#options = options;
  }

  /** A refused row is an outcome; what it throws ends the run. */
  async write(route: Route, write: Write): Promise<Settlement> {
    try {
      return await this.#byTransport(route, write);
    } catch (error) {
      if (error instanceof RecordError) return { outcome: { kind: 'rejected', error } };
      if (error instanceof RangeError) return { outcome: { kind: 'rejected', error: tooDeep(error) } };
      throw error;
    }
  }

  /**
   * Writes rows that go together, each to its own outcome. Where nothing could be written for want of a record that
   * all point at, the first outcome says so.
   */
  async writeGroup(route: Route, writes: readonly Write[]): Promise<Settlement[]> {
    const settlements: Settlement[] = [];
    for (const write of writes) settlements.push(await this.write(route, write));
    return settlements;
  }

  async #byTransport(route: Route, write: Write): Promise<Settlement> {
    const { rest } = this.#options;
    if (route.via === 'rest') {
      if (rest === undefined) throw new Error(`${route.stream} goes by REST, and there is no REST writer`);
      return await rest.write(route, write);
    }
    if (rest === undefined) {
      await this.#sayWhatRestWouldDo(route, write);
      return await this.#analyticsWrite(route, write);
    }
    const { object } = route;
    if (object.rest === undefined || write.key === undefined) return await this.#analyticsWrite(route, write);
    // What this run handed to the Analytics API goes on there: REST would overtake what is applied later.
    const handedOver = this.#options.directory?.wasAccepted(object.rest, write.key) === true;
    if (needsRest(route, write, handedOver)) return await rest.write(route, write);
    const emptied = nullsOf(write);
    if (emptied === undefined || handedOver) {
      return await this.#analyticsWrite(route, write);
    }
    // Whether null removes a trait over the Analytics API is documented nowhere; REST documents it.
    if (await this.#holdsAny(object.rest, route, write.key, emptied)) return await rest.write(route, write);
    return await this.#analyticsWrite(route, withoutNulls(write));
  }

  /** Whether the record holds anything that the row empties; what it doesn't hold need not be emptied. */
  async #holdsAny(kind: Kind, route: Route, key: string, emptied: Emptied): Promise<boolean> {
    const finding = await this.#options.directory?.find(kind, 'externalId', key, 'fields', 'list');
    if (finding?.kind !== 'found' || finding.record.fields === undefined) return false;
    return changesOf(route.object, finding.record.fields, emptied).size > 0;
  }

  /** Without a REST token some of what a row says can't be done, or not for sure: said once a stream. */
  async #sayWhatRestWouldDo(route: Route, write: Write): Promise<void> {
    if (this.#said.has(route)) return;
    const [left] = inexpressible(route, write);
    const name = nameOf(route);
    if (left !== undefined) {
      this.#said.add(route);
      await this.#options.warn(
        `stream ${name}: only the REST API takes ${left}: it is left out; add a rest_api_token to write it`,
      );
    } else if (nullsOf(write) !== undefined) {
      this.#said.add(route);
      await this.#options.warn(
        `stream ${name} has rows with null columns: whether the Analytics API empties what Vitally holds is not ` +
          'documented; add a rest_api_token to have it emptied for sure, or set nulls to keep',
      );
    }
  }

  async #analyticsWrite(route: Route, write: Write): Promise<Settlement> {
    const { analytics, directory } = this.#options;
    const { object } = route;
    if (analytics === undefined || object.analytics === undefined) {
      throw new Error(`${route.stream} goes by Analytics, and there is no Analytics writer`);
    }
    requireMessageFields(route, write);
    const relations = await this.#ownIds(route, write);
    const messages = messagesOf(route, write, relations);
    const taken = await analytics.write(object.analytics.type, messages);
    if (taken.kind === 'refused') throw refusal(object, write, taken.answer);
    if (object.rest !== undefined && write.key !== undefined) directory?.accept(object.rest, write.key);
    const body = `[${messages.map((message) => message.text)}]`;
    return { outcome: { kind: 'accepted' }, request: { method: 'POST', path: '/analytics/v1/batch', body } };
  }

  /** The row's relations as the Analytics API takes them: the user's own ids, by message field. */
  async #ownIds(route: Route, write: Write): Promise<Map<string, readonly string[]>> {
    const { relations } = this.#options;
    const own = new Map<string, readonly string[]>();
    for (const [name, value] of write.fields) {
      const field = route.object.fields[name];
      if (field?.analyticsField === undefined || (field.type !== 'ids' && field.association === undefined))
        continue;
      const given = (Array.isArray(value) ? value : [value]).filter((id) => id !== null).map(String);
      const ids = await Promise.all(
        given.map((id) => relations?.ownId(route, name, field, id, isUuid(id)) ?? id),
      );
      if (ids.length > 0) own.set(field.analyticsField, [...new Set(ids)]);
    }
    return own;
  }
}

/** JSON of thousands of levels can be read but not written: the engine's stack ends before. */
function tooDeep(cause: RangeError): RecordError {
  return new RecordError({
    code: 'too_large',
    message: 'a value is nested too deeply to be sent',
    fix: 'flatten or leave out the column that is nested thousands of levels deep',
    detail: cause.message,
  });
}

/**
 * Rows of an Analytics route that only REST can write: those with a field that the API lacks, without what a message
 * needs, or that depend on what the record holds now. A record that was handed over needs no more than its key, save
 * where every message names a relation.
 */
function needsRest(route: Route, write: Write, handedOver: boolean): boolean {
  const suffices = sufficesToCreate(route, write) || (handedOver && !hasRelations(route));
  return route.ifEmpty.length > 0 || !suffices || inexpressible(route, write).length > 0;
}

/** Fields that are given and that no message can carry. */
function inexpressible(route: Route, write: Write): string[] {
  return [...write.fields]
    .filter(([name, value]) => {
      const field = route.object.fields[name];
      const carried = field?.analyticsField !== undefined || field?.analyticsTrait !== undefined;
      return !carried && value !== null;
    })
    .map(([name]) => name);
}

type Emptied = Pick<Write, 'fields' | 'traits'>;

/** What the row empties; `undefined` where it empties nothing. */
function nullsOf(write: Write): Emptied | undefined {
  const fields = new Map([...write.fields].filter(([, value]) => value === null));
  const traits = new Map([...write.traits].filter(([, value]) => value === null));
  return fields.size === 0 && traits.size === 0 ? undefined : { fields, traits };
}

function withoutNulls({ key, fields, traits }: Write): Write {
  return {
    key,
    fields: new Map([...fields].filter(([, value]) => value !== null)),
    traits: new Map([...traits].filter(([, value]) => value !== null)),
  };
}

/** An event and a user's account are always needed; another record may exist already and need no more than its key. */
function requireMessageFields(route: Route, write: Write): void {
  if (route.object.rest === undefined || hasRelations(route)) requireForCreate(route, write.fields);
}

function hasRelations(route: Route): boolean {
  return Object.values(route.object.fields).some((field) => field.type === 'ids');
}
