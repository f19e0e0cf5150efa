/** Words in the place of an id: `/resources/users/search`. */
const FIXED_SEGMENTS: ReadonlySet<string> = new Set(['search', 'categories']);

const RESOURCE_NAME = /^[A-Za-z][A-Za-z-]*$/;

/**
 * A request's path for a message. Ids become `:id` and the query is dropped, because both may hold values of a row:
 * `/resources/accounts/acc-17?x=1` gives `/resources/accounts/:id`.
 */
export function pathTemplate(path: string): string {
  const [pathname = ''] = path.split('?');
  const [, root = '', ...rest] = pathname.split('/');
  if (root !== 'resources')
    return RESOURCE_NAME.test(root) ? `/${[root, ...rest.map(safeName)].join('/')}` : '/:id';
  return `/${[root, ...rest.map((segment, index) => (index % 2 === 0 ? safeName(segment) : idOrFixed(segment)))].join('/')}`;
}

function idOrFixed(segment: string): string {
  return FIXED_SEGMENTS.has(segment) ? segment : ':id';
}

function safeName(segment: string): string {
  return RESOURCE_NAME.test(segment) || segment === 'v1' ? segment : ':id';
}
