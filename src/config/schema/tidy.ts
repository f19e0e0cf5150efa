import type { Fault } from '../../errors/config-error.ts';
import { isJsonObject, own } from '../../json/guards.ts';
import type { JsonObject, JsonValue } from '../../json/json.ts';
import { isRawNumber } from '../../json/parse.ts';
import { unknownName } from './faults.ts';
import { type Shape, shapeOf } from './shape.ts';

/** A config as its author meant it, and members of it that the schema doesn't know. */
export interface Tidied {
  readonly document: JsonValue;
  /** Members of entries and options that the schema doesn't know. */
  readonly faults: readonly Fault[];
  /** What is ignored: members of a choice that was not made, and unknown members of the top level. */
  readonly warnings: readonly Fault[];
}

/** A name that editors put at the top of a JSON file, for their own use. */
const EDITORS_NAME = '$schema';

/**
 * A copy of a config without empty members. Forms and other tools write out every option that they know of: an
 * optional member that is null, `{}`, `[]`, blank text, or an object of nothing but such members, is left out. The
 * platform merges a changed config into the old one, so that members of another `oneOf` option stay behind: they are
 * left out with a warning.
 *
 * Only what the schema knows is walked, so the depth of the rest doesn't matter.
 */
export function tidy(config: JsonObject, schema: unknown): Tidied {
  const faults: Fault[] = [];
  const warnings: Fault[] = [];

  const visit = (value: JsonValue, part: unknown, path: string): JsonValue => {
    if (typeof value === 'string') return value.trim() === '' ? '' : value;
    // What a double cannot hold is out of every option's range, whichever way it is rounded.
    if (isRawNumber(value)) return Number(value.rawJSON);
    if (!isJsonObject(part)) return value;
    if (Array.isArray(value)) return value.map((item, index) => visit(item, part.items, `${path}/${index}`));
    return isJsonObject(value) ? visitObject(value, part, path) : value;
  };

  const visitObject = (value: JsonObject, part: JsonObject, path: string): JsonObject => {
    const shape = shapeOf(part, value);
    const entries: [string, JsonValue][] = [];
    for (const [name, member] of Object.entries(value)) {
      const memberSchema = shape.members.get(name);
      if (memberSchema === undefined) sortOut(name, member, shape, path);
      else if (takesAnyValue(memberSchema)) entries.push([name, member]);
      else {
        const kept = visit(member, memberSchema, `${path}/${name}`);
        const isNeeded = shape.required.has(name) && kept !== null;
        if (isNeeded || !saysNothing(kept)) entries.push([name, kept]);
      }
    }
    return Object.fromEntries(entries);
  };

  /** Says what becomes of a member that the schema doesn't know, or not beside the choice that was made. */
  const sortOut = (name: string, member: JsonValue, shape: Shape, path: string): void => {
    if (member === null || (path === '' && name === EDITORS_NAME)) return;
    if (shape.elsewhere.has(name)) {
      const message = `has no meaning beside ${shape.choice} and is ignored; take it out`;
      if (!saysNothing(member)) warnings.push({ path: `${path}/${name}`, message });
      return;
    }
    const fault = unknownName(path, name, shape.known);
    if (path === '') warnings.push({ ...fault, message: `${fault.message} (it is ignored)` });
    else faults.push(fault);
  };

  return { document: visit(config, schema, ''), faults, warnings };
}

/** What a form leaves where nothing was filled in. */
function saysNothing(value: JsonValue): boolean {
  if (typeof value === 'string') return value.trim() === '';
  if (Array.isArray(value)) return value.length === 0;
  return value === null || (isJsonObject(value) && Object.values(value).every(isBlank));
}

function isBlank(value: JsonValue): boolean {
  return value === null || value === '';
}

function takesAnyValue(schema: unknown): boolean {
  return isJsonObject(schema) && own(schema, 'type') === undefined;
}
