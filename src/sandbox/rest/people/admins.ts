import { type Answer, ok, Refusal } from '../../answer.ts';
import type { Context } from '../../context.ts';
import { itemText } from '../../store/item.ts';
import { oneOf, text } from '../items/fields.ts';
import { itemResource } from '../items/resource.ts';
import { notFound } from '../object-resource.ts';
import { page, readSort } from '../paging.ts';
import type { RestResource } from '../resource.ts';
import { showAdmin } from './shown-relations.ts';

const resource = itemResource({
  path: 'admins',
  title: 'Admin',
  table: (world) => world.items('admins'),
  fields: { name: text, email: text, licenseStatus: oneOf(['active', 'deactivated', 'auto-created']) },
  required: ['email'],
  writes: 'read-only',
  shows: 'fields',
});

/**
 * Team members: read-only. The search is documented, the list is known from a client that reads it (vitally-api.md,
 * "Team members").
 */
export const admins: RestResource = {
  ...resource,
  handle(context, { method, segments, query }) {
    const { world, switches } = context;
    if (method !== 'GET' || segments.length > 2) return undefined;
    if (segments[1] === 'search') return search(context, query);
    if (segments.length === 2) return undefined;
    return page(world.items('admins').sorted(readSort(query)), query, switches, showAdmin);
  },
};

/** One object in the docs' sample; a client's test wraps it in `results` (vitally-api.md, "Team members"). */
function search({ world, switches }: Context, query: URLSearchParams): Answer {
  const email = query.get('email')?.toLowerCase();
  if (email === undefined) throw new Refusal(400, 'email is required');
  const found = world
    .items('admins')
    .all()
    .find((admin) => itemText(admin, 'email')?.toLowerCase() === email);
  if (switches.has('admin-search-results'))
    return ok({ results: found === undefined ? [] : [showAdmin(found)] });
  return found === undefined ? notFound('Admin', switches) : ok(showAdmin(found));
}
