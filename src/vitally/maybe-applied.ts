/**
 * A request marked `once` may have been applied although its answer was lost: sent again it might make a second copy,
 * so its sender has to look first. Thrown after the pause that a repetition would have waited.
 */
export class MaybeApplied extends Error {
  override readonly name = 'MaybeApplied';
}
