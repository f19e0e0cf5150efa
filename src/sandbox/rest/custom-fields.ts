import { ok } from '../answer.ts';
import { field } from '../json.ts';
import type { RestResource } from './resource.ts';

/** Definitions of traits: a bare array, read-only (Vitally REST reference, custom traits). */
export const customFields: RestResource = {
  path: 'customFields',
  handle({ world }, { method, segments, query }) {
    if (method !== 'GET' || segments.length > 1) return undefined;
    const model = query.get('model');
    return ok(world.customFields.filter((trait) => model === null || field(trait, 'model') === model));
  },
  scoped: () => undefined,
  recordKey: () => undefined,
  seed: ({ world }, trait) => world.customFields.push(trait),
};
