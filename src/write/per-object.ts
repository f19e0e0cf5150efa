import type { VitallyObject } from '../objects/object.ts';

/** What follows from an object's declaration, worked out once and not for each of its rows. */
export function perObject<T>(of: (object: VitallyObject) => T): (object: VitallyObject) => T {
  const known = new WeakMap<VitallyObject, T>();
  return (object) => {
    const before = known.get(object);
    if (before !== undefined) return before;
    const value = of(object);
    known.set(object, value);
    return value;
  };
}
