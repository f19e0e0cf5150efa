/** A field's number takes 16 bits beside a fingerprint. */
const MAX_FIELDS = 65_536;
/** Of all names together: those of a workspace's traits take a fraction. */
const MAX_CHARACTERS = 4_000_000;

/** Numbers for the names of fields, in the order in which they are met. */
export class FieldNumbers {
  readonly #numbers = new Map<string, number>();
  #characters = 0;

  get(name: string): number | undefined {
    return this.#numbers.get(name);
  }

  /** `undefined` where there are too many names to be kept, or too long ones. */
  give(name: string): number | undefined {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    if (number >= MAX_FIELDS || this.#characters + name.length > MAX_CHARACTERS) return undefined;
    this.#characters += name.length;
    this.#numbers.set(name, number);
    return number;
  }
}
