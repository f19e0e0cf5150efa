/** Time may mend it: Vitally could not be reached, or kept failing, beyond the bounded retries. Ends a run as `transient_error`. */
export class TransientError extends Error {
  override readonly name = 'TransientError';
}
