import { Ajv, type ErrorObject, type SchemaObject } from 'ajv';
import { createFindings } from '../../errors/findings.ts';
import { isJsonObject, own } from '../../json/guards.ts';
import type { JsonObject, JsonValue } from '../../json/json.ts';
import { fieldMappings } from '../field-mappings.ts';
import { type StreamOptions, streamEntry, type WrittenEntry } from '../stream-options.ts';
import type { Config, DataCenterConfig } from './config.ts';
import { discriminatorOf } from './members.ts';
import { type Tidied, tidy } from './tidy.ts';

/** Keywords of Airbyte's connection specification that say how to show a property, not what it may be. */
export const DISPLAY_KEYWORDS = [
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

/**
 * The one place where a config may hold any JSON. A form can't offer that, so that `spec.json` calls it a text; a
 * config file may hold any value there.
 */
export const ANY_JSON = '/properties/streams/items/properties/constants/items/properties/value';

/** `spec.json`, ready to judge configs. */
export interface ConfigSchema {
  /** A copy of the config without empty members and with every default filled in, and what is wrong with it. */
  judge(config: JsonObject): Omit<Tidied, 'document'> & {
    readonly document: Readonly<Record<string, unknown>>;
    readonly errors: readonly ErrorObject[];
  };
  isConfig(value: unknown): value is Config;
  isDataCenter(value: unknown): value is DataCenterConfig;
  isStorage(value: unknown): value is Config['object_storage_config'];
  isEntry(value: unknown): value is WrittenEntry;
  /** What holds for a stream without an entry: the defaults of its options. */
  readonly streamDefaults: StreamOptions;
}

/**
 * @param spec the body of the SPEC message
 * @throws Error when it has no `connectionSpecification`, or one that is no sound schema: a fault of the program
 */
export function compileConfigSchema(spec: unknown): ConfigSchema {
  const known = isJsonObject(spec) ? compiled.get(spec) : undefined;
  if (known !== undefined) return known;
  const schema = compile(spec);
  if (isJsonObject(spec)) compiled.set(spec, schema);
  return schema;
}

/** By the spec that they were made of: compiling one takes longer than judging a config. */
const compiled = new WeakMap<object, ConfigSchema>();

function compile(spec: unknown): ConfigSchema {
  const schema = isJsonObject(spec) ? own(spec, 'connectionSpecification') : undefined;
  const described = withDiscriminators(withoutTypeAt(schema, ANY_JSON));
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
  // Ajv takes no schema that has a default of its own as a root.
  const storage = ajv.compile({
    type: 'object',
    required: ['storage'],
    properties: { storage: partOf(described, 'object_storage_config') },
  });
  const entry = validator('/properties/streams/items');
  const isEntry = (value: unknown): value is WrittenEntry => entry(value) === true;

  return {
    judge(config) {
      const { document, ...findings } = tidy(config, described);
      const valid = whole(document);
      const errors = valid ? [] : (whole.errors ?? []);
      return { document: isJsonObject(document) ? document : {}, errors, ...findings };
    },
    isConfig: (value): value is Config => whole(value) === true,
    isDataCenter: (value): value is DataCenterConfig => dataCenter(value) === true,
    isStorage: (value): value is Config['object_storage_config'] => storage({ storage: value }) === true,
    isEntry,
    streamDefaults: streamDefaults(isEntry),
  };
}

/** The schema of one of the config's members. */
function partOf(schema: JsonValue | undefined, name: string): JsonValue {
  const properties = isJsonObject(schema) ? own(schema, 'properties') : undefined;
  const part = isJsonObject(properties) ? own(properties, name) : undefined;
  if (part === undefined) throw new TypeError(`spec.json has no ${name}`);
  return part;
}

/** The options of an entry that says nothing but which stream goes to which object: the validator fills them in. */
function streamDefaults(isEntry: ConfigSchema['isEntry']): StreamOptions {
  const written: unknown = { stream: '*', object: '*' };
  if (!isEntry(written)) throw new TypeError('spec.json asks more of an entry than stream and object');
  const {
    stream: _,
    object: __,
    path: ___,
    ...options
  } = streamEntry(written, '', fieldMappings(written.fields, '', createFindings([])) ?? []);
  return options;
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

/** A copy of a schema in which the part at a JSON pointer has no type. */
export function withoutTypeAt(schema: JsonValue | undefined, pointer: string): JsonValue | undefined {
  const [, name, ...rest] = pointer.split('/');
  if (!isJsonObject(schema)) return schema;
  if (name === undefined) {
    const { type: _, ...untyped } = schema;
    return untyped;
  }
  const below = withoutTypeAt(own(schema, name), ['', ...rest].join('/'));
  return below === undefined ? schema : { ...schema, [name]: below };
}

function isSchema(value: unknown): value is SchemaObject {
  return isJsonObject(value);
}
