/** The reader of this program's output is gone, so nothing can be acknowledged any more. */
export class OutputClosedError extends Error {
  override readonly name = 'OutputClosedError';
}
