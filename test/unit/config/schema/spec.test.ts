import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { discriminatorOf, discriminatorValues, optionsOf } from '../../../../src/config/schema/members.ts';
import { isJsonObject, own } from '../../../../src/json/guards.ts';
import type { JsonObject } from '../../../../src/json/json.ts';
import { spec } from '../../../support/spec.ts';

const KEYWORDS = new Set(
  (
    '$schema title description type required additionalProperties properties items oneOf const enum default ' +
    'examples pattern minimum maximum minLength uniqueItems order group ' +
    'groups airbyte_secret always_show display_type pattern_descriptor'
  ).split(' '),
);

interface Node {
  readonly path: string;
  readonly schema: JsonObject;
}

function object(value: unknown): JsonObject {
  if (!isJsonObject(value)) throw new TypeError('not an object');
  return value;
}

function nodesUnder({ path, schema }: Node): Node[] {
  const children = [
    ...Object.entries(object(own(schema, 'properties') ?? {})).map(([name, part]) => ({
      path: `${path}/${name}`,
      part,
    })),
    ...optionsOf(schema).map((part, index) => ({ path: `${path}/oneOf ${index}`, part })),
    ...('items' in schema ? [{ path: `${path}/items`, part: schema.items }] : []),
  ];
  return [
    { path, schema },
    ...children.flatMap(({ path: childPath, part }) => nodesUnder({ path: childPath, schema: object(part) })),
  ];
}

const root = object(object(spec).connectionSpecification);
const nodes = nodesUnder({ path: '', schema: root });
const objects = nodes.filter(({ schema }) => isJsonObject(schema.properties));
const properties = objects.flatMap(({ path, schema }) =>
  Object.entries(object(schema.properties)).map(([name, part]) => ({
    path: `${path}/${name}`,
    schema: object(part),
  })),
);
const choices = nodes.filter(({ schema }) => 'oneOf' in schema);

