/** What an error tells beside its message. */
export interface ErrorContext {
  /** For the person who looks for the cause: request, status, tries. Never a value of a row. */
  readonly technical?: string;
  /** The one stream that is meant. */
  readonly stream?: { readonly name: string; readonly namespace: string | undefined };
}
