import type { Route } from '../../mapping/route.ts';

/**
 * The objects that this run may still create: a row that names such a record waits for it instead of being rejected.
 * Made first, and shared by those who look parents up and by those who let rows wait.
 */
export class ExpectedParents {
  readonly #open: Set<string>;
  readonly #producers: readonly Pick<Route, 'mode' | 'object' | 'stream'>[];
  readonly #objects: ReadonlySet<string>;

  constructor(routes: readonly Pick<Route, 'mode' | 'object' | 'stream'>[]) {
    const producers = routes.filter(({ mode }) => mode === 'upsert' || mode === 'append');
    this.#producers = producers;
    this.#objects = new Set(routes.map(({ object }) => object.name));
    this.#open = new Set(producers.map(({ object }) => object.name));
  }

  /** Whether a record of this object that isn't there may come yet. */
  mayCome(object: string): boolean {
    return this.#open.has(object);
  }

  /**
   * Whether rows of another object may wait for a record of this one. No row waits for an event, which REST can't show, and
   * no object's rows wait for one another.
   */
  mayBeAwaited({ rest }: Route['object']): boolean {
    return rest !== undefined && this.#objects.size > 1;
  }

  /** What has not come by now doesn't come any more. */
  close(object: string): void {
    this.#open.delete(object);
  }

  /** The streams that create records of this object. */
  streamsOf(object: string): string[] {
    return this.#producers.filter((route) => route.object.name === object).map(({ stream }) => stream);
  }

  get open(): ReadonlySet<string> {
    return this.#open;
  }
}
