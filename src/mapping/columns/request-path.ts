import { quoted } from '../../errors/quoted.ts';
import { RecordError } from '../../errors/record-error.ts';
import { own } from '../../json/guards.ts';
import type { JsonObject } from '../../json/json.ts';
import { collidesWithRoute } from '../../vitally/records/paths.ts';
import { columnsThere, readId } from '../keys.ts';
import type { PathPart, PathTemplate } from '../route.ts';

export type ReadPath =
  | { readonly kind: 'path'; readonly template: PathTemplate }
  | { readonly kind: 'fault'; readonly message: string };

/** Every endpoint of the REST API begins so. */
const ROOT = '/resources/';

/** Any host: what a path becomes in an address doesn't depend on it. */
const ANY_ORIGIN = 'https://host.invalid';

const EXAMPLE = '/resources/surveys/{survey_id}/responses';

/**
 * Reads a path of the config. Its fixed text must be the same in an address, so that nothing in it leads elsewhere:
 * no host, no query, no `.` or `..`, encoded or not, no empty segment.
 */
export function readPathTemplate(given: string): ReadPath {
  const text = given.trim();
  const segments = segmentsOf(text);
  if (segments === undefined) return fault(`writes a column as {column}, in single braces, as in ${EXAMPLE}`);
  const [first, ...rest] = segments.map(shape);
  if (/[?#\\]/.test([first, ...rest].join('/'))) return fault('must be a path alone, without ?, # and \\');
  if (first !== '' || rest[0] !== 'resources' || rest.length < 2)
    return fault(`must begin with ${ROOT}, as in ${EXAMPLE}; it goes to the host of the REST API`);
  if (rest.includes('')) return fault('has an empty part: two / in a row, or one at its end');
  if (!staysItself(rest.slice(1)) || /%2f|%5c/i.test(rest.join('/'))) {
    return fault(
      'has a part that an address would change, such as .. or a blank; write it as an address has it',
    );
  }
  const below = segments.slice(2);
  const columns = below.flat().flatMap((part) => ('column' in part ? [part.column] : []));
  return { kind: 'path', template: { text, segments: below, columns: [...new Set(columns)] } };
}

/** Whether a request to the path would delete more than one record: its last part must be a row's, below a fixed one. */
export function mayDeleteCollection({ segments }: PathTemplate): boolean {
  const [parent, last] = segments.slice(-2);
  const lastPart = last?.at(-1);
  if (parent === undefined || lastPart === undefined || !('column' in lastPart)) return true;
  return parent.some((part) => 'column' in part);
}

/**
 * The path that a row gives, each value percent-encoded within its segment.
 *
 * @param nulled columns that are unknown rather than empty (`meta.changes`): the same as missing here.
 * @throws RecordError `missing_field` or `bad_key`
 */
export function pathOf({ segments }: PathTemplate, data: JsonObject, nulled: ReadonlySet<string>): string {
  const built = segments.map((segment) => {
    const filled = segment
      .map((part) => ('text' in part ? part.text : segmentValue(part.column, data, nulled)))
      .join('');
    const [first] = segment;
    const column = segment.find((part) => 'column' in part);
    if (column === undefined || !('column' in column)) return filled;
    if (isDots(filled))
      throw badPart(column.column, 'with it the part of the path would consist of dots only');
    if (segment.length === 1 && first === column && collidesWithRoute(filled))
      throw badPart(column.column, "it is the name of Vitally's own search");
    return filled;
  });
  if (!staysItself(built)) throw new Error('a request would leave its path');
  return ROOT + built.join('/');
}

function segmentValue(column: string, data: JsonObject, nulled: ReadonlySet<string>): string {
  const id = readId(nulled.has(column) ? null : (own(data, column) ?? null));
  if (id.kind === 'id') return encodeURIComponent(id.text);
  if (id.kind === 'bad') throw badPart(column, id.given);
  const problem = Object.hasOwn(data, column)
    ? 'is missing, null or empty'
    : `is missing; ${columnsThere(Object.keys(data))}`;
  throw new RecordError({
    code: 'missing_field',
    message: `the column ${quoted(column)}, which is part of the path, ${problem}`,
    fix: 'Give every row a value for it, or take it out of "path".',
    field: column,
  });
}

function badPart(column: string, given: string): RecordError {
  return new RecordError({
    code: 'bad_key',
    message: `the column ${quoted(column)} cannot be part of the path: ${given}`,
    fix: 'Give a text or a number that names one record of Vitally.',
    field: column,
  });
}

/** Whether the parts are the same in an address, and stay below the root. */
function staysItself(segments: readonly string[]): boolean {
  const path = ROOT + segments.join('/');
  return (
    segments.every((segment) => segment !== '' && !isDots(segment) && !isBadlyEscaped(segment)) &&
    URL.parse(path, ANY_ORIGIN)?.pathname === path
  );
}

/** `.` and `..`, which an address resolves, also where they are encoded. */
function isDots(segment: string): boolean {
  return /^(?:\.|%2e){1,2}$/i.test(segment);
}

/** An escape that is none, or stands for a sign that no text has. */
function isBadlyEscaped(segment: string): boolean {
  try {
    decodeURIComponent(segment);
    return false;
  } catch {
    return true;
  }
}

/** The parts between slashes, of which a column's name may hold some; `undefined` where braces are not paired. */
function segmentsOf(text: string): PathPart[][] | undefined {
  const segments: PathPart[][] = [[]];
  for (const [token] of text.matchAll(/\{[^{}]*\}|[^{}]+|[{}]/g)) {
    if (token === '{' || token === '}') return undefined;
    if (token.startsWith('{')) {
      const column = token.slice(1, -1).trim();
      if (column === '') return undefined;
      segments.at(-1)?.push({ column });
      continue;
    }
    const [end = '', ...others] = token.split('/');
    if (end !== '') segments.at(-1)?.push({ text: end });
    for (const other of others) segments.push(other === '' ? [] : [{ text: other }]);
  }
  return segments;
}

/** A segment with something in the place of each column. */
function shape(segment: readonly PathPart[]): string {
  return segment.map((part) => ('text' in part ? part.text : 'x')).join('');
}

function fault(message: string): ReadPath {
  return { kind: 'fault', message };
}
