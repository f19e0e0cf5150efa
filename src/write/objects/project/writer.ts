import { RecordError } from '../../../errors/record-error.ts';
import { unreachable } from '../../../errors/unreachable.ts';
import { isJsonObject, own } from '../../../json/guards.ts';
import type { JsonValue } from '../../../json/json.ts';
import { keySource } from '../../../mapping/key-source.ts';
import type { Route, Write } from '../../../mapping/route.ts';
import type { VitallyRequest } from '../../../vitally/http/answer.ts';
import { type KnownRecord, knownRecord } from '../../../vitally/records/known-record.ts';
import { ListScan } from '../../../vitally/records/list-scan.ts';
import { LruMap } from '../../../vitally/records/lru.ts';
import { collectionNamed } from '../../collection-named.ts';
import { isPlannedId } from '../../planned-id.ts';
import { refusal } from '../../refusal.ts';
import { postText, type RestBody, requireForCreate } from '../../rest/body.ts';
import type { RestContext, Target } from '../../rest/context.ts';
import { deleteRecord } from '../../rest/delete.ts';
import { unknownKey } from '../../rest/find.ts';
import { type Posted, postOnce } from '../../rest/post-once.ts';
import { putRecord } from '../../rest/put.ts';
import { created, type Result, skipped } from '../../result.ts';

/** Accounts whose projects are remembered. */
const MAX_REMEMBERED_LISTS = 2_000;
const TEMPLATES = '/resources/projectTemplates';

/**
 * Projects without an id of their own: one of the same template, account (or organization) and name counts as
 * existing, since a POST always makes a new one (vitally-api.md, "Projects").
 */
export class ProjectWriter {
  readonly #context: RestContext;
  readonly #lists = new LruMap<string, Promise<KnownRecord[]>>(MAX_REMEMBERED_LISTS);

  constructor(context: RestContext) {
    this.#context = context;
  }

  /** Throws {@link RecordError} for a row that is refused; a row that names Vitally's id is written by `plain`. */
  async write(route: Route, write: Write, plain: (write: Write) => Promise<Result>): Promise<Result> {
    if (keySource(route) !== 'fields') return await plain(write);
    const target: Target = { route, write, key: write.key ?? '', collection: collectionNamed('project') };
    if (route.mode === 'delete') return await this.#delete(target);
    const body = await this.#named(await this.#context.relations.restBody(route, write));
    const known = await this.#find(target, body);
    switch (route.mode) {
      case 'append':
        return known === undefined ? await this.#create(target, body) : skipped();
      case 'upsert':
        return known === undefined ? await this.#create(target, body) : await this.#put(target, body, known);
      case 'update':
        // Routing asks for Vitally's id in this mode.
        throw new Error(`mode ${route.mode} of a project without an id`);
      default:
        return unreachable(route.mode);
    }
  }

  /** Deletes the project that a row meant which is no longer in the source. */
  async #delete(target: Target): Promise<Result> {
    const { route, write } = target;
    const body = await this.#bodyOfKnown(route, write);
    const known = body && (await this.#find(target, body));
    if (body === undefined || known === undefined) return unknownKey(route);
    this.#lists.delete(listOf(body));
    return await deleteRecord(this.#context, { ...target, key: known.id });
  }

  /** `undefined` where the template or account is one that Vitally doesn't have: no project can be there. */
  async #bodyOfKnown(route: Route, write: Write): Promise<RestBody | undefined> {
    try {
      return await this.#named(await this.#context.relations.restBody(route, write));
    } catch (error) {
      if (error instanceof RecordError && error.code === 'unknown_association') return undefined;
      throw error;
    }
  }

