import { keySource } from '../../mapping/key-source.ts';
import { namesGiven } from '../../mapping/names-given.ts';
import type { Route, Write } from '../../mapping/route.ts';
import type { ObjectName } from '../../objects/object.ts';
import { type NameSpace, recordName } from '../../write/record-name.ts';

/** The record that another is part of, and the field of that other which points at it. */
export interface Owner {
  readonly object: ObjectName;
  readonly field: string;
}

/** How a row says which record it is written to. */
export type RowSubject =
  /** A record of this object by this key; `either` is your own id, Vitally's, or a user's e-mail. */
  | {
      readonly kind: 'record';
      readonly object: ObjectName;
      readonly by: 'externalId' | 'id' | 'email' | 'either';
      readonly value: string;
      /** Further names of it that the row gives. */
      readonly given: readonly string[];
    }
  /** A record by the fields that tell it apart. */
  | { readonly kind: 'fields' }
  /** The owner of a record that the row names by itself alone: a message's conversation. */
  | {
      readonly kind: 'part';
      readonly by: 'externalId' | 'id';
      readonly value: string;
      readonly owner: Owner;
    };

/** Which record a row's lane belongs to: its own, or that of the record it is part of. */
export function subjectOf(route: Route, write: Write): RowSubject {
  const { object, matchOn } = route;
  const key = write.key ?? '';
  if (object.lane === undefined) {
    if (keySource(route) === 'fields') return { kind: 'fields' };
    const given = Object.entries(namesGiven(route, write)).map(([space, value]) =>
      recordName(object.name, space as NameSpace, String(value)),
    );
    return { kind: 'record', object: object.name, by: matchOn, value: key, given };
  }
  const { field, object: owner } = object.lane;
  // The key of what has no id of its own is its owner's, given as an association is.
  if (field === undefined) {
    return { kind: 'record', object: owner, by: matchOn === 'id' ? 'id' : 'either', value: key, given: [] };
  }
  const value = write.fields.get(field);
  const own = object.keys.length > 0 ? [recordName(object.name, matchOn, key)] : [];
  if (typeof value === 'string') {
    return { kind: 'record', object: owner, by: 'either', value, given: own };
  }
  return {
    kind: 'part',
    by: matchOn === 'id' ? 'id' : 'externalId',
    value: key,
    owner: { object: owner, field },
  };
}
