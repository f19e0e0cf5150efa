/** Whoever read this program's output is gone: nothing can be acknowledged any more. */
export class OutputClosedError extends Error {
  override readonly name = 'OutputClosedError';
}
