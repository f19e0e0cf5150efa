import { RecordError } from '../../errors/record-error.ts';
import { unreachable } from '../../errors/unreachable.ts';
import { sufficesToCreate } from '../../mapping/merge-writes.ts';
import type { Route, Write } from '../../mapping/route.ts';
import type { ObjectName } from '../../objects/object.ts';
import type { Answer, VitallyRequest } from '../../vitally/http/answer.ts';
import type { KnownRecord } from '../../vitally/records/known-record.ts';
import { isListed } from '../../vitally/records/lookup.ts';
import { collidesWithRoute, fitsInPath, isUuid } from '../../vitally/records/paths.ts';
import type { Finding } from '../../vitally/records/record-cache.ts';
import { type SpecialWriter, specialWriters } from '../objects/index.ts';
import { refusal } from '../refusal.ts';
import { asCreated, created, type Result, skipped, updated, written } from '../result.ts';
import { externalIdOf, keepsOrMerges, postText, type RestBody, requireForCreate } from './body.ts';
import type { RestContext, Target } from './context.ts';
import { deleteRecord } from './delete.ts';
import { collectionOf, findUnique, unknownKey, within } from './find.ts';
import { unsure } from './lost-answers.ts';
import { type Posted, postRecord } from './post-once.ts';
import { putRecord } from './put.ts';
import { wasCreated } from './was-created.ts';

/** After this many answers in a row that a record "exists", POST is no upsert in this workspace: look first. */
const REFUSALS_THAT_TEACH = 2;

type Refused = Exclude<Answer, { kind: 'ok' }>;

/** Writes single rows through the REST API, right under every reading of what POST and PUT do to (un)known ids. */
export class RecordWriter {
  readonly #context: RestContext;
  readonly #special: ReadonlyMap<ObjectName, SpecialWriter>;
  /** By REST path: how often in a row a POST was refused because the record exists. */
  readonly #refusedPosts = new Map<string, number>();

  constructor(context: RestContext) {
    this.#context = context;
    this.#special = specialWriters(context);
  }

