import type { ErrorContext } from './error-context.ts';

/** The input broke the Airbyte protocol in a way that makes counts untrue. Ends a run as `system_error`. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly technical: string | undefined;
  readonly stream: ErrorContext['stream'];

  constructor(message: string, options: ErrorContext = {}) {
    super(message);
    this.technical = options.technical;
    this.stream = options.stream;
  }
}
