/**
 * Why a row was rejected: the closed list of rejection codes. `docs/errors.md` documents each one; a test
 * proves both to be the same set.
 */
export const REJECTION_CODES = [
  'missing_key',
  'bad_key',
  'missing_field',
  'bad_value',
  'unknown_column',
  'ambiguous_column',
  'ambiguous_key',
  'unknown_key',
  'unknown_association',
  'ambiguous_association',
  'already_taken',
  'too_large',
  'refused',
  'unsure',
] as const;

export type RejectionCode = (typeof REJECTION_CODES)[number];

/** A record that a row points at and that is not there; it may come yet. */
export interface MissingParent {
  /** Name of its object. */
  readonly object: string;
  /** The id the row gives, the user's own or Vitally's. */
  readonly id: string;
}

/** A request as a reader names it. Its path may hold the row's key, so it goes to the store alone. */
export interface RequestLine {
  readonly method: string;
  readonly path: string;
  /** The path as it may be shown, where it holds values of the row. */
  readonly shownPath?: string;
  /** Of its answer, where that is not what refused the row. */
  readonly httpStatus?: number | undefined;
}

export interface RecordErrorDetail {
  readonly code: RejectionCode;
  /** What is wrong, without any value of the row: it may be logged. */
  readonly message: string;
  /** The message without Vitally's words, for where these follow in full. The same as `message` where left out. */
  readonly brief?: string;
  /** What the reader should do about it, without any value of the row. */
  readonly fix: string;
  /** The column or destination field at fault. */
  readonly field?: string;
  readonly httpStatus?: number;
  /** The request that was refused, or whose answer was lost. */
  readonly request?: RequestLine;
  /** Vitally's id of the row's record, where it was known when the row was refused. */
  readonly recordId?: string;
  /** Text that may quote the row (an answer of Vitally's): goes to the rejected-records store alone. */
  readonly detail?: string;
  /** What the row waits for, where it could be written once that is there. */
  readonly missing?: MissingParent;
}

/** The row must be mended: it is rejected, and the run goes on. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
  readonly code: RejectionCode;
  readonly brief: string;
  readonly fix: string;
  readonly field: string | undefined;
  readonly httpStatus: number | undefined;
  readonly request: RequestLine | undefined;
  readonly recordId: string | undefined;
  readonly detail: string | undefined;
  readonly missing: MissingParent | undefined;
  readonly #given: RecordErrorDetail;

  constructor(detail: RecordErrorDetail) {
    super(detail.message);
    this.#given = detail;
    this.code = detail.code;
    this.brief = detail.brief ?? detail.message;
    this.fix = detail.fix;
    this.field = detail.field;
    this.httpStatus = detail.httpStatus;
    this.request = detail.request;
    this.recordId = detail.recordId;
    this.detail = detail.detail;
    this.missing = detail.missing;
  }

  /** The same rejection, told otherwise in part: what is not given stays as it was. */
  but(detail: Partial<RecordErrorDetail>): RecordError {
    return new RecordError({ ...this.#given, ...detail });
  }
}