  /** A row without a name means its template's. */
  async #named(body: RestBody): Promise<RestBody> {
    const templateId = body.fields.get('templateId');
    if (body.fields.has('name') || templateId === undefined) return body;
    const templates = await this.#context.named.all(TEMPLATES);
    const template = templates.find((candidate) => own(candidate, 'id') === templateId);
    const name = template && (own(template, 'projectName') ?? own(template, 'name'));
    return typeof name === 'string' ? { ...body, fields: new Map([...body.fields, ['name', name]]) } : body;
  }

  async #put(target: Target, body: RestBody, known: KnownRecord): Promise<Result> {
    const settled = await putRecord(this.#context, target, body, known);
    if (settled === 'gone') return unknownKey(target.route);
    if (settled.outcome.kind === 'updated') this.#lists.delete(listOf(body));
    return settled;
  }

  async #create(target: Target, body: RestBody): Promise<Result> {
    const { route, write, collection } = target;
    requireForCreate(route, body.fields);
    const request: VitallyRequest = {
      method: 'POST',
      path: collection.path,
      body: postText(route.object, undefined, body, true),
    };
    let posted = await this.#post(target, body, request);
    if (
      posted.kind === 'answered' &&
      posted.answer.kind === 'refused' &&
      posted.answer.foreign !== true &&
      body.fields.has('accountId')
    ) {
      // One article calls it accountId, another customerId (vitally-api.md, "Projects").
      const renamed = new Map(
        [...body.fields].map(([name, value]) => [name === 'accountId' ? 'customerId' : name, value]),
      );
      const other = {
        ...request,
        body: postText(route.object, undefined, { ...body, fields: renamed }, true),
      };
      const second = await this.#post(target, body, other);
      if (second.kind === 'appeared' || second.answer.kind === 'ok') posted = second;
    }
    if (posted.kind === 'appeared') return created(request);
    const { answer } = posted;
    if (answer.kind !== 'ok') throw refusal(route.object, write, answer);
    const record = this.#context.recordCache.remember(collection, answer.body) ?? knownRecord(answer.body);
    const list = await this.#lists.get(listOf(body));
    if (record === undefined) this.#lists.delete(listOf(body));
    // A list that was read meanwhile may show it already: twice there, it would pass for two projects.
    else if (list?.some(({ id }) => id === record.id) === false) list.push(record);
    return created(request);
  }

  async #post(target: Target, body: RestBody, request: VitallyRequest): Promise<Posted<KnownRecord>> {
    return await postOnce(this.#context, request, { ...target, record: undefined }, 'project', async () => {
      this.#lists.delete(listOf(body));
      return await this.#find(target, body);
    });
  }

  /** The project of this template, account and name. Throws {@link RecordError} where there are several. */
  async #find({ route, collection }: Target, body: RestBody): Promise<KnownRecord | undefined> {
    requireForCreate(route, body.fields);
    const path = listOf(body);
    let list = this.#lists.get(path);
    if (list === undefined) {
      list = isPlannedId(parentOf(body)) ? Promise.resolve([]) : this.#read(path, collection.listFilter);
      this.#lists.set(path, list);
      list.catch(() => this.#lists.delete(path));
    }
    const same = (await list)
      .map((record) => this.#latest(record))
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
    const now = await this.#context.recordCache.find(collection, 'id', found.id, 'fields');
    return now.kind === 'found' ? now.record : undefined;
  }

  /** A project of a list as memory knows it by now: written or deleted since, by a row that names its id. */
  #latest(record: KnownRecord): KnownRecord | undefined {
    const known = this.#context.recordCache.peek(collectionNamed('project'), 'id', record.id);
    if (known?.kind === 'absent') return undefined;
    return known?.kind === 'found' && known.record.fields !== undefined ? known.record : record;
  }

  async #read(path: string, filter: string | undefined): Promise<KnownRecord[]> {
    const scan = new ListScan(this.#context.read, path, filter);
    const { recordCache } = this.#context;
    const askedAt = recordCache.now;
    const live = (await scan.rest()).filter(isLive);
    if (scan.end === 'unreadable') throw unreadable();
    for (const body of live) recordCache.observe(collectionNamed('project'), body, askedAt);
    return live.map(knownRecord).filter((record) => record !== undefined);
  }
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

function listOf(body: RestBody): string {
  const parents = typeof body.fields.get('accountId') === 'string' ? 'accounts' : 'organizations';
  return `/resources/${parents}/${encodeURIComponent(parentOf(body))}/projects`;
}

function parentOf({ fields }: RestBody): string {
  const account = fields.get('accountId');
  return typeof account === 'string' ? account : String(fields.get('organizationId'));
}

function isLive(result: JsonValue): boolean {
  return isJsonObject(result) && typeof own(result, 'archivedAt') !== 'string';
}
