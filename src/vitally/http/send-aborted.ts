/** A request was given up because the run is stopping: it is not known to have been applied. */
export class SendAborted extends Error {
  override readonly name = 'SendAborted';
}
