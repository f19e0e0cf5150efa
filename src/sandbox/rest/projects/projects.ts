import { Refusal } from '../../answer.ts';
import type { Context } from '../../context.ts';
import { field, type JsonObject } from '../../json.ts';
import { itemText } from '../../store/item.ts';
import type { Item } from '../../store/records.ts';
import { shownIdentity } from '../../store/show.ts';
import type { ItemDefinition } from '../items/definition.ts';
import {
  accountReference,
  adminReference,
  date,
  organizationReference,
  reference,
  text,
} from '../items/fields.ts';
import { itemResource } from '../items/resource.ts';
import { defaultStatus, statusesOf } from './project-statuses.ts';

/** Made from a template, without an external id: so every POST makes a new one (vitally-api.md, "Projects"). */
const project: ItemDefinition = {
  path: 'projects',
  title: 'Project',
  table: (world) => world.items('projects'),
  fields: {
    name: text,
    templateId: reference((world) => world.items('projectTemplates'), 'a project template'),
    accountId: accountReference,
    organizationId: organizationReference,
    targetStartDate: date,
    targetCompletionDate: date,
    projectStatusId: reference(statusesOf, 'a project status'),
    projectCategoryId: reference((world) => world.items('projectCategories'), 'a project category'),
    ownedByVitallyUserId: adminReference,
  },
  required: ['templateId'],
  createOnly: ['templateId', 'accountId', 'organizationId'],
  writes: 'none',
  mayArchive: true,
  scopes: 'own',
  seedReferences: {
    templateId: 'projectTemplates',
    projectStatusId: 'projectStatuses',
    projectCategoryId: 'projectCategories',
  },
  settle: (context, fields, body, purpose) =>
    purpose === 'create' ? created(context, fields, body) : kept(fields),
  show: (context, item) => ({
    durationInDays: null,
    actualStartDate: null,
    actualCompletionDate: null,
    projectStatus: shownStatus(context, item),
  }),
};

export const projects = itemResource(project);

/** A new project; the fields that it lacks come from its template. */
function created(context: Context, given: JsonObject, body: JsonObject): JsonObject {
  const accountId = ownerAccount(context, body);
  const organizationId = given.organizationId ?? null;
  if (accountId === null && organizationId === null)
    throw new Refusal(400, 'accountId or organizationId is required');
  if (accountId !== null && organizationId !== null)
    throw new Refusal(400, 'only one of accountId and organizationId can be given');
  const template = context.world.items('projectTemplates').byId(String(given.templateId));
  const fallback = (name: string) => template?.fields.get(name) ?? null;
  return {
    ...given,
    accountId,
    organizationId,
    name: given.name ?? fallback('projectName') ?? fallback('name'),
    projectCategoryId: given.projectCategoryId ?? fallback('projectCategoryId'),
    projectStatusId: given.projectStatusId ?? defaultStatus(context.world).id,
  };
}

/** The account has two names: `accountId` in the article on projects, `customerId` in that on templates. */
function ownerAccount(context: Context, body: JsonObject): string | null {
  const { switches } = context;
  const names = ['accountId', 'customerId'].filter((name) => (field(body, name) ?? null) !== null);
  if (switches.has('project-needs-customer-id') && names.join() === 'accountId')
    throw new Refusal(400, 'customerId is required');
  if (switches.has('project-needs-account-id') && names.join() === 'customerId')
    throw new Refusal(400, 'accountId is required');
  const [name] = names;
  const id = name === undefined ? null : accountReference(context, body, name);
  return typeof id === 'string' ? id : null;
}

/** A change can't empty the name or the status. */
function kept(fields: JsonObject): JsonObject {
  for (const name of ['name', 'projectStatusId'])
    if (fields[name] === null || fields[name] === '') throw new Refusal(400, `${name} is required`);
  return fields;
}

function shownStatus({ world, switches }: Context, item: Item): JsonObject | null {
  const status = statusesOf(world).byId(itemText(item, 'projectStatusId') ?? '');
  if (status === undefined) return null;
  const { externalId: _, updatedAt: __, ...identity } = shownIdentity(status, switches);
  return { ...identity, type: itemText(status, 'type') ?? null, name: itemText(status, 'name') ?? null };
}
