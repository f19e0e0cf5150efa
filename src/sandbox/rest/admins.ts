import { ok, Refusal } from '../answer.ts';
import { field } from '../json.ts';
import type { RestResource } from './resource.ts';

/** Team members: read-only. The search answers one object (Vitally REST reference, admins). */
export const admins: RestResource = {
  path: 'admins',
  handle({ world }, { method, segments, query }) {
    if (method !== 'GET') return undefined;
    if (segments.length === 1) return ok({ results: world.admins, next: null, atEnd: true });
    if (segments[1] !== 'search') return undefined;
    const email = query.get('email')?.toLowerCase();
    if (email === undefined) throw new Refusal(400, 'email is required');
    const found = world.admins.find((admin) => String(field(admin, 'email') ?? '').toLowerCase() === email);
    if (found === undefined) throw new Refusal(404, 'Admin not found');
    return ok(found);
  },
  scoped: () => undefined,
  recordKey: () => undefined,
  seed: ({ world }, admin) => world.admins.push(admin),
};
