import { RecordError } from '../../errors/record-error.ts';
import type { Route } from '../../mapping/route.ts';
import { MAX_WAITING_CHARACTERS } from './parent-waitlist.ts';
import { MAX_SPILL_BYTES } from './spill-file.ts';

const MIB = 1024 * 1024;

const ROOM =
  `${MAX_WAITING_CHARACTERS / MIB} MiB of memory, and a temporary file of ${MAX_SPILL_BYTES / MIB} MiB or half of what ` +
  'its disk has free';

/** The rejection of a row whose parent may still come, and for which there is no room to wait in. */
export function withoutRoom(error: RecordError): RecordError {
  const parent = error.missing?.object ?? 'parent';
  return new RecordError({
    code: error.code,
    message:
      `${error.message}. It may still come in this run, but the rows that wait for their parents fill the room ` +
      `for them: ${ROOM}`,
    fix: `Put the stream of each ${parent} before this one, or give the temporary directory (TMPDIR) more space, and send the row again.`,
    ...(error.field !== undefined && { field: error.field }),
    ...(error.detail !== undefined && { detail: error.detail }),
  });
}

/** The rejection of a row whose record has an earlier row that waits, and for which there is no room behind it. */
export function withoutRoomBehind({ object }: Route): RecordError {
  return new RecordError({
    code: 'unknown_association',
    message:
      `an earlier row of this ${object.name} waits for its parent, this one must not overtake it, and the rows that ` +
      `wait fill the room for them: ${ROOM}`,
    fix: 'Put the streams of the parents before this one, or give the temporary directory (TMPDIR) more space, and send the row again.',
  });
}
