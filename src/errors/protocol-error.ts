export interface ProtocolErrorOptions {
  /** What a developer wants to know beside the message; never a value of a row. */
  readonly technical?: string;
  /** The one stream that is meant. */
  readonly stream?: { readonly name: string; readonly namespace: string | undefined };
}

/** The input broke the Airbyte protocol in a way that makes counts untrue. Ends a run as `system_error`. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly technical: string | undefined;
  readonly stream: ProtocolErrorOptions['stream'];

  constructor(message: string, options: ProtocolErrorOptions = {}) {
    super(message);
    this.technical = options.technical;
    this.stream = options.stream;
  }
}
