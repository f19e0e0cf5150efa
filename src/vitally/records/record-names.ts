import { own } from '../../json/guards.ts';
import type { Collection } from './collection.ts';
import type { KnownRecord } from './known-record.ts';

/** The names of a record: your own id, Vitally's id, and a user's e-mail. */
export interface RecordNames {
  readonly id?: string | undefined;
  readonly externalId?: string | undefined;
  readonly email?: string | undefined;
}

/** How a record is looked up: by your own id, by Vitally's, by either, or by e-mail. */
export type LookupBy = 'externalId' | 'id' | 'either' | 'email';

/**
 * A name as one text, which differs between collections and between kinds of names. E-mails are compared without case
 * and blanks around them.
 */
export function nameKey({ path }: Collection, space: LookupBy, value: string): string {
  // Very many names are remembered: `join` makes one flat string, where a template makes a chain of pieces.
  return [path, space, space === 'email' ? value.trim().toLowerCase() : value].join(' ');
}

/** Every name that is given, each as one text. */
export function nameKeys(collection: Collection, { id, externalId, email }: RecordNames): string[] {
  return [
    ...(id === undefined ? [] : [nameKey(collection, 'id', id)]),
    ...(externalId === undefined ? [] : [nameKey(collection, 'externalId', externalId)]),
    ...(email === undefined ? [] : [nameKey(collection, 'email', email)]),
  ];
}

/** The names that a question by this key asks for. */
export function askedNames(collection: Collection, by: LookupBy, value: string): string[] {
  return nameKeys(collection, by === 'either' ? { id: value, externalId: value } : { [by]: value });
}

/** The names that a record shows. */
export function namesOf({ id, externalId, fields }: KnownRecord): RecordNames {
  const email = fields && own(fields, 'email');
  return { id, externalId, email: typeof email === 'string' ? email : undefined };
}

/** The names of records among which a key is sought, in this order. */
export function spaces(by: LookupBy): readonly ('externalId' | 'id')[] {
  // Two users may have the same e-mail, so a known record never answers a look-up by e-mail.
  return by === 'either' ? ['externalId', 'id'] : by === 'email' ? [] : [by];
}
