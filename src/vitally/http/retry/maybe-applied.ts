/**
 * A request marked `once` may have been applied although its answer was lost. A repetition might make a second copy, so
 * its sender must look first. It is thrown after the pause that would have preceded a repetition.
 */
export class MaybeApplied extends Error {
  override readonly name = 'MaybeApplied';
  /** When it was sent, in milliseconds since the epoch on Vitally's clock. */
  readonly sentAtMs: number;
  /** Milliseconds that its attempts took; waits for the rate limit don't count. */
  readonly triedForMs: number;

  constructor(tried: { readonly sentAtMs: number; readonly triedForMs: number }) {
    super('the answer to a request that must not be repeated blindly was lost');
    this.sentAtMs = tried.sentAtMs;
    this.triedForMs = tried.triedForMs;
  }
}
