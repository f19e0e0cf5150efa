import { RecordError } from '../../../errors/record-error.ts';
import { own } from '../../../json/guards.ts';
import type { JsonValue } from '../../../json/json.ts';
import { isArchived, type KnownRecord, knownRecord } from '../../../vitally/records/known-record.ts';
import { LruMap } from '../../../vitally/records/lru.ts';
import { memoized } from '../../../vitally/records/memoized.ts';
import { pages } from '../../../vitally/records/pages.ts';
import { collectionNamed } from '../../collection-named.ts';
import { perRun } from '../../per-run.ts';
import { isPlannedId } from '../../planned-id.ts';
import { type RestBody, requireForCreate } from '../../rest/body.ts';
import type { Target, WriteContext } from '../../rest/context.ts';

/** Accounts whose projects are remembered. */
const MAX_REMEMBERED_LISTS = 2_000;

/** By the path of the list: the projects of an account or organization. */
const lists = perRun(() => new LruMap<string, Promise<KnownRecord[]>>(MAX_REMEMBERED_LISTS));

/** The project of this template, account and name. Throws {@link RecordError} where there are several. */
export async function findProject(
  context: WriteContext,
  { route, collection }: Target,
  body: RestBody,
): Promise<KnownRecord | undefined> {
  requireForCreate(route, body.fields);
  const listed = await memoized(lists(context), listPath(body), async () =>
    isPlannedId(parentOf(body)) ? [] : await readList(context, listPath(body), collection.listFilter),
  );
  const same = listed
    .map((record) => latest(context, record))
    .filter((record) => record !== undefined)
    .filter((record) =>
      ['templateId', 'name'].every(
        (name) => record.fields !== undefined && own(record.fields, name) === body.fields.get(name),
      ),
    );
  if (same.length > 1 && route.mode !== 'append') {
    throw new RecordError({
      code: 'ambiguous_key',
      message: `${same.length} projects have this template, account and name: ${same.map(({ id }) => id).join(', ')}`,
      fix: "Rename or delete the doubles in Vitally, or match on Vitally's id.",
    });
  }
  const [found] = same;
  if (found === undefined) return undefined;
  // What the list showed may be older than a write of ours that names the project by its id.
  const now = await context.recordCache.find(collection, 'id', found.id, 'fields');
  return now.kind === 'found' ? now.record : undefined;
}

/** The list that a project of this body is in is read anew when it is asked for. */
export function forgetList(context: WriteContext, body: RestBody): void {
  lists(context).delete(listPath(body));
}

/** Puts a project that was made just now into its list. */
export async function addToList(
  context: WriteContext,
  body: RestBody,
  record: KnownRecord | undefined,
): Promise<void> {
  const list = await lists(context).get(listPath(body));
  if (record === undefined) forgetList(context, body);
  // A list that was read meanwhile may show it already: twice there, it would pass for two projects.
  else if (list?.some(({ id }) => id === record.id) === false) list.push(record);
}

/** A project of a list as memory knows it by now: written or deleted since, by a row that names its id. */
function latest({ recordCache }: WriteContext, record: KnownRecord): KnownRecord | undefined {
  const known = recordCache.peek(collectionNamed('project'), 'id', record.id);
  if (known?.kind === 'absent') return undefined;
  return known?.kind === 'found' && known.record.fields !== undefined ? known.record : record;
}

async function readList(
  { read, recordCache }: WriteContext,
  path: string,
  filter: string | undefined,
): Promise<KnownRecord[]> {
  const askedAt = recordCache.now;
  const bodies: JsonValue[] = [];
  for await (const page of pages(read, path, filter)) {
    if (page.end === 'unreadable') throw unreadable();
    bodies.push(...page.records);
  }
  const records: KnownRecord[] = [];
  for (const body of bodies) {
    if (isArchived(body)) continue;
    recordCache.observe(collectionNamed('project'), body, askedAt);
    const record = knownRecord(body);
    if (record !== undefined) records.push(record);
  }
  return records;
}

/** A project that the list hides would be made a second time. */
function unreadable(): RecordError {
  return new RecordError({
    code: 'refused',
    message:
      'Vitally’s list of the projects of this account cannot be read, so that nothing says whether this one is there',
    fix: "Send the row again later, or match on Vitally's id.",
  });
}

function listPath(body: RestBody): string {
  const parents = typeof body.fields.get('accountId') === 'string' ? 'accounts' : 'organizations';
  return `/resources/${parents}/${encodeURIComponent(parentOf(body))}/projects`;
}

function parentOf({ fields }: RestBody): string {
  const account = fields.get('accountId');
  return typeof account === 'string' ? account : String(fields.get('organizationId'));
}
