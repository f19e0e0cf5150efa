import { objectByName } from '../objects/index.ts';
import type { ObjectName } from '../objects/object.ts';
import type { Kind } from '../vitally/directory.ts';

/** Where the records of an object live that has one place for all of them. */
export function kindNamed(name: ObjectName): Kind {
  const kind = objectByName(name).rest;
  if (kind === undefined) throw new Error(`${name} has no REST endpoint`);
  return kind;
}
