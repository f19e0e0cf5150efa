/** The input broke the Airbyte protocol in a way that makes counts untrue. Ends a run as `system_error`. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}
