import { RecordError } from '../errors/record-error.ts';
import { unreachable } from '../errors/unreachable.ts';
import { sufficesToCreate } from '../mapping/merge-writes.ts';
import type { ObjectName } from '../objects/object.ts';
import type { Route, Write } from '../routing/route.ts';
import type { Answer, VitallyRequest } from '../vitally/answer.ts';
import type { Finding } from '../vitally/directory.ts';
import type { KnownRecord } from '../vitally/known-record.ts';
import { isListed } from '../vitally/lookup.ts';
import { collidesWithRoute, fitsInPath, isUuid } from '../vitally/paths.ts';
import { unsure } from '../write/rest/lost-answers.ts';
import { type Posted, postRecord } from '../write/rest/post-record.ts';
import { wasCreated } from './created.ts';
import { refusal } from './refusal.ts';
import { externalIdOf, keepsOrMerges, postText, type RestBody, requireForCreate } from './rest-body.ts';
import type { RestContext, Target } from './rest-context.ts';
import { deleteRecord } from './rest-delete.ts';
import { findUnique, kindOf, unknownKey, within } from './rest-existence.ts';
import { putRecord } from './rest-put.ts';
import type { Settlement } from './settlement.ts';
import { type SpecialWriter, specialWriters } from './special-writer.ts';

/** After this many answers in a row that a record "exists", POST is no upsert in this workspace: look first. */
const REFUSALS_THAT_TEACH = 2;

type Refused = Exclude<Answer, { kind: 'ok' }>;

/** Writes single rows through the REST API, right under every reading of what POST and PUT do to (un)known ids. */
export class RestWriter {
  readonly #context: RestContext;
  readonly #special: ReadonlyMap<ObjectName, SpecialWriter>;
  /** By REST path: how often in a row a POST was refused because the record exists. */
  readonly #refusedPosts = new Map<string, number>();

  constructor(context: RestContext) {
    this.#context = context;
    this.#special = specialWriters(context);
  }

