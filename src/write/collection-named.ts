import { objectByName } from '../objects/index.ts';
import type { ObjectName } from '../objects/object.ts';
import type { Collection } from '../vitally/records/record-cache.ts';

/** Where the records of an object are. Only for objects whose records are all in one place. */
export function collectionNamed(name: ObjectName): Collection {
  const collection = objectByName(name).rest;
  if (collection === undefined) throw new Error(`${name} has no REST endpoint`);
  return collection;
}
