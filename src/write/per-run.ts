import type { WriteContext } from './rest/context.ts';

/**
 * What a writer remembers during a run: made when the run first needs it, and gone with the run's context. So a writer
 * is a plain function, and what it remembers is declared beside it.
 */
export function perRun<T>(make: (context: WriteContext) => T): (context: WriteContext) => T {
  const held = new WeakMap<WriteContext, T>();
  return (context) => {
    const known = held.get(context);
    if (known !== undefined) return known;
    const made = make(context);
    held.set(context, made);
    return made;
  };
}
