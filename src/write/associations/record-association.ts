import type { Association, ObjectName } from '../../objects/object.ts';
import { NAMED } from './named-settings.ts';

/** What a field may point at that is a record of an object, rather than a team member or a setting. */
export type RecordAssociation = Extract<Association, ObjectName>;

export function isRecordAssociation(association: Association | undefined): association is RecordAssociation {
  return (
    association !== undefined &&
    !(association in NAMED) &&
    association !== 'admin' &&
    association !== 'projectStatus'
  );
}
