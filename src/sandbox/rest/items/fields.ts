import { Refusal } from '../../answer.ts';
import type { Context } from '../../context.ts';
import { optionalDate, optionalText, optionalTexts } from '../../fields.ts';
import { field, type JsonObject, type JsonValue } from '../../json.ts';
import type { Stored } from '../../store/records.ts';
import type { Table } from '../../store/table.ts';
import type { World } from '../../store/world.ts';

/**
 * Reads one field of a body: `undefined` where it is left out, `null` where it is to be emptied.
 *
 * @throws Refusal (400) that names the field
 */
export type FieldReader = (context: Context, body: JsonObject, name: string) => JsonValue | undefined;

export const text: FieldReader = (_context, body, name) => optionalText(body, name);

export const date: FieldReader = (_context, body, name) => optionalDate(body, name);

export const texts: FieldReader = (_context, body, name) => {
  const given = field(body, name) === null ? [] : optionalTexts(body, name);
  return given === undefined ? undefined : [...given];
};

/** One of a closed set of words. */
export function oneOf(words: readonly string[]): FieldReader {
  return (_context, body, name) => {
    const given = optionalText(body, name);
    if (typeof given === 'string' && !words.includes(given))
      throw new Refusal(400, `${name} must be one of ${words.join(', ')}`);
    return given;
  };
}

/** Vitally's id of a record, never the caller's own id. */
export function reference(tableOf: (world: World) => Pick<Table<Stored>, 'byId'>, what: string): FieldReader {
  return ({ world, switches }, body, name) => {
    const given = optionalText(body, name);
    if (typeof given !== 'string' || tableOf(world).byId(given) !== undefined) return given;
    if (switches.has('unknown-parent-accepted')) return undefined;
    throw new Refusal(400, `${name} is not the id of ${what}`);
  };
}

export const accountReference = reference((world) => world.accounts, 'an account');

export const organizationReference = reference((world) => world.organizations, 'an organization');

/** A team member. */
export const adminReference = reference((world) => world.items('admins'), 'an admin');
