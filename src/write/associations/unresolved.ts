import { RecordError } from '../../errors/record-error.ts';
import type { NamedFinding } from '../../vitally/records/named-lists.ts';

export const TEAM_MEMBER = 'team member';

const OR_LEFT_OUT = '; or set "unknown_people" to "leave_out" to have rows written without it';

/** The id that a name or e-mail leads to. Throws {@link RecordError} where it leads to none, or to several. */
export function one(finding: NamedFinding, field: string, title: string, given: string, how: string): string {
  if (finding.kind === 'found') return finding.id;
  if (finding.kind === 'several') throw several(field, title, finding.ids, 'of this name');
  throw new RecordError({
    code: 'unknown_association',
    field,
    message: `${field} names ${a(title)} that Vitally does not have, ${how}`,
    fix: `Correct it, or make the ${title} in Vitally first${title === TEAM_MEMBER ? OR_LEFT_OUT : ''}.`,
    detail: `looked for ${title} ${JSON.stringify(given)}`,
  });
}

/** Whether a row was rejected since it names what Vitally does not have. */
export function isUnknown({ code }: RecordError): boolean {
  return code === 'unknown_association';
}

/** Its own row succeeded: to call it unknown would send the reader after a fault that isn't there. */
export function notShown(field: string, association: string): RecordError {
  return new RecordError({
    code: 'unsure',
    field,
    message: `${field} names ${a(association)} that the Analytics API took in, and after five minutes REST does not show it`,
    fix: `Send the row again later. Should the ${association} not be in Vitally then, send that again too.`,
  });
}

export function several(field: string, title: string, ids: readonly string[], which: string): RecordError {
  return new RecordError({
    code: 'ambiguous_association',
    field,
    message: `${field} leads to ${ids.length} ${title}s ${which}: ${ids.join(', ')}`,
    fix: "Give Vitally's id of the one that is meant, or rename or merge the others in Vitally.",
  });
}

export function a(title: string): string {
  return /^[aeiou]/.test(title) && !title.startsWith('user') ? `an ${title}` : `a ${title}`;
}
