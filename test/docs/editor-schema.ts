import { readFileSync } from 'node:fs';
import { ANY_JSON, DISPLAY_KEYWORDS, withoutTypeAt } from '../../src/config/schema/compile.ts';
import type { JsonObject, JsonValue } from '../../src/json/json.ts';

const SPEC = new URL('../../spec.json', import.meta.url);
/** Keywords whose value is data, in which a member that is called as a keyword is none. */
const DATA = ['const', 'enum', 'default', 'examples'];

/**
 * The text of `config.schema.json`: what editors complete and check a config by. It is the specification of `spec.json`
 * without what only forms understand, it allows `$schema`, and it refuses names that nothing knows.
 */
export function editorSchema(): string {
  const { connectionSpecification } = JSON.parse(readFileSync(SPEC, 'utf8'));
  const schema = plain(withoutTypeAt(connectionSpecification, ANY_JSON) as JsonValue) as JsonObject;
  const properties = { $schema: { type: 'string' }, ...(schema.properties as JsonObject) };
  return `${JSON.stringify({ ...schema, properties }, null, 2)}\n`;
}

function plain(schema: JsonValue): JsonValue {
  if (Array.isArray(schema)) return schema.map(plain);
  if (typeof schema !== 'object' || schema === null) return schema;
  const members = Object.entries(schema as JsonObject).flatMap(([keyword, value]): [string, JsonValue][] => {
    if (DISPLAY_KEYWORDS.includes(keyword)) return [];
    if (keyword === 'properties') return [[keyword, byName(value as JsonObject)]];
    return [[keyword, DATA.includes(keyword) ? value : plain(value)]];
  });
  const isClosed = Object.hasOwn(schema, 'properties') && !Object.hasOwn(schema, 'oneOf');
  return { ...Object.fromEntries(members), ...(isClosed ? { additionalProperties: false } : {}) };
}

function byName(properties: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, plain(schema)]));
}
