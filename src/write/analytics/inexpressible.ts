import { quotedList } from '../../errors/quoted.ts';
import { RecordError } from '../../errors/record-error.ts';
import type { Route, Write } from '../../mapping/route.ts';
import type { VitallyObject } from '../../objects/object.ts';
import { perObject } from '../per-object.ts';

/** What a row says that no message of the Analytics API can. */
export interface Inexpressible {
  /** Fields that the API lacks, save for nulls: what the API can't fill doesn't need to be emptied. */
  readonly fields: readonly string[];
  /**
   * Traits that would be read as a field: the API takes a record's own fields among its traits, so that a trait `name`
   * is the name itself (vitally-api.md, "Analytics messages"). A null would empty the field.
   */
  readonly traits: readonly string[];
}

export function inexpressible({ object }: Route, write: Write): Inexpressible {
  const taken = takenTraits(object);
  return {
    fields: [...write.fields]
      .filter(([name, value]) => value !== null && !isCarried(object, name))
      .map(([name]) => name),
    traits: [...write.traits.keys()].filter((name) => taken.has(name)),
  };
}

export function isExpressible({ object }: Route, write: Write): boolean {
  const taken = takenTraits(object);
  for (const [name, value] of write.fields) if (value !== null && !isCarried(object, name)) return false;
  for (const name of write.traits.keys()) if (taken.has(name)) return false;
  return true;
}

const takenTraits = perObject(
  ({ fields }) => new Set(Object.values(fields).map((field) => field.analyticsTrait)),
);

function isCarried({ fields }: VitallyObject, name: string): boolean {
  const field = fields[name];
  return field?.analyticsField !== undefined || field?.analyticsTrait !== undefined;
}

/** Without a REST token a row is written whole or not at all. Throws {@link RecordError}. */
export function requireExpressible(route: Route, write: Write): void {
  if (isExpressible(route, write)) return;
  const { fields, traits } = inexpressible(route, write);
  const [field] = fields;
  if (field !== undefined) {
    throw new RecordError({
      code: 'unknown_column',
      field,
      message: `only the REST API takes ${quotedList(fields)} of ${route.object.plural}, and there is no token for it`,
      fix: 'Add a rest_api_token to have such rows written through REST, or leave the column out.',
    });
  }
  const [trait] = traits;
  if (trait === undefined) return;
  throw new RecordError({
    code: 'ambiguous_column',
    field: `traits.${trait}`,
    message: `over the Analytics API the trait ${quotedList(traits)} would be the ${route.object.name}'s own field`,
    fix: 'Add a rest_api_token to have such rows written through REST, or give the trait another name in "fields".',
  });
}