test('the SPEC body has what the platform dereferences', () => {
  expect(spec).toMatchObject({
    documentationUrl: expect.stringMatching(/^https:\/\//),
    changelogUrl: expect.stringMatching(/^https:\/\//),
    protocol_version: '0.2.0',
    supportsIncremental: true,
    supported_destination_sync_modes: ['append_dedup', 'append', 'overwrite'],
    connectionSpecification: { type: 'object', title: expect.any(String), required: ['data_center'] },
  });
});

test('no part closes itself to other members: the platform merges a changed config into the old one', () => {
  for (const { path, schema } of nodes) expect(schema.additionalProperties ?? true, path).toBe(true);
});

test.each(nodes)('$path has one type', ({ schema }) => {
  expect(['object', 'array', 'string', 'number', 'integer', 'boolean']).toContain(schema.type);
});

test.each(nodes)('$path has no default beside a const', ({ schema }) => {
  if ('const' in schema) expect(schema).not.toHaveProperty('default');
});

test('what a form shows unasked are the tokens and the streams', () => {
  const shown = properties.filter(({ schema }) => schema.always_show === true).map(({ path }) => path);
  expect(shown).toEqual(['/rest_api_token', '/analytics_api_token', '/streams']);
});

test('the ceiling of requests has no default that a form would fill in', () => {
  const ceiling = properties.find(({ path }) => path === '/requests_per_minute');
  expect(ceiling?.schema).not.toHaveProperty('default');
});

test('what a form leaves empty is valid before it is tidied: the platform judges it by the spec alone', () => {
  const validate = new Ajv({ strict: false }).compile(root);
  const entry = { stream: 'a', object: 'account' };
  const streams = object(object(object(root.properties).streams).items);
  for (const [name, part] of Object.entries(object(streams.properties))) {
    const { type } = object(part);
    if (Object.hasOwn(entry, name) || (type !== 'object' && type !== 'array')) continue;
    const left = { ...entry, [name]: type === 'array' ? [] : {} };
    expect(validate({ data_center: { region: 'eu' }, streams: [left] }), name).toBe(true);
  }
});

test('every option of the contract is there', () => {
  const named = (schema: unknown) => Object.keys(object(object(schema).properties)).sort();
  const streams = object(object(root.properties).streams);
  expect(named(root)).toEqual([
    'analytics_api_token',
    'data_center',
    'object_storage_config',
    'outcome_log',
    'rejected_records',
    'requests_per_minute',
    'rest_api_token',
    'skip_unchanged',
    'streams',
    'verify_accepted',
    'write_via',
  ]);
  expect(named(streams.items)).toEqual([
    'constants',
    'custom_object',
    'delete_limit',
    'deleted_rows',
    'exclude',
    'fields',
    'if_empty',
    'match_on',
    'method',
    'mode',
    'namespace',
    'nulls',
    'object',
    'other_columns',
    'path',
    'prevent_new_traits',
    'relations',
    'stream',
    'sync_key',
    'unknown_accounts',
    'unknown_key',
    'unknown_people',
    'write_via',
  ]);
});

test.each(nodes)('$path is described in known keywords', ({ schema }) => {
  expect(Object.keys(schema).filter((keyword) => !KEYWORDS.has(keyword))).toEqual([]);
  expect(schema.title).toEqual(expect.stringMatching(/\S/));
  if (schema !== root) expect(schema.description).toEqual(expect.stringMatching(/\.$/));
  expect(schema).not.toHaveProperty('$ref');
});

test.each(properties)(
  '$path has a place, and an example unless its values go without saying',
  ({ path, schema }) => {
    expect(schema.order).toEqual(expect.any(Number));
    if (!('const' in schema) && schema.type !== 'boolean')
      expect(schema.examples, path).toEqual(expect.any(Array));
    if ('enum' in schema) expect(new Set([schema.enum].flat()).size).toBe([schema.enum].flat().length);
    expect(path.split('/').at(-1)).not.toContain('.');
  },
);

test.each(properties.filter(({ schema }) => !('default' in schema)))(
  '$path is optional text, required or plain',
  ({ schema }) => {
    expect(Array.isArray(schema.type)).toBe(false);
  },
);

test.each(objects)('the orders in $path are unique', ({ schema }) => {
  const orders = Object.values(object(schema.properties)).map((part) => object(part).order);
  expect(new Set(orders).size).toBe(orders.length);
});

test.each(choices)('$path is a choice by a discriminator', ({ schema }) => {
  const discriminator = discriminatorOf(schema) ?? '';
  const values = discriminatorValues(schema, discriminator);
  expect(schema.type).toBe('object');
  expect(new Set(values).size).toBe(optionsOf(schema).length);
  for (const option of optionsOf(schema).map(object)) {
    const member = object(object(option.properties)[discriminator]);
    expect(option).toMatchObject({ type: 'object', title: expect.any(String) });
    expect(option.required).toContain(discriminator);
    expect(member).toMatchObject({ type: 'string', const: expect.any(String) });
  }
});

test('secrets are flagged, and nothing else is', () => {
  const flagged = properties.filter(({ schema }) => schema.airbyte_secret === true);
  const named = properties.filter(({ path }) => /token|secret|access_key|headers\/items\/value/.test(path));
  expect(flagged.map(({ path }) => path)).toEqual(named.map(({ path }) => path));
  expect(flagged).toHaveLength(5);
  for (const { schema } of flagged) expect(schema).toMatchObject({ type: 'string' });
});

test('every pattern is described', () => {
  const patterned = nodes.filter(({ schema }) => 'pattern' in schema);
  expect(patterned.length).toBeGreaterThan(0);
  for (const { path, schema } of patterned)
    expect(schema.pattern_descriptor, path).toEqual(expect.any(String));
});

test('every top-level option belongs to a declared group', () => {
  const groups = [root.groups].flat().map((group) => object(group).id);
  for (const part of Object.values(object(root.properties))) expect(groups).toContain(object(part).group);
});
