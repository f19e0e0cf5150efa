import type { RestResource } from '../resource.ts';

/** Records that can be seeded and inspected, and have no endpoints of their own. */
export function seedOnly(resource: RestResource): RestResource {
  return { ...resource, handle: () => undefined, scoped: () => undefined, recordKey: () => undefined };
}
