/** The default of an exhaustive switch: types prove that it can't be reached. */
export function unreachable(value: never): never {
  throw new Error(`no case for ${String(value)}`);
}
