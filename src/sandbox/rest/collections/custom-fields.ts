import { randomUUID } from 'node:crypto';
import { ok } from '../../answer.ts';
import { optionalText, requiredText } from '../../fields.ts';
import { field, isObject, type JsonObject } from '../../json.ts';
import { customObjectNamed } from '../../store/custom-object.ts';
import type { Item } from '../../store/records.ts';
import type { World } from '../../store/world.ts';
import { notFound } from '../object-resource.ts';
import type { RestResource } from '../resource.ts';

const SHOWN_FIELDS = ['id', 'createdAt', 'label', 'path', 'type', 'options'];

/** Definitions of traits: a bare array by label, read-only (vitally-api.md, "Traits"). */
export const customFields: RestResource = {
  path: 'customFields',
  handle({ world, switches }, { method, segments, query }) {
    if (method !== 'GET' || segments.length > 1) return undefined;
    const model = query.get('model');
    const customObjectId = query.get('customObjectId');
    if (customObjectId !== null && world.items('customObjects').byId(customObjectId) === undefined)
      return notFound('Custom object', switches);
    const found = allFields(world).filter(
      (trait) =>
        (model === null || trait.model === model) &&
        (customObjectId === null || trait.customObjectId === customObjectId),
    );
    return ok(found.sort(byLabel).map(shown));
  },
  scoped: () => undefined,
  recordKey: () => undefined,
  seed({ world }, trait) {
    const given = optionalText(trait, 'customObjectId');
    const customObject = typeof given === 'string' ? customObjectNamed(world, given) : undefined;
    world.customFields.push({
      id: randomUUID(),
      createdAt: new Date(world.now()).toISOString(),
      type: 'string',
      options: [],
      ...trait,
      label: requiredText(trait, 'label'),
      path: requiredText(trait, 'path'),
      ...(customObject === undefined ? {} : { model: 'customObjects', customObjectId: customObject.id }),
    });
  },
};

/** Traits of the instances of one custom object. */
export function customFieldsOf(world: World, customObjectId: string): JsonObject[] {
  return allFields(world).filter((trait) => trait.customObjectId === customObjectId);
}

/** Those on their own, those that custom objects declare, and those that were written without a declaration. */
function allFields(world: World): JsonObject[] {
  const declared = [
    ...world.customFields,
    ...[...world.items('customObjects').all()].flatMap(declaredFields),
  ];
  const known = new Set(declared.map(identity));
  return [...declared, ...[...world.writtenTraits.values()].filter((trait) => !known.has(identity(trait)))];
}

function identity(trait: JsonObject): string {
  return JSON.stringify([trait.model ?? null, trait.customObjectId ?? null, trait.path ?? null]);
}

function declaredFields(customObject: Item): JsonObject[] {
  const declared = customObject.fields.get('customFields');
  const createdAt = new Date(customObject.createdAtMs).toISOString();
  return (Array.isArray(declared) ? declared.filter(isObject) : []).map((trait) => ({
    createdAt,
    ...trait,
    model: 'customObjects',
    customObjectId: customObject.id,
  }));
}

function shown(trait: JsonObject): JsonObject {
  return Object.fromEntries(SHOWN_FIELDS.map((name) => [name, field(trait, name) ?? null]));
}

function byLabel(left: JsonObject, right: JsonObject): number {
  return String(left.label).localeCompare(String(right.label));
}
