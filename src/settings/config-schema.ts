import { Ajv, type ErrorObject, type SchemaObject } from 'ajv';
import { isJsonObject, own } from '../json/guards.ts';
import type { Config, DataCenterConfig, StreamConfig } from './config.ts';
import { discriminatorOf } from './schema-members.ts';
import { withoutNulls } from './without-nulls.ts';

/** Keywords of Airbyte's connection specification that say how to show a property, not what it may be. */
const DISPLAY_KEYWORDS = [
  'order',
  'group',
  'groups',
  'airbyte_secret',
  'airbyte_hidden',
  'always_show',
  'display_type',
  'multiline',
  'pattern_descriptor',
];

/** `spec.json`, ready to judge configs. */
export interface ConfigSchema {
  /** A copy of the config without its explicit nulls and with every default filled in, and what is wrong with it. */
  judge(config: object): {
    readonly document: Readonly<Record<string, unknown>>;
    readonly errors: readonly ErrorObject[];
  };
  isConfig(value: unknown): value is Config;
  isDataCenter(value: unknown): value is DataCenterConfig;
  isStream(value: unknown): value is StreamConfig;
}

/**
 * @param spec the body of the SPEC message
 * @throws Error when it has no `connectionSpecification`, or one that is no sound schema: a fault of the program
 */
export function compileConfigSchema(spec: unknown): ConfigSchema {
  const schema = isJsonObject(spec) ? own(spec, 'connectionSpecification') : undefined;
  const described = withDiscriminators(schema);
  if (!isSchema(described)) throw new TypeError('spec.json has no connectionSpecification');
  const ajv = new Ajv({
    strict: true,
    allErrors: true,
    verbose: true,
    useDefaults: true,
    discriminator: true,
  });
  ajv.addVocabulary(DISPLAY_KEYWORDS);
  ajv.addSchema(described, 'config');

  const validator = (pointer: string) => {
    const validate = ajv.getSchema(`config#${pointer}`);
    if (validate === undefined) throw new TypeError(`spec.json has no ${pointer}`);
    return validate;
  };
  const whole = validator('');
  const dataCenter = validator('/properties/data_center');
  const stream = validator('/properties/streams/items');

  return {
    judge(config) {
      const document = withoutNulls(config, schema);
      const valid = whole(document);
      return { document: isJsonObject(document) ? document : {}, errors: valid ? [] : (whole.errors ?? []) };
    },
    isConfig: (value): value is Config => whole(value) === true,
    isDataCenter: (value): value is DataCenterConfig => dataCenter(value) === true,
    isStream: (value): value is StreamConfig => stream(value) === true,
  };
}

/**
 * Names the discriminator of every `oneOf`, so that only the option it selects is held against the config. The
 * keyword is OpenAPI's, not JSON Schema's, and therefore not in `spec.json` itself.
 */
function withDiscriminators(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withDiscriminators);
  if (!isJsonObject(schema)) return schema;
  const copy = Object.fromEntries(
    Object.entries(schema).map(([name, part]) => [name, withDiscriminators(part)]),
  );
  const propertyName = discriminatorOf(schema);
  return propertyName === undefined ? copy : { ...copy, discriminator: { propertyName } };
}

function isSchema(value: unknown): value is SchemaObject {
  return isJsonObject(value);
}
