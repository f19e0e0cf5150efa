/** Counts calls that are under way. */
export function createCallCounter() {
  let underWay = 0;
  const waiting: (() => void)[] = [];
  return {
    began(): void {
      underWay++;
    },
    ended(): void {
      underWay--;
      if (underWay === 0) for (const resolve of waiting.splice(0)) resolve();
    },
    /** Resolves when none is under way. */
    async idle(): Promise<void> {
      if (underWay > 0) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}
