import { randomUUID } from 'node:crypto';
import type { JsonObject, JsonValue } from '../json.ts';
import type { TraitOwner } from './records.ts';
import type { World } from './world.ts';

/** A trait that is written under a new key is made on the fly (vitally-api.md, "Traits"). */
export function learnTraits(world: World, owner: TraitOwner, changes: JsonObject | undefined): void {
  for (const [path, value] of Object.entries(changes ?? {})) {
    const key = JSON.stringify([owner.model, owner.customObjectId ?? null, path]);
    if (value === null || world.writtenTraits.has(key)) continue;
    world.writtenTraits.set(key, {
      ...owner,
      id: randomUUID(),
      createdAt: new Date(world.now()).toISOString(),
      label: path,
      path,
      type: typeOf(value),
      options: [],
    });
  }
}

function typeOf(value: JsonValue): string {
  if (typeof value === 'number' || typeof value === 'boolean') return typeof value;
  return typeof value === 'string' ? 'string' : 'json';
}
