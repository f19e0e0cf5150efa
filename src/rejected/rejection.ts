import type { Redact } from '../config/connection/redact.ts';
import type { RecordError } from '../errors/record-error.ts';

/** What a reader is told about a rejected row in the store and in a plan. */
export interface Rejection {
  readonly code: string;
  /** With what was looked for, or Vitally's own words: it may quote the row. */
  readonly message: string;
  readonly field: string | null;
  readonly http_status: number | null;
  readonly fix: string;
  /** Vitally's answer, where it was Vitally that refused the row. */
  readonly detail?: string;
}

/** Says why a row is rejected as the store and the plan do: those hold the row, so its values may be told. */
export function rejectionOf(error: RecordError, redact: Redact): Rejection {
  const { code, brief, detail, field, httpStatus, fix } = error;
  const message = detail === undefined || detail === '' ? error.message : `${brief}: ${detail}`;
  return {
    code,
    message: redact(message),
    field: field ?? null,
    http_status: httpStatus ?? null,
    fix,
    ...(httpStatus !== undefined && detail !== undefined && { detail: redact(detail) }),
  };
}
