import type { Association, Field } from './object.ts';

/** What a column may call the records that a field points at. */
const PLACES: Readonly<Partial<Record<Association, readonly string[]>>> = {
  account: ['account'],
  organization: ['organization', 'organisation', 'organisationId'],
};

/** The same where the field takes several. */
const SEVERAL: Readonly<Partial<Record<Association, readonly string[]>>> = {
  account: ['account', 'accounts'],
  organization: ['organization', 'organizations', 'organisation', 'organisations', 'organisationId'],
};

const EMAIL = 'Email';

/**
 * Every further name that finds a field, behind its own and its aliases: a column of such a name goes to the field only
 * where no better one does, and else stays what it is. They follow from what the field points at (`<role>_email` for
 * people who can be given by e-mail), and from the pages of other tools, which the objects declare.
 */
export function otherNames(name: string, field: Field): readonly string[] {
  const { association, type, aliases = [], otherNames: declared = [] } = field;
  const places = association === undefined ? [] : ((type === 'ids' ? SEVERAL : PLACES)[association] ?? []);
  const byEmail = association === 'admin' || association === 'user';
  const emails = byEmail ? rolesOf(name, aliases).map((role) => `${role}${EMAIL}`) : [];
  const all = new Set([...places, ...emails, ...declared]);
  return [...all].filter((other) => other !== name && !aliases.includes(other));
}

/** What the person is to the record, by the field's name and its aliases: `assignedTo` and `assignee` of a task. */
function rolesOf(name: string, aliases: readonly string[]): readonly string[] {
  const stem = name.replace(/(?:VitallyUser)?Id$/, '');
  return [stem, ...aliases.filter((alias) => !alias.endsWith(EMAIL) && alias !== stem)];
}
