import { RecordError } from '../errors/record-error.ts';
import type { Route, Write } from '../routing/route.ts';
import type { Directory } from '../vitally/directory.ts';
import { isUuid } from '../vitally/paths.ts';
import { messagesOf } from './analytics-message.ts';
import type { AnalyticsWriter } from './analytics-writer.ts';
import { refusal } from './refusal.ts';
import type { Relations } from './relations.ts';
import { requireForCreate, sufficesToCreate } from './rest-body.ts';
import type { RestWriter, Settlement } from './rest-writer.ts';

export interface WritersOptions {
  readonly rest: RestWriter | undefined;
  readonly analytics: AnalyticsWriter | undefined;
  readonly directory: Directory | undefined;
  readonly relations: Relations | undefined;
}

/** Both transports behind one door: a row goes in, what became of it comes out. */
export class Writers {
  readonly #options: WritersOptions;

  constructor(options: WritersOptions) {
    this.#options = options;
  }

  /** A refused row is an outcome; what it throws ends the run. */
  async write(route: Route, write: Write): Promise<Settlement> {
    const { rest, directory } = this.#options;
    const byRest = route.via === 'rest' || (rest !== undefined && wantsRest(route, write, directory));
    if (!byRest) return await this.#analyticsWrite(route, write);
    if (rest === undefined) throw new Error(`${route.stream} goes by REST, and there is no REST writer`);
    return await rest.write(route, write);
  }

  async #analyticsWrite(route: Route, write: Write): Promise<Settlement> {
    const { analytics, directory } = this.#options;
    const { object } = route;
    if (analytics === undefined || object.analytics === undefined) {
      throw new Error(`${route.stream} goes by Analytics, and there is no Analytics writer`);
    }
    try {
      requireMessageFields(route, write);
      const relations = await this.#ownIds(route, write);
      const messages = messagesOf(route, write, relations);
      const taken = await analytics.write(object.analytics.type, messages);
      if (taken.kind === 'refused') throw refusal(object, write, taken.answer);
      if (object.rest !== undefined && write.key !== undefined) directory?.accept(object.rest, write.key);
      const request = {
        method: 'POST' as const,
        path: '/analytics/v1/batch',
        body: `[${messages.map((m) => m.text)}]`,
      };
      return { outcome: { kind: 'accepted' }, request };
    } catch (error) {
      if (error instanceof RecordError) return { outcome: { kind: 'rejected', error } };
      throw error;
    }
  }

  /** The row's relations as the Analytics API takes them: the user's own ids, by message field. */
  async #ownIds(route: Route, write: Write): Promise<Map<string, readonly string[]>> {
    const relations = new Map<string, readonly string[]>();
    for (const [name, value] of write.fields) {
      const field = route.object.fields[name];
      if (field?.analyticsField === undefined || (field.type !== 'ids' && field.association === undefined))
        continue;
      const given = (Array.isArray(value) ? value : [value]).filter((id) => id !== null).map(String);
      const ids = await Promise.all(given.map((id) => this.#ownId(route, name, id)));
      if (ids.length > 0) relations.set(field.analyticsField, [...new Set(ids)]);
    }
    return relations;
  }

  /**
   * Your own id of a parent given by your id or by Vitally's. Asked for only where a REST token is there and an
   * unknown parent may not be created on the side, or where the id looks like one of Vitally's.
   */
  async #ownId(route: Route, name: string, id: string): Promise<string> {
    const { relations, directory } = this.#options;
    const field = route.object.fields[name];
    if (relations === undefined || field?.association === undefined) return id;
    if (route.unknownAccounts === 'create' && !isUuid(id)) return id;
    const parent = relations.acceptedKind(field.association);
    if (parent !== undefined && directory?.wasAccepted(parent, id) === true) return id;
    await relations.settled(field.association, id);
    if (parent !== undefined && directory?.wasAccepted(parent, id) === true) return id;
    if (route.unknownAccounts === 'create') {
      return (await relations.lookUp(field.association, id))?.externalId ?? id;
    }
    return (await relations.find(name, field, id)).externalId ?? id;
  }
}

/**
 * Rows of an Analytics route that REST alone can write right: those that empty something (whether null removes a
 * trait over the Analytics API is documented nowhere), that hold a field the API lacks, that lack what a message
 * needs, or that depend on what the record holds now. Not a row whose record this run has just handed to the
 * Analytics API: REST would overtake what is applied later.
 */
function wantsRest(route: Route, write: Write, directory: Directory | undefined): boolean {
  const { object } = route;
  if (object.rest === undefined || write.key === undefined) return false;
  if (route.ifEmpty.length > 0 || !sufficesToCreate(route, write)) return true;
  if (inexpressible(route, write).length > 0) return true;
  if (directory?.wasAccepted(object.rest, write.key) === true) return false;
  return [...write.fields.values(), ...write.traits.values()].includes(null);
}

/** Fields that are given and that no message can carry. */
function inexpressible(route: Route, write: Write): string[] {
  return [...write.fields]
    .filter(([name, value]) => {
      const field = route.object.fields[name];
      const carried = field?.analyticsField !== undefined || field?.analyticsTrait !== undefined;
      return !carried || (value === null && field?.association !== undefined);
    })
    .map(([name]) => name);
}

function requireMessageFields(route: Route, write: Write): void {
  const [field] = inexpressible(route, write);
  if (field !== undefined) {
    throw new RecordError({
      code: 'bad_value',
      field,
      message: `the Analytics API cannot write ${field} in this way`,
      fix: 'add a rest_api_token, or leave the column out',
    });
  }
  // A record may exist already and need no more than its key; an event and a user's account are always needed.
  const existing = route.object.rest !== undefined && !hasRelations(route);
  if (!existing) requireForCreate(route, write.fields);
}

function hasRelations(route: Route): boolean {
  return Object.values(route.object.fields).some((field) => field.type === 'ids');
}
