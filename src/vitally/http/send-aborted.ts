/** A request was given up because the run is stopping: whether it was applied is unknown. */
export class SendAborted extends Error {
  override readonly name = 'SendAborted';
}
