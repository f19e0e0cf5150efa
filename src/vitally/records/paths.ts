/** An id as one path segment. Ids may be e-mails or hold `/` (vitally-api.md, "Hosts"). */
export function recordPath(kindPath: string, id: string): string {
  return `${kindPath}/${encodeURIComponent(id)}`;
}

/** `.` and `..` vanish from a path on the way, however they are encoded: such an id can't be addressed by path. */
export function fitsInPath(id: string): boolean {
  return id !== '' && id !== '.' && id !== '..';
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Shaped like an id of Vitally's, which a path resolves before it tries external ids. */
export function isUuid(id: string): boolean {
  return UUID.test(id);
}

/** A segment that Vitally's own routes take: `/resources/users/search` is the search, not the user `search`. */
export function collidesWithRoute(id: string): boolean {
  return id.toLowerCase() === 'search';
}
