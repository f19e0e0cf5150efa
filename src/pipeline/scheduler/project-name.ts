import { own } from '../../json/guards.ts';
import type { JsonObject, JsonValue } from '../../json/json.ts';
import { objectByName } from '../../objects/index.ts';
import type { ObjectName } from '../../objects/object.ts';
import type { NamedLists } from '../../vitally/records/named-lists.ts';
import { isUuid } from '../../vitally/records/paths.ts';
import type { RecordCache } from '../../vitally/records/record-cache.ts';
import { recordName } from '../../write/record-name.ts';
import { shown } from '../../write/rest/shown-value.ts';

const TEMPLATES = '/resources/projectTemplates';

export interface WhereProjectIs {
  readonly recordCache: RecordCache | undefined;
  readonly named: NamedLists | undefined;
}

/**
 * The one name of a project that has no id of its own, however a row spells it: its template by Vitally's id, its
 * account or organization by your own id, its name, or the template's where it has none. What isn't there keeps the
 * spelling of the row: your own id of an account stays the same when the account comes.
 */
export async function projectName(
  where: WhereProjectIs,
  fields: ReadonlyMap<string, JsonValue>,
): Promise<string> {
  const template = await templateOf(where, textOf(fields, 'templateId'));
  const account = textOf(fields, 'accountId');
  const parent =
    account !== ''
      ? `account ${await ownIdOf(where, 'account', account)}`
      : `organization ${await ownIdOf(where, 'organization', textOf(fields, 'organizationId'))}`;
  const name = fields.has('name') ? textOf(fields, 'name') : template.name;
  return recordName('project', 'fields', JSON.stringify([template.id, parent, name]));
}

/** The fields that make a project one, as Vitally shows them: an account under either of its names, as an id or whole. */
export function heldKey(record: JsonObject): Map<string, JsonValue> {
  const project = objectByName('project');
  const show = (name: string): JsonValue => shown(project, record, name) ?? null;
  const account = show('accountId') ?? show('customerId');
  return new Map([
    ['templateId', show('templateId')],
    ['accountId', account],
    ['organizationId', show('organizationId')],
    ['name', show('name')],
  ]);
}

async function templateOf(
  { named }: WhereProjectIs,
  given: string,
): Promise<{ readonly id: string; readonly name: string }> {
  const finding = await named?.find(TEMPLATES, given);
  if (named === undefined || finding?.kind !== 'found') return { id: given, name: '' };
  const template = (await named.all(TEMPLATES)).find((candidate) => own(candidate, 'id') === finding.id);
  const name = template && (own(template, 'projectName') ?? own(template, 'name'));
  return { id: finding.id, name: typeof name === 'string' ? name : '' };
}

async function ownIdOf({ recordCache }: WhereProjectIs, object: ObjectName, given: string): Promise<string> {
  const collection = objectByName(object).rest;
  if (!isUuid(given) || recordCache === undefined || collection === undefined) return given;
  const finding = await recordCache.find(collection, 'either', given);
  return finding.kind === 'found' ? (finding.record.externalId ?? given) : given;
}

function textOf(fields: ReadonlyMap<string, JsonValue>, name: string): string {
  const value = fields.get(name);
  return typeof value === 'string' ? value : '';
}
