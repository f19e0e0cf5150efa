import type { RestResource } from '../resource.ts';

/** Records that are seeded and looked at, and have no endpoints of their own. */
export function seedOnly(resource: RestResource): RestResource {
  return { ...resource, handle: () => undefined, scoped: () => undefined, recordKey: () => undefined };
}
