import type { JsonObject, JsonValue } from '../../../json/json.ts';
import { objectByName } from '../../../objects/index.ts';
import type { ObjectName } from '../../../objects/object.ts';
import { isUuid } from '../../../vitally/records/paths.ts';
import { shown } from '../../rest/shown-value.ts';
import type { FieldsName, Sources } from '../fields-name.ts';
import { TEMPLATES, templateName } from './template.ts';

/**
 * The one name of a project that has no id of its own, however a row spells it: its template by Vitally's id, its
 * account or organization by your own id, its name, or the template's where it has none. What isn't there keeps the
 * spelling of the row: your own id of an account stays the same when the account comes.
 */
export const projectName: FieldsName = {
  async of(sources, fields) {
    const template = await templateOf(sources, textOf(fields, 'templateId'));
    const account = textOf(fields, 'accountId');
    const parent =
      account !== ''
        ? `account ${await ownIdOf(sources, 'account', account)}`
        : `organization ${await ownIdOf(sources, 'organization', textOf(fields, 'organizationId'))}`;
    const name = fields.has('name') ? textOf(fields, 'name') : template.name;
    return JSON.stringify([template.id, parent, name]);
  },

  /** An account is shown under either of its names, as an id or whole. */
  heldBy(record: JsonObject) {
    const project = objectByName('project');
    const show = (name: string): JsonValue => shown(project, record, name) ?? null;
    const account = show('accountId') ?? show('customerId');
    return new Map([
      ['templateId', show('templateId')],
      ['accountId', account],
      ['organizationId', show('organizationId')],
      ['name', show('name')],
    ]);
  },
};

async function templateOf(
  { named }: Sources,
  given: string,
): Promise<{ readonly id: string; readonly name: string }> {
  const finding = await named?.find(TEMPLATES, given);
  if (named === undefined || finding?.kind !== 'found') return { id: given, name: '' };
  return { id: finding.id, name: (await templateName(named, finding.id)) ?? '' };
}

async function ownIdOf({ recordCache }: Sources, object: ObjectName, given: string): Promise<string> {
  const collection = objectByName(object).rest;
  if (!isUuid(given) || recordCache === undefined || collection === undefined) return given;
  const finding = await recordCache.find(collection, 'either', given);
  return finding.kind === 'found' ? (finding.record.externalId ?? given) : given;
}

function textOf(fields: ReadonlyMap<string, JsonValue>, name: string): string {
  const value = fields.get(name);
  return typeof value === 'string' ? value : '';
}
