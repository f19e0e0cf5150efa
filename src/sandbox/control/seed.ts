import { MESSAGE_TYPES } from '../analytics/registry.ts';
import type { Context } from '../context.ts';
import { isObject, type JsonValue } from '../json.ts';
import { REST_RESOURCES } from '../rest/registry.ts';

/**
 * Puts content in without requests: bodies of a POST for `organizations`, `accounts`, `users`, … with associations by
 * either id; messages with a messageId for `events`. @throws RangeError for another kind, Refusal for a bad object.
 */
export function seed(context: Context, kind: string, objects: JsonValue): void {
  const resource = REST_RESOURCES.get(kind);
  const track = MESSAGE_TYPES.get('track');
  if (resource === undefined && kind !== 'events')
    throw new RangeError(`nothing of the kind ${kind} can be seeded`);
  if (!Array.isArray(objects)) throw new RangeError('objects must be an array');
  for (const object of objects) {
    if (!isObject(object)) throw new RangeError('objects must be an array of objects');
    if (resource !== undefined) resource.seed(context, object);
    else track?.apply(context.world, object, context.switches);
  }
}
