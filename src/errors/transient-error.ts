import type { ErrorContext } from './error-context.ts';

/** Time may mend it: Vitally could not be reached, or kept failing, beyond the bounded retries. Ends a run as `transient_error`. */
export class TransientError extends Error {
  override readonly name = 'TransientError';
  readonly technical: string | undefined;
  readonly stream: ErrorContext['stream'];

  constructor(message: string, options: ErrorContext & { readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.technical = options.technical;
    this.stream = options.stream;
  }
}
