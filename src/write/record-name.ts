import { isNamedByEmail } from '../objects/index.ts';
import type { ObjectName } from '../objects/object.ts';
import { isUuid } from '../vitally/records/paths.ts';

/** What a record may be called by: your own id, Vitally's, a user's e-mail, or the fields that tell it apart where it has no id. */
export type NameSpace = 'externalId' | 'id' | 'email' | 'fields';

/** A record's name as one text. E-mails are compared without case and blanks around them. */
export function recordName(object: ObjectName, space: NameSpace, value: string): string {
  // A joined text is one flat string. A template would make a chain of pieces, three times as large, and many rows may wait.
  return [object, space, space === 'email' ? value.trim().toLowerCase() : value].join(' ');
}

/** Every name of a record that a text in an association may be. */
export function namesOfEither(object: ObjectName, value: string): string[] {
  return [
    recordName(object, 'externalId', value),
    ...(isUuid(value) ? [recordName(object, 'id', value)] : []),
    ...(isNamedByEmail(object) && value.includes('@') ? [recordName(object, 'email', value)] : []),
  ];
}

/** Whether an id that may be yours or Vitally's can only be yours. */
export function isOwnId(object: ObjectName, value: string): boolean {
  return !isUuid(value) && !(isNamedByEmail(object) && value.includes('@'));
}
