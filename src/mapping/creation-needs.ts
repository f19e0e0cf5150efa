import type { VitallyObject } from '../objects/object.ts';
import { hasExternalId } from './field-names.ts';
import type { Route } from './route.ts';

/** The fields one of which a record needs. */
export function namesOf(group: string | readonly string[]): readonly string[] {
  return typeof group === 'string' ? [group] : group;
}

/**
 * What creating a record of a route takes: of each group one field. Beside what the object needs that is an external id,
 * where rows are matched on something else.
 */
export function creationNeeds({
  object,
  matchOn,
}: Pick<Route, 'object' | 'matchOn'>): readonly (readonly string[])[] {
  const groups = object.requiredToCreate.map(namesOf);
  return needsExternalId(object, matchOn) ? [...groups, ['externalId']] : groups;
}

function needsExternalId(object: VitallyObject, matchOn: Route['matchOn']): boolean {
  return matchOn !== 'externalId' && hasExternalId(object);
}

/** For a message: `name, subject, and accountId or organizationId`. */
export function listOfNeeds(groups: readonly (readonly string[])[]): string {
  const needs = groups.map((names) => names.join(' or '));
  const last = needs.pop() ?? '';
  return needs.length === 0 ? last : `${needs.join(', ')}, and ${last}`;
}
