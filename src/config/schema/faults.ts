import type { ErrorObject } from 'ajv';
import type { Fault } from '../../errors/config-error.ts';
import { isJsonObject, own } from '../../json/guards.ts';
import type { JsonValue } from '../../json/json.ts';
import { discriminatorValues, memberSchemas } from './members.ts';
import { nearestName } from './nearest-name.ts';

const TYPE_NAMES: ReadonlyMap<unknown, string> = new Map([
  ['object', 'a JSON object'],
  ['array', 'a list'],
  ['string', 'text'],
  ['boolean', 'true or false'],
  ['integer', 'a whole number'],
  ['number', 'a number'],
]);

/** A misspelt option is shown by its name; anything that looks less like one may be a secret in the wrong place. */
const OPTION_NAME = /^[A-Za-z][A-Za-z_]{0,39}$/;

/** One of ajv's errors (made with `verbose: true`) in words that say what to write instead. */
export function faultOf(error: ErrorObject): Fault {
  const path = error.instancePath;
  const schema = error.parentSchema;
  const parameter = (name: string): string => String(error.params[name]);
  switch (error.keyword) {
    case 'required':
      return missing(path, parameter('missingProperty'), schema);
    case 'discriminator': {
      const name = parameter('tag');
      return { path: `${path}/${name}`, message: oneOf(discriminatorValues(schema, name)) };
    }
    case 'enum':
      return { path, message: oneOf(listOf(schema, 'enum')) };
    case 'type':
      return { path, message: `must be ${TYPE_NAMES.get(member(schema, 'type'))}${example(schema)}` };
    case 'pattern':
      return { path, message: `must look like this: ${String(member(schema, 'pattern_descriptor'))}` };
    case 'minimum':
    case 'maximum':
      return { path, message: `must be ${range(schema)}` };
    case 'minLength':
      return { path, message: `must not be empty; leave it out or fill it in${example(schema)}` };
    case 'uniqueItems':
      return { path, message: 'must not name anything twice' };
    default:
      return { path, message: `does not fit (${error.keyword})${example(schema)}` };
  }
}

function missing(path: string, name: string, parent: unknown): Fault {
  const schema = memberSchemas(parent).get(name);
  const description = String(member(schema, 'description') ?? '');
  return { path: `${path}/${name}`, message: `is missing${example(schema)}. ${description}`.trim() };
}

/** A name that the schema doesn't know, and the known one that was probably meant. */
export function unknownName(path: string, name: string, known: readonly string[]): Fault {
  const nearest = nearestName(name, known);
  const suggestion = nearest === undefined ? `known are ${quoted(known)}` : `did you mean "${nearest}"?`;
  if (nearest === undefined && !OPTION_NAME.test(name)) {
    return { path, message: `holds a name that is not known here; ${suggestion}` };
  }
  const pointer = `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return { path: pointer, message: `is not known here; ${suggestion}` };
}

/** One object has two members of this name, and which of the two was meant is not known. */
export function repeatedFault(pointer: string): Fault {
  const names = pointer.split('/').slice(1);
  const shown = names.every((name) => OPTION_NAME.test(name) || /^\d+$/.test(name));
  if (shown) return { path: pointer, message: 'is there twice; keep one of them' };
  return { path: '', message: 'the config has an object with one name twice; keep one of them' };
}

function oneOf(values: readonly unknown[]): string {
  return `must be one of ${quoted(values)}`;
}

function range(schema: unknown): string {
  const [minimum, maximum] = [member(schema, 'minimum'), member(schema, 'maximum')];
  return maximum === undefined ? `${minimum} or more` : `from ${minimum} to ${maximum}`;
}

function example(schema: unknown): string {
  const [first] = listOf(schema, 'examples');
  return first === undefined ? '' : `, for example ${JSON.stringify(first)}`;
}

function quoted(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(', ');
}

function listOf(schema: unknown, keyword: string): readonly JsonValue[] {
  const list = member(schema, keyword);
  return Array.isArray(list) ? list : [];
}

function member(schema: unknown, keyword: string): JsonValue | undefined {
  return isJsonObject(schema) ? own(schema, keyword) : undefined;
}
