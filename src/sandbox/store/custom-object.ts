import type { Item } from './records.ts';
import type { World } from './world.ts';

/** A definition by Vitally's id or its name. */
export function customObjectNamed(world: World, idOrName: string): Item | undefined {
  const definitions = world.items('customObjects');
  return definitions.byId(idOrName) ?? definitions.all().find((one) => one.fields.get('name') === idOrName);
}

/** The key of a write, of either API. */
export function instanceKey(customObjectId: string, id: string): string {
  return `instances:${customObjectId}:${id}`;
}
