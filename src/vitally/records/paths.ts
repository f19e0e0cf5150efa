/** An id as one path segment. Ids may be e-mails or hold `/` (vitally-api.md, "Hosts"). */
export function recordPath(collectionPath: string, id: string): string {
  return `${collectionPath}/${encodeURIComponent(id)}`;
}

/** URL parsers remove `.` and `..` from a path, however they are encoded, so a path can't hold such an id. */
export function fitsInPath(id: string): boolean {
  return id !== '' && id !== '.' && id !== '..';
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether an id is shaped like Vitally's, which a path resolves before it tries external ids. */
export function isUuid(id: string): boolean {
  return UUID.test(id);
}

/** Whether an id has the name of a route: `/resources/users/search` is the search, not the user `search`. */
export function collidesWithRoute(id: string): boolean {
  return id.toLowerCase() === 'search';
}
