import { objectByName } from '../objects/index.ts';
import type { ObjectName } from '../objects/object.ts';
import type { Collection } from '../vitally/records/record-cache.ts';

/** Where the records of an object live that has one place for all of them. */
export function collectionNamed(name: ObjectName): Collection {
  const collection = objectByName(name).rest;
  if (collection === undefined) throw new Error(`${name} has no REST endpoint`);
  return collection;
}
