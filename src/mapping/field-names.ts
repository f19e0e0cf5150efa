import type { MatchOn } from '../config/stream-options.ts';
import { folded } from '../objects/index.ts';
import type { Field, VitallyObject } from '../objects/object.ts';
import { otherNames } from '../objects/other-names.ts';

/** Where a value goes. */
export type Destination =
  /** The key that the row is matched on. */
  | { readonly kind: 'key' }
  /** All members of an object, each its own trait (for an event: property). */
  | { readonly kind: 'spread' }
  | FieldMatch
  | { readonly kind: 'trait'; readonly name: string };

/** A name that means a field of the object. */
export interface FieldMatch {
  readonly kind: 'field';
  /** The field's own name. */
  readonly name: string;
  readonly field: Field;
  /** The alias by which it was named, where it was not by its own name. */
  readonly alias: string | undefined;
  /** How well the name fits, smaller is better: exact name, exact alias, folded name, folded alias, {@link OTHER_NAME}. */
  readonly rank: 0 | 1 | 2 | 3 | typeof OTHER_NAME;
}

/** The rank of a name that gives way: it means the field only where no other column does. */
export const OTHER_NAME = 4;

/** The names that one object knows, on one route. */
export interface FieldNames {
  /** What the config's `destination` means. Contract 2, `fields[]`. */
  named(name: string): Destination;
  /** The field that a column means by its name alone. Contract 3, "Columns". */
  field(name: string): FieldMatch | undefined;
  /** The trait (or property) of this very name, or the field that Vitally keeps there, such as `mrr`. */
  trait(name: string): Destination;
  /** The rest of a name that begins with `traits.` (for events also `properties.`). */
  traitPath(name: string): string | undefined;
  /** The column holds an object of traits (for events also: of properties). */
  isSpread(name: string): boolean;
  /** The name is that of the key which the route matches on. */
  isKey(name: string): boolean;
}

/** With another match than `externalId`, the row may bring the external id to create the record with. */
const EXTERNAL_ID: Field = {
  type: 'id',
  title: 'External id',
  description: 'Your own id, given to records that are created.',
  neverNull: true,
};

/** Columns that hold a whole object of what has no field. */
const SPREADS = {
  traits: ['traits'],
  properties: ['traits', 'properties'],
  // Columns keep their names: one called traits is a member of the body like any other.
  body: [],
  nowhere: [],
} as const satisfies Record<VitallyObject['others'], readonly string[]>;

export function createFieldNames(object: VitallyObject, matchOn: MatchOn): FieldNames {
  const names = indexFields(object, matchOn);
  const spreads: readonly string[] = SPREADS[object.others];
  const prefixes = spreads.map((name) => `${name}.`);
  const keys = new Set(keyColumnNames(object, matchOn).map(folded));

  const field = (name: string): FieldMatch | undefined =>
    names.exact.get(name) ?? names.folded.get(folded(name));

  const trait = (name: string): Destination => {
    const match = names.exact.get(name);
    return match?.field.in === 'traits' && match.rank === 0 ? match : { kind: 'trait', name };
  };

  const traitPath = (name: string): string | undefined => {
    const prefix = prefixes.find((candidate) => name.startsWith(candidate));
    return prefix === undefined ? undefined : name.slice(prefix.length);
  };

  const isSpread = (name: string): boolean => spreads.includes(folded(name));
  const isKey = (name: string): boolean => keys.has(folded(name));

  const named = (name: string): Destination => {
    const path = traitPath(name);
    if (path !== undefined) return trait(path);
    if (isKey(name)) return { kind: 'key' };
    return field(name) ?? (isSpread(name) ? { kind: 'spread' } : { kind: 'trait', name });
  };

  return { named, field, trait, traitPath, isSpread, isKey };
}

/** Names that mean the key: `externalId`, for a meeting's transcript `meetingId` too. None where fields make the key. */
export function keyColumnNames(object: VitallyObject, matchOn: MatchOn): readonly string[] {
  if (!object.keys.includes(matchOn)) return [];
  return object.keyOf === undefined ? [matchOn] : [matchOn, `${object.keyOf}Id`, object.keyOf];
}

/** One text for one place: two sources with the same slot would overwrite each other. */
export function slotOf(destination: Destination): string {
  switch (destination.kind) {
    case 'key':
    case 'spread':
      return destination.kind;
    case 'field':
      return destination.field.in === 'traits' ? `trait ${destination.name}` : `field ${destination.name}`;
    case 'trait':
      return `trait ${destination.name}`;
  }
}

/** Records of the object are created under an external id of their own. */
export function hasExternalId(object: VitallyObject): boolean {
  return object.keys.includes('externalId') && object.keyOf === undefined;
}

interface FieldIndex {
  readonly exact: ReadonlyMap<string, FieldMatch>;
  readonly folded: ReadonlyMap<string, FieldMatch>;
}

function indexFields(object: VitallyObject, matchOn: MatchOn): FieldIndex {
  const entries: [string, Field][] = Object.entries(object.fields);
  if (matchOn !== 'externalId' && hasExternalId(object)) entries.push(['externalId', EXTERNAL_ID]);
  const exact = new Map<string, FieldMatch>();
  const byFolded = new Map<string, FieldMatch>();
  for (const [name, field] of entries) {
    exact.set(name, { kind: 'field', name, field, alias: undefined, rank: 0 });
    byFolded.set(folded(name), { kind: 'field', name, field, alias: undefined, rank: 2 });
  }
  for (const [name, field] of entries) {
    for (const alias of field.aliases ?? []) {
      if (!exact.has(alias)) exact.set(alias, { kind: 'field', name, field, alias, rank: 1 });
      const key = folded(alias);
      if (!byFolded.has(key)) byFolded.set(key, { kind: 'field', name, field, alias, rank: 3 });
    }
  }
  for (const [name, field] of entries) {
    for (const alias of otherNames(name, field)) {
      const key = folded(alias);
      if (!byFolded.has(key)) byFolded.set(key, { kind: 'field', name, field, alias, rank: OTHER_NAME });
    }
  }
  return { exact, folded: byFolded };
}
