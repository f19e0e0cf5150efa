import { type Answer, NO_CONTENT, ok, Refusal } from '../answer.ts';
import type { Context } from '../context.ts';
import type { Switches } from '../faults/switches.ts';
import { optionalText, requiredText } from '../fields.ts';
import { field, type JsonObject } from '../json.ts';
import type { Stored } from '../store/records.ts';
import type { Table } from '../store/table.ts';
import type { World } from '../store/world.ts';
import { page, readSort } from './paging.ts';
import type { RestRequest, RestResource } from './resource.ts';

/** What a body is for: a creation needs fields that an update may leave out. */
export type Purpose = 'create' | 'update';

/** An object that has both ids and all the usual endpoints. `C` are the changes that a body asks for. */
export interface ObjectDefinition<R extends Stored, C> {
  readonly path: string;
  /** As in `Account not found`. */
  readonly title: string;
  table(world: World): Table<R>;
  show(world: World, record: R, switches: Switches): JsonObject;
  /** @throws Refusal (400) that names the field at fault. */
  parse(context: Context, body: JsonObject, purpose: Purpose): C;
  create(world: World, externalId: string): R;
  change(world: World, record: R, changes: C): void;
  remove(context: Context, record: R, query: URLSearchParams): void;
  /** Whether a list with this query shows the record. */
  listed?(record: R, query: URLSearchParams): boolean;
  /** By the parent's path: the records of the parent with this id of Vitally's. */
  readonly scopes?: Readonly<Partial<Record<ParentPath, (world: World, parentId: string) => ReadonlySet<R>>>>;
  /** The body of a seed, with Vitally's ids in the place of external ids in associations. */
  resolveSeed?(world: World, body: JsonObject): JsonObject;
  /** Fills what no request can. */
  seeded?(world: World, record: R, body: JsonObject): void;
  /** Endpoints of its own, which are tried first. */
  extra?(context: Context, request: RestRequest): Answer | undefined;
}

/** The endpoints of an object. */
export function objectResource<R extends Stored, C>(object: ObjectDefinition<R, C>): RestResource {
  return new ObjectResource(object);
}

class ObjectResource<R extends Stored, C> implements RestResource {
  readonly path: string;
  readonly #object: ObjectDefinition<R, C>;

  constructor(object: ObjectDefinition<R, C>) {
    this.path = object.path;
    this.#object = object;
  }

  handle(context: Context, request: RestRequest): Answer | undefined {
    const answer = this.#object.extra?.(context, request);
    if (answer !== undefined) return answer;
    const [, id, more] = request.segments;
    if (more !== undefined) return undefined;
    if (id !== undefined) return this.#single(context, id, request);
    if (request.method === 'POST') return this.#post(context, requireBody(request.body));
    if (request.method !== 'GET') return undefined;
    const records = this.#object.table(context.world).sorted(readSort(request.query));
    return this.#list(records, context, request.query);
  }

  scoped(context: Context, { method, segments, query }: RestRequest): Answer | undefined {
    const [parent, parentId] = segments;
    if (method !== 'GET' || parentId === undefined) return undefined;
    if (parent !== 'accounts' && parent !== 'organizations') return undefined;
    const scope = this.#object.scopes?.[parent];
    if (scope === undefined) return undefined;
    const known = findParent(context, parent, parentId);
    if (known === undefined) return notFound('Parent', context.switches);
    const order = readSort(query) === 'createdAt' ? 'createdOrder' : 'updatedOrder';
    const sorted = [...scope(context.world, known.id)].sort((left, right) => right[order] - left[order]);
    return this.#list(sorted, context, query);
  }

  recordKey({ world }: Context, { segments, body }: RestRequest): string | undefined {
    const id = segments[1] ?? (body === undefined ? undefined : field(body, 'externalId'));
    if (typeof id !== 'string') return undefined;
    return `${this.path}:${this.#object.table(world).find(id)?.externalId ?? id}`;
  }

  seed(context: Context, body: JsonObject): void {
    const object = this.#object;
    const resolved = object.resolveSeed?.(context.world, body) ?? body;
    const changes = object.parse(context, resolved, 'create');
    const record = this.#write(context.world, requiredText(body, 'externalId'), changes);
    object.seeded?.(context.world, record, body);
  }

  #list(records: readonly R[], { world, switches }: Context, query: URLSearchParams): Answer {
    const object = this.#object;
    const shown =
      object.listed === undefined ? records : records.filter((record) => object.listed?.(record, query));
    return page(shown, query, switches, (record) => object.show(world, record, switches));
  }

  #post(context: Context, body: JsonObject): Answer {
    const { world, switches } = context;
    const object = this.#object;
    const externalId = requiredText(body, 'externalId');
    const changes = object.parse(context, body, 'create');
    const created = object.table(world).byExternalId(externalId) === undefined;
    if (!created) refuseDuplicate(object.title, switches);
    const record = this.#write(world, externalId, changes);
    return ok(object.show(world, record, switches), created && switches.has('post-answers-201') ? 201 : 200);
  }

  #single(context: Context, id: string, { method, body, query }: RestRequest): Answer | undefined {
    const object = this.#object;
    if (method === 'PUT') return this.#put(context, id, requireBody(body));
    if (method !== 'GET' && method !== 'DELETE') return undefined;
    const record = object.table(context.world).find(id);
    if (record === undefined) return notFound(object.title, context.switches);
    if (method === 'GET') return ok(object.show(context.world, record, context.switches));
    object.remove(context, record, query);
    return NO_CONTENT;
  }

  #put(context: Context, id: string, body: JsonObject): Answer {
    const { world, switches } = context;
    const object = this.#object;
    const known = object.table(world).find(id);
    if (known === undefined) {
      if (!switches.has('put-creates')) return notFound(object.title, switches);
      const made = this.#write(world, id, object.parse(context, body, 'create'));
      return ok(object.show(world, made, switches));
    }
    optionalText(body, 'externalId');
    object.change(world, known, object.parse(context, body, 'update'));
    return ok(object.show(world, known, switches));
  }

  #write(world: World, externalId: string, changes: C): R {
    const object = this.#object;
    const record = object.table(world).byExternalId(externalId) ?? object.create(world, externalId);
    object.change(world, record, changes);
    return record;
  }
}

export type ParentPath = 'accounts' | 'organizations';

/** The account or organization that a scoped list belongs to. */
export function findParent({ world, switches }: Context, path: ParentPath, id: string): Stored | undefined {
  return switches.has('scoped-lists-need-uuid') ? world[path].byId(id) : world[path].find(id);
}

export function requireBody(body: JsonObject | undefined): JsonObject {
  if (body === undefined) throw new Refusal(400, 'a JSON body is required');
  return body;
}

function refuseDuplicate(title: string, switches: Switches): void {
  const text = `${title} with this externalId already exists`;
  if (switches.has('post-refuses-duplicate')) throw new Refusal(409, text);
  if (switches.has('post-refuses-duplicate-400')) throw new Refusal(400, text);
}

/** The answer for a missing record is not documented, so switches choose it. @throws Refusal unless it is 200 */
export function notFound(title: string, switches: Switches): Answer {
  const text = `${title} not found`;
  if (switches.has('not-found-200')) return ok({ error: text });
  throw new Refusal(switches.has('not-found-400') ? 400 : 404, text);
}
