/** Is told of an error that must end the run. */
export interface Crashes {
  crash(error: unknown): void;
}
