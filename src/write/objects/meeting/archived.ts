import { RecordError } from '../../../errors/record-error.ts';
import { own } from '../../../json/guards.ts';
import type { KnownRecord } from '../../../vitally/records/known-record.ts';

/** Throws {@link RecordError} for a meeting that was seen to be archived. */
export function rejectArchived({ fields }: KnownRecord): void {
  if (fields !== undefined && typeof own(fields, 'archivedAt') === 'string') throw archived(undefined);
}

/** A refusal in words of its own where Vitally refused because the meeting is archived. */
export function explained(error: unknown): unknown {
  const saysSo = error instanceof RecordError && /\barchived\b/i.test(error.detail ?? '');
  return saysSo ? archived(error) : error;
}

function archived(said: RecordError | undefined): RecordError {
  return new RecordError({
    code: 'refused',
    message: 'the meeting is archived in Vitally, and an archived meeting takes no changes',
    fix: 'Leave the row out, or give the meeting another key.',
    ...(said?.httpStatus !== undefined && { httpStatus: said.httpStatus }),
    ...(said?.detail !== undefined && { detail: said.detail }),
  });
}
