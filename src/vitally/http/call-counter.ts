/** Counts calls that are under way. */
export class CallCounter {
  #underWay = 0;
  readonly #waiting: (() => void)[] = [];

  get underWay(): number {
    return this.#underWay;
  }

  began(): void {
    this.#underWay++;
  }

  ended(): void {
    this.#underWay--;
    if (this.#underWay === 0) for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Resolves when none is under way. */
  async idle(): Promise<void> {
    if (this.#underWay > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
