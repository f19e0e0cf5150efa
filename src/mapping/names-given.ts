import type { Route, Write } from './route.ts';

/** The names of its record that a row gives. */
export interface NamesGiven {
  readonly id?: string;
  readonly externalId?: string;
  readonly email?: string;
}

/** Every name that a row gives its record: its key, and beside it an external id and a user's e-mail. */
export function namesGiven({ matchOn, object }: Route, { key, fields }: Write): NamesGiven {
  const externalId = fields.get('externalId');
  const email = object.keys.includes('email') ? fields.get('email') : undefined;
  return {
    ...(typeof externalId === 'string' && externalId !== '' && { externalId }),
    ...(typeof email === 'string' && email !== '' && { email }),
    ...(key !== undefined && { [matchOn]: key }),
  };
}
