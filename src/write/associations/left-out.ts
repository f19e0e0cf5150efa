import type { Write } from '../../mapping/route.ts';
import type { Result } from '../result.ts';

/**
 * Fields of rows that name a team member whom Vitally does not know, and that the route leaves out (`unknown_people`).
 * Noted by the row's write where its people are looked up, and told with the row's result.
 */
export class LeftOutPeople {
  readonly #fields = new WeakMap<Write, Set<string>>();

  note(write: Write, field: string): void {
    const fields = this.#fields.get(write) ?? new Set();
    this.#fields.set(write, fields.add(field));
  }

  /** A row's result with the fields that were left out of it; a rejected row was not written without them. */
  toldBy(result: Result, write: Write): Result {
    const fields = this.#fields.get(write);
    return fields === undefined || result.outcome.kind === 'rejected'
      ? result
      : { ...result, leftOut: [...fields] };
  }
}
