import { isGivenField } from '../../mapping/merge-writes.ts';
import type { Route, Write } from '../../mapping/route.ts';
import type { VitallyObject } from '../../objects/object.ts';
import { perObject } from '../per-object.ts';
import { requireGroups } from '../rest/body.ts';

/** The required fields that every message needs: all of an event's; of a record, which may exist already, its parents. */
const needsOf = perObject((object: VitallyObject): readonly (readonly string[])[] => {
  const groups = object.requiredToCreate.map((group) => (typeof group === 'string' ? [group] : group));
  if (object.rest === undefined) return groups;
  return groups.filter((group) => group.some((name) => object.fields[name]?.association !== undefined));
});

export function messageNeeds({ object }: Route): readonly (readonly string[])[] {
  return needsOf(object);
}

export function hasMessageNeeds({ object }: Route, { fields }: Write): boolean {
  for (const group of needsOf(object))
    if (!group.some((name) => isGivenField(fields.get(name)))) return false;
  return true;
}

/** Throws `RecordError` for a row that lacks what its message needs. */
export function requireMessageFields(route: Route, write: Write): void {
  if (!hasMessageNeeds(route, write)) requireGroups(route, needsOf(route.object), write.fields);
}
