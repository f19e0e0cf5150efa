/** A field's number takes 16 bits beside a fingerprint. */
const MAX_FIELDS = 65_536;
const MAX_NAME_CHARACTERS = 512;

/** Numbers for the names of fields, in the order in which they are met. */
export class FieldNumbers {
  readonly #numbers = new Map<string, number>();

  get(name: string): number | undefined {
    return this.#numbers.get(name);
  }

  /** `undefined` where there are too many names, or this one is too long to be kept. */
  give(name: string): number | undefined {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    if (number >= MAX_FIELDS || name.length > MAX_NAME_CHARACTERS) return undefined;
    this.#numbers.set(name, number);
    return number;
  }
}
