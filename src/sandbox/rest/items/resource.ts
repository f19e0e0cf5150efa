import { type Answer, NO_CONTENT, ok, Refusal } from '../../answer.ts';
import type { Context } from '../../context.ts';
import { optionalText } from '../../fields.ts';
import { field, type JsonObject } from '../../json.ts';
import { archiveItem, changeItem, createItem, deleteItem } from '../../store/item.ts';
import type { Item } from '../../store/records.ts';
import { notFound, requireBody } from '../object-resource.ts';
import type { RestRequest, RestResource } from '../resource.ts';
import { readChanges } from './changes.ts';
import type { ItemDefinition } from './definition.ts';
import { listAll, listScoped } from './lists.ts';
import { seedItem } from './seed.ts';
import { showItem } from './show.ts';

/** The endpoints of a declared resource. */
export function itemResource(definition: ItemDefinition): RestResource {
  return {
    path: definition.path,
    handle(context, request) {
      const answer = definition.extra?.(context, request);
      if (answer !== undefined) return answer;
      const [, id, more] = request.segments;
      if (more !== undefined) return undefined;
      if (id !== undefined) return single(definition, context, id, request);
      if (request.method === 'GET') return listAll(definition, context, request.query);
      if (request.method !== 'POST' || definition.writes === 'read-only') return undefined;
      return postItem(definition, context, requireBody(request.body));
    },
    scoped: (context, request) => listScoped(definition, context, request),
    recordKey({ world }, { segments, body }) {
      const id = segments[1] ?? (body === undefined ? undefined : field(body, 'externalId'));
      if (typeof id !== 'string') return undefined;
      const item = definition.table(world).find(id);
      return `${definition.path}:${item?.externalId ?? id}`;
    },
    seed: (context, body) => seedItem(definition, context, body),
    inspect: (context) => ({
      get size() {
        return definition.table(context().world).size;
      },
      all: () =>
        [...definition.table(context().world).all()].map((item) =>
          showItem(definition, context(), item, true),
        ),
      byExternalId(externalId) {
        const item = definition.table(context().world).byExternalId(externalId);
        return item === undefined ? undefined : showItem(definition, context(), item, true);
      },
    }),
  };
}

/** Creates a record, or does with an external id that is there what the definition says. */
export function postItem(definition: ItemDefinition, context: Context, body: JsonObject): Answer {
  const { world, switches } = context;
  const externalId = definition.writes === 'none' ? null : (optionalText(body, 'externalId') ?? null);
  const known = externalId === null ? undefined : existing(definition, context, externalId);
  const changes = readChanges(definition, context, body, 'create', known);
  const item = known ?? createItem(definition.table(world), externalId);
  item.archivedAtMs = null;
  changeItem(world, item, changes);
  definition.written?.(context, item, body, 'create');
  return ok(
    showItem(definition, context, item, true),
    known === undefined && switches.has('post-answers-201') ? 201 : 200,
  );
}

/** The record that a POST updates. @throws Refusal (409) where the definition allows no update */
function existing(
  definition: ItemDefinition,
  { world, switches }: Context,
  externalId: string,
): Item | undefined {
  const known = definition.table(world).byExternalId(externalId);
  if (known === undefined) return undefined;
  if (switches.has('activity-post-refuses-duplicate'))
    throw new Refusal(409, `${definition.title} with this externalId already exists`);
  return definition.writes === 'undocumented' && switches.has('activity-post-duplicates') ? undefined : known;
}

function single(
  definition: ItemDefinition,
  context: Context,
  id: string,
  request: RestRequest,
): Answer | undefined {
  const { method } = request;
  if (!has(definition, method)) return undefined;
  const known =
    definition.find === undefined
      ? definition.table(context.world).find(id)
      : definition.find(context, id, request);
  if (known === undefined) return notFound(definition.title, context.switches);
  if (method === 'GET') return ok(showItem(definition, context, known, true));
  if (method === 'PUT') return put(definition, context, known, requireBody(request.body));
  definition.removed?.(context, known);
  const archives = definition.mayArchive === true && context.switches.has('deletes-archive');
  if (archives || definition.removal === 'archive') archiveItem(context.world, known);
  else deleteItem(context.world, known);
  return NO_CONTENT;
}

function has({ lacks, writes, removal }: ItemDefinition, method: string): boolean {
  if (method === 'GET') return !lacks?.includes(method);
  if (writes === 'read-only') return false;
  if (method === 'PUT') return !lacks?.includes(method);
  return method === 'DELETE' && removal !== 'none';
}

function put(definition: ItemDefinition, context: Context, item: Item, body: JsonObject): Answer {
  const changes = readChanges(definition, context, body, 'update', item);
  changeItem(context.world, item, changes);
  definition.written?.(context, item, body, 'update');
  return ok(showItem(definition, context, item, true));
}
