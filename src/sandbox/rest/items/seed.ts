import type { Context } from '../../context.ts';
import { optionalDate, optionalText } from '../../fields.ts';
import { field, type JsonObject } from '../../json.ts';
import { changeItem, createItem } from '../../store/item.ts';
import type { Item } from '../../store/records.ts';
import type { World } from '../../store/world.ts';
import { readChanges } from './changes.ts';
import type { ItemDefinition } from './definition.ts';

/** Fields of several kinds that refer to a team member. */
const ADMIN_FIELDS = [
  'authorId',
  'assignedToId',
  'completedById',
  'ownedByVitallyUserId',
  'createdByVitallyUserId',
];

/** Puts a record in, with its `id`, `archivedAt` and `source`. Associations may be external ids, names or e-mails. */
export function seedItem(definition: ItemDefinition, context: Context, body: JsonObject): void {
  const { world } = context;
  const resolved = resolveReferences(definition, world, body);
  const changes = readChanges(definition, context, resolved, 'create', undefined);
  const home = definition.table(world);
  const externalId = optionalText(body, 'externalId') ?? null;
  const known = externalId === null ? undefined : home.byExternalId(externalId);
  const item = known ?? createItem(home, externalId, optionalText(body, 'id') ?? undefined);
  const source = optionalText(body, 'source');
  changeItem(world, item, {
    ...changes,
    fields: { ...changes.fields, ...(source === undefined ? {} : { source }) },
  });
  const archivedAt = optionalDate(body, 'archivedAt');
  if (typeof archivedAt === 'string') item.archivedAtMs = Date.parse(archivedAt);
  definition.written?.(context, item, resolved, 'create');
}

function resolveReferences(definition: ItemDefinition, world: World, body: JsonObject): JsonObject {
  const resolved: JsonObject = { ...body };
  const resolve = (name: string, find: (given: string) => string | undefined) => {
    const given = field(body, name);
    if (typeof given === 'string') resolved[name] = find(given) ?? given;
  };
  resolve('accountId', (given) => world.accounts.find(given)?.id);
  resolve('customerId', (given) => world.accounts.find(given)?.id);
  resolve('organizationId', (given) => world.organizations.find(given)?.id);
  resolve('userId', (given) => world.users.find(given)?.id);
  for (const name of ADMIN_FIELDS) resolve(name, (given) => adminId(world, given));
  for (const [name, kind] of Object.entries(definition.seedReferences ?? {}))
    resolve(name, (given) => {
      const named = (item: Item) => item.fields.get('name') === given;
      return (world.items(kind).find(given) ?? world.items(kind).all().find(named))?.id;
    });
  return resolved;
}

export function adminId(world: World, email: string): string | undefined {
  const named = (admin: Item) => admin.fields.get('email') === email;
  return world.items('admins').all().find(named)?.id;
}