  /** Settles one row. Throws {@link RecordError} for a row that is refused; anything else it throws ends the run. */
  async write(route: Route, write: Write): Promise<Result> {
    const special = this.#special.get(route.object.name);
    if (special === undefined) return await this.#plain(route, write);
    return await special.write(route, write, (row) => this.#plain(route, row));
  }

  /** Writes rows that go together; `undefined` for an object whose rows don't. */
  async writeGroup(route: Route, writes: readonly Write[]): Promise<Result[] | undefined> {
    return await this.#special.get(route.object.name)?.writeGroup?.(route, writes);
  }

  async #plain(route: Route, write: Write): Promise<Result> {
    const target = {
      route,
      write,
      key: keyOf(write),
      collection: await collectionOf(route, this.#context.named),
    };
    switch (route.mode) {
      case 'upsert':
        return await this.#upsert(target);
      case 'update':
        return await this.#updateOnly(target);
      case 'append':
        return await this.#append(target);
      case 'delete':
        return await deleteRecord(this.#context, target);
      default:
        return unreachable(route.mode);
    }
  }

  async #upsert(given: Target): Promise<Result> {
    const { route, write, key } = given;
    const body = await this.#context.relations.restBody(route, write);
    const target = { ...given, collection: within(given.collection, body) };
    const known = await this.#existence(target);
    if (known?.kind === 'found') {
      const settled = await putRecord(this.#context, target, body, known.record);
      if (settled !== 'gone') return settled;
    }
    if (known !== undefined) return await this.#create(target, body);
    const externalId = externalIdOf(route, write, key);
    const request = this.#post(target, externalId, body, false);
    const posted = await postRecord(this.#context, target, externalId, request);
    if (posted.kind === 'appeared') return await this.#appeared(target, body, request, posted, false);
    const { answer } = posted;
    if (answer.kind === 'ok') {
      this.#refusedPosts.set(target.collection.path, 0);
      return written(wasCreated(answer, false), request);
    }
    if (answer.kind !== 'exists') throw refusal(route.object, write, answer);
    this.#countRefusedPost(target);
    return this.#madeByUs(target, answer, await this.#putExisting(target, body, answer));
  }

  /** What is known of the row's record, asking where that is needed to be right; `undefined`: POST will tell. */
  async #existence(target: Target): Promise<Finding | undefined> {
    const { route, write, key, collection } = target;
    const relates = Object.entries(route.object.fields).some(
      ([name, field]) => field.type === 'ids' && write.fields.has(name),
    );
    const must =
      this.#context.lookFirst ||
      relates ||
      route.object.rest?.looksFirst === true ||
      route.matchOn !== 'externalId' ||
      route.ifEmpty.length > 0 ||
      !sufficesToCreate(route, write) ||
      (this.#refusedPosts.get(collection.path) ?? 0) >= REFUSALS_THAT_TEACH;
    if (!must) return this.#context.recordCache.peek(collection, route.matchOn, key);
    const need = relates || this.#context.skipUnchanged || route.ifEmpty.length > 0 ? 'fields' : 'id';
    return await findUnique(this.#context, target, need);
  }

  async #updateOnly(given: Target): Promise<Result> {
    const { route, write } = given;
    // A list of one account is shorter than the whole one: there, the relations are looked up first.
    const early = isListed(given.collection, 'externalId')
      ? await this.#context.relations.restBody(route, write)
      : undefined;
    const target = early === undefined ? given : { ...given, collection: within(given.collection, early) };
    const finding = await findUnique(this.#context, target);
    if (finding.kind !== 'found') return unknownKey(route);
    const body = early ?? (await this.#context.relations.restBody(route, write));
    const settled = await putRecord(this.#context, target, body, finding.record);
    return settled === 'gone' ? unknownKey(route) : settled;
  }

  async #append(given: Target): Promise<Result> {
    const { route, write } = given;
    const early = isListed(given.collection, 'externalId')
      ? await this.#context.relations.restBody(route, write)
      : undefined;
    const target = early === undefined ? given : { ...given, collection: within(given.collection, early) };
    const finding = await findUnique(this.#context, target, 'id');
    if (finding.kind === 'found') return skipped();
    return await this.#create(target, early ?? (await this.#context.relations.restBody(route, write)));
  }

  /** POSTs a record that was not there a moment ago. */
  async #create(target: Target, body: RestBody): Promise<Result> {
    const { route, write, key } = target;
    if (route.matchOn === 'id') {
      throw new RecordError({
        code: 'unknown_key',
        message: `no ${route.object.name} has this id of Vitally's, and one can't be created under it`,
        fix: 'Correct the id, or match on externalId to create records.',
      });
    }
    requireForCreate(route, write.fields);
    const externalId = externalIdOf(route, write, key);
    if (route.matchOn !== 'externalId') await this.#refuseTaken(target, externalId);
    const request = this.#post(target, externalId, body, true);
    const posted = await postRecord(this.#context, target, externalId, request);
    if (posted.kind === 'appeared') return await this.#appeared(target, body, request, posted, true);
    const { answer } = posted;
    if (answer.kind === 'ok') {
      return written(wasCreated(answer, true), request);
    }
    if (answer.kind !== 'exists') throw refusal(route.object, write, answer);
    // An earlier attempt of ours may have made it, its answer lost on the way.
    if (answer.repeated) return created(request);
    if (route.mode === 'append') return skipped();
    this.#countRefusedPost(target);
    return await this.#putExisting({ ...target, key: externalId }, body, answer);
  }

  /**
   * The answer to a POST was lost, and the record is there: made by it, or there before, then to be brought up to date.
   * `isNew`: it was not there a moment ago, so that without a time of creation it counts as made.
   */
  async #appeared(
    target: Target,
    body: RestBody,
    request: VitallyRequest,
    { found, sentAtMs }: Extract<Posted<KnownRecord>, { kind: 'appeared' }>,
    isNew: boolean,
  ): Promise<Result> {
    const { route } = target;
    const shown = { kind: 'ok', status: 200, body: found.fields, sentAtMs, repeated: true } as const;
    if (wasCreated(shown, isNew)) return created(request);
    if (route.mode === 'append') return skipped();
    const settled = await putRecord(this.#context, target, body, found);
    if (settled === 'gone') throw unsure(route.object.title.toLowerCase());
    // What it holds already may be the doing of the request whose answer was lost.
    if (settled.outcome.kind === 'unchanged') return updated(request);
    return settled;
  }

  /** A record whose externalId somebody else holds must not be overwritten when another key found nothing. */
  async #refuseTaken({ route, collection }: Target, externalId: string): Promise<void> {
    const finding = await this.#context.recordCache.find(collection, 'externalId', externalId);
    if (finding.kind === 'absent') return;
    throw new RecordError({
      code: 'already_taken',
      field: 'externalId',
      message: `no ${route.object.name} matches by ${route.matchOn}, but another one holds this externalId`,
      fix: `Match on externalId, or mend the ${route.matchOn} in Vitally.`,
    });
  }

  /** A POST said that the record exists: PUT it. The key is in the path only where it can mean nothing else. */
  async #putExisting(target: Target, body: RestBody, said: Refused): Promise<Result> {
    const { route, write, key } = target;
    // Not in the account's list, and yet there: it must be looked for everywhere.
    const { within: _within, ...kind } = target.collection;
    this.#context.recordCache.forget(kind, { externalId: key });
    const plain = !isUuid(key) && !collidesWithRoute(key) && fitsInPath(key);
    const byPath =
      !isListed(kind, 'externalId') && kind.lookup !== 'instances' && !keepsOrMerges(route, body);
    if (plain && byPath && !this.#context.lookFirst) {
      const settled = await putRecord(this.#context, target, body, {
        id: key,
        externalId: key,
        fields: undefined,
      });
      if (settled !== 'gone') return settled;
    }
    const finding = await this.#context.recordCache.find(kind, 'externalId', key, 'fields');
    const settled =
      finding.kind === 'found' ? await putRecord(this.#context, target, body, finding.record) : 'gone';
    if (settled === 'gone') throw refusal(route.object, write, said);
    return settled;
  }

  /** A POST whose first answer was lost says "exists" of the record that it made itself. */
  #madeByUs({ collection, key }: Target, said: Refused, settled: Result): Result {
    if (!said.repeated) return settled;
    const known = this.#context.recordCache.peek(collection, 'externalId', key);
    const body = known?.kind === 'found' ? known.record.fields : undefined;
    const isMade = body !== undefined && wasCreated({ ...said, kind: 'ok', status: 200, body }, false);
    return isMade ? asCreated(settled) : settled;
  }

  #post({ route, collection }: Target, externalId: string, body: RestBody, isNew: boolean): VitallyRequest {
    return { method: 'POST', path: collection.path, body: postText(route.object, externalId, body, isNew) };
  }

  #countRefusedPost({ collection }: Target): void {
    this.#refusedPosts.set(collection.path, (this.#refusedPosts.get(collection.path) ?? 0) + 1);
  }
}

function keyOf(write: Write): string {
  if (write.key === undefined) throw new Error('a row without a key reached the REST writer');
  return write.key;
}
