import { RecordError } from '../../../errors/record-error.ts';
import { tried } from '../../../errors/tried.ts';
import { isArchived, type KnownRecord } from '../../../vitally/records/known-record.ts';
import { collectionNamed } from '../../collection-named.ts';
import type { WriteContext } from '../../rest/context.ts';

/** Throws {@link RecordError} for a meeting that was seen to be archived. */
export function rejectArchived(meeting: KnownRecord): void {
  if (isArchived(meeting.fields)) throw archived(meeting);
}

/**
 * Writes to a meeting. Where Vitally refuses, a look tells whether the meeting was archived since it was seen: then that
 * is the reason, whatever Vitally's words are.
 */
export async function unlessArchived<T>(
  { recordCache }: WriteContext,
  meeting: KnownRecord,
  work: () => Promise<T>,
): Promise<T> {
  const { value, error } = await tried(work);
  if (error === undefined) return value;
  if (!isRefusal(error)) throw error;
  // Where Vitally refuses the look as well, its first refusal says more.
  const look = await tried(() => recordCache.ask(collectionNamed('meeting'), 'id', meeting.id));
  const finding = look.value;
  throw finding?.kind === 'found' && isArchived(finding.record.fields) ? archived(meeting, error) : error;
}

/** Vitally itself refused: a fault of the row that is found here has no status. */
function isRefusal({ code, httpStatus }: RecordError): boolean {
  return code === 'refused' && httpStatus !== undefined;
}

function archived({ id }: KnownRecord, said?: RecordError): RecordError {
  const message = 'the meeting is archived in Vitally, and an archived meeting takes no changes';
  const reason = { message, brief: message, fix: 'Leave the row out, or give the meeting another key.' };
  return said === undefined
    ? new RecordError({ code: 'refused', recordId: id, ...reason })
    : said.but({ recordId: id, ...reason });
}