  /** Settles one row. Throws {@link RecordError} for a row that is refused; anything else it throws ends the run. */
  async write(route: Route, write: Write): Promise<Settlement> {
    const special = this.#special.get(route.object.name);
    if (special === undefined) return await this.#plain(route, write);
    return await special.write(route, write, (row) => this.#plain(route, row));
  }

  /** Writes rows that go together; `undefined` for an object whose rows don't. */
  async writeGroup(route: Route, writes: readonly Write[]): Promise<Settlement[] | undefined> {
    return await this.#special.get(route.object.name)?.writeGroup?.(route, writes);
  }

  async #plain(route: Route, write: Write): Promise<Settlement> {
    const target = { route, write, key: keyOf(write), kind: await kindOf(route, this.#context.named) };
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

  async #upsert(given: Target): Promise<Settlement> {
    const { route, write, key } = given;
    const body = await this.#context.relations.restBody(route, write);
    const target = { ...given, kind: within(given.kind, body) };
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
      this.#refusedPosts.set(target.kind.path, 0);
      return { outcome: { kind: wasCreated(answer, false) ? 'created' : 'updated' }, request };
    }
    if (answer.kind !== 'exists') throw refusal(route.object, write, answer);
    this.#countRefusedPost(target);
    return this.#madeByUs(target, answer, await this.#putExisting(target, body, answer));
  }

  /** What is known of the row's record, asking where that is needed to be right; `undefined`: POST will tell. */
  async #existence(target: Target): Promise<Finding | undefined> {
    const { route, write, key, kind } = target;
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
      (this.#refusedPosts.get(kind.path) ?? 0) >= REFUSALS_THAT_TEACH;
    if (!must) return this.#context.directory.peek(kind, route.matchOn, key);
    const need = relates || this.#context.skipUnchanged || route.ifEmpty.length > 0 ? 'fields' : 'id';
    return await findUnique(this.#context, target, need);
  }

  async #updateOnly(given: Target): Promise<Settlement> {
    const { route, write } = given;
    // A list of one account is shorter than the whole one: there, the relations are looked up first.
    const early = isListed(given.kind, 'externalId')
      ? await this.#context.relations.restBody(route, write)
      : undefined;
    const target = early === undefined ? given : { ...given, kind: within(given.kind, early) };
    const finding = await findUnique(this.#context, target);
    if (finding.kind !== 'found') return unknownKey(route);
    const body = early ?? (await this.#context.relations.restBody(route, write));
    const settled = await putRecord(this.#context, target, body, finding.record);
    return settled === 'gone' ? unknownKey(route) : settled;
  }

  async #append(given: Target): Promise<Settlement> {
    const { route, write } = given;
    const early = isListed(given.kind, 'externalId')
      ? await this.#context.relations.restBody(route, write)
      : undefined;
    const target = early === undefined ? given : { ...given, kind: within(given.kind, early) };
    const finding = await findUnique(this.#context, target, 'id');
    if (finding.kind === 'found') return { outcome: { kind: 'skipped' } };
    return await this.#create(target, early ?? (await this.#context.relations.restBody(route, write)));
  }

  /** POSTs a record that was not there a moment ago. */
  async #create(target: Target, body: RestBody): Promise<Settlement> {
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
      return { outcome: { kind: wasCreated(answer, true) ? 'created' : 'updated' }, request };
    }
    if (answer.kind !== 'exists') throw refusal(route.object, write, answer);
    // An earlier attempt of ours may have made it, its answer lost on the way.
    if (answer.repeated) return { outcome: { kind: 'created' }, request };
    if (route.mode === 'append') return { outcome: { kind: 'skipped' } };
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
  ): Promise<Settlement> {
    const { route } = target;
    const shown = { kind: 'ok', status: 200, body: found.fields, sentAtMs, repeated: true } as const;
    if (wasCreated(shown, isNew)) return { outcome: { kind: 'created' }, request };
    if (route.mode === 'append') return { outcome: { kind: 'skipped' } };
    const settled = await putRecord(this.#context, target, body, found);
    if (settled === 'gone') throw unsure(route.object.title.toLowerCase());
    // What it holds already may be the doing of the request whose answer was lost.
    if (settled.outcome.kind === 'unchanged') return { outcome: { kind: 'updated' }, request };
    return settled;
  }

  /** A record whose externalId somebody else holds must not be overwritten when another key found nothing. */
  async #refuseTaken({ route, kind }: Target, externalId: string): Promise<void> {
    const finding = await this.#context.directory.find(kind, 'externalId', externalId);
    if (finding.kind === 'absent') return;
    throw new RecordError({
      code: 'already_taken',
      field: 'externalId',
      message: `no ${route.object.name} matches by ${route.matchOn}, but another one holds this externalId`,
      fix: `Match on externalId, or mend the ${route.matchOn} in Vitally.`,
    });
  }

  /** A POST said that the record exists: PUT it. The key is in the path only where it can mean nothing else. */
  async #putExisting(target: Target, body: RestBody, said: Refused): Promise<Settlement> {
    const { route, write, key } = target;
    // Not in the account's list, and yet there: it must be looked for everywhere.
    const { within: _within, ...kind } = target.kind;
    this.#context.directory.forget(kind, { externalId: key });
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
    const finding = await this.#context.directory.find(kind, 'externalId', key, 'fields');
    const settled =
      finding.kind === 'found' ? await putRecord(this.#context, target, body, finding.record) : 'gone';
    if (settled === 'gone') throw refusal(route.object, write, said);
    return settled;
  }

  /** A POST whose first answer was lost says "exists" of the record that it made itself. */
  #madeByUs({ kind, key }: Target, said: Refused, settled: Settlement): Settlement {
    if (!said.repeated) return settled;
    const known = this.#context.directory.peek(kind, 'externalId', key);
    const body = known?.kind === 'found' ? known.record.fields : undefined;
    const created = body !== undefined && wasCreated({ ...said, kind: 'ok', status: 200, body }, false);
    return created ? { ...settled, outcome: { kind: 'created' } } : settled;
  }

  #post({ route, kind }: Target, externalId: string, body: RestBody, isNew: boolean): VitallyRequest {
    return { method: 'POST', path: kind.path, body: postText(route.object, externalId, body, isNew) };
  }

  #countRefusedPost({ kind }: Target): void {
    this.#refusedPosts.set(kind.path, (this.#refusedPosts.get(kind.path) ?? 0) + 1);
  }
}

function keyOf(write: Write): string {
  if (write.key === undefined) throw new Error('a row without a key reached the REST writer');
  return write.key;
}
