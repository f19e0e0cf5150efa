import { own } from '../../json/guards.ts';
import type { KnownRecord } from './known-record.ts';

/** What a record may be called by: your own id, Vitally's, and a user's e-mail. */
export interface RecordNames {
  readonly id?: string | undefined;
  readonly externalId?: string | undefined;
  readonly email?: string | undefined;
}

/** How a record is looked up: by your own id, by Vitally's, by either, or by e-mail. */
export type LookupBy = 'externalId' | 'id' | 'either' | 'email';

/** Records of one kind share a path; names of different kinds never meet. */
interface Place {
  readonly path: string;
}

/** A name as one text. E-mails are compared without case and blanks around them. */
export function nameKey({ path }: Place, space: LookupBy, value: string): string {
  // Joined, it is one flat string: a template's is a chain of pieces, and very many are remembered.
  return [path, space, space === 'email' ? value.trim().toLowerCase() : value].join(' ');
}

/** Every name that is given, each as one text. */
export function nameKeys(place: Place, { id, externalId, email }: RecordNames): string[] {
  return [
    ...(id === undefined ? [] : [nameKey(place, 'id', id)]),
    ...(externalId === undefined ? [] : [nameKey(place, 'externalId', externalId)]),
    ...(email === undefined ? [] : [nameKey(place, 'email', email)]),
  ];
}

/** The names that a question by this key may lead to. */
export function askedNames(place: Place, by: LookupBy, value: string): string[] {
  return nameKeys(place, by === 'either' ? { id: value, externalId: value } : { [by]: value });
}

/** The names that a record shows. */
export function namesOf({ id, externalId, fields }: KnownRecord): RecordNames {
  const email = fields && own(fields, 'email');
  return { id, externalId, email: typeof email === 'string' ? email : undefined };
}
