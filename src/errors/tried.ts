import { RecordError } from './record-error.ts';

/** What work gave, or why it rejects its row. */
export type Tried<T> =
  | { readonly value: T; readonly error: undefined }
  | { readonly value: undefined; readonly error: RecordError };

/**
 * The one door at which a thrown {@link RecordError} becomes a value. Anything else that is thrown goes on, and ends the
 * run: so no other code needs to tell the two apart, and none takes a bug for a row at fault.
 */
export async function tried<T>(work: () => Promise<T>): Promise<Tried<T>> {
  try {
    return { value: await work(), error: undefined };
  } catch (error) {
    return { value: undefined, error: rejectionIn(error) };
  }
}

/** The same for work that waits for nothing. */
export function triedNow<T>(work: () => T): Tried<T> {
  try {
    return { value: work(), error: undefined };
  } catch (error) {
    return { value: undefined, error: rejectionIn(error) };
  }
}

function rejectionIn(error: unknown): RecordError {
  if (error instanceof RecordError) return error;
  throw error;
}
