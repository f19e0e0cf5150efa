import { RecordError } from '../errors/record-error.ts';
import { unreachable } from '../errors/unreachable.ts';
import type { Route, Write } from '../routing/route.ts';
import type { Answer, VitallyRequest } from '../vitally/answer.ts';
import type { Finding } from '../vitally/directory.ts';
import type { KnownRecord } from '../vitally/known-record.ts';
import { collidesWithRoute, fitsInPath, isUuid, recordPath } from '../vitally/paths.ts';
import { changesOf } from './compare.ts';
import { wasCreated } from './created.ts';
import { refusal } from './refusal.ts';
import {
  forExisting,
  postText,
  putText,
  type RestBody,
  requireForCreate,
  sufficesToCreate,
} from './rest-body.ts';
import type { RestContext } from './rest-context.ts';
import { deleteRecord } from './rest-delete.ts';
import { findUnique, restOf, unknownKey } from './rest-existence.ts';
import type { Settlement } from './settlement.ts';

/** After this many answers in a row that a record "exists", POST is no upsert in this workspace: look first. */
const REFUSALS_THAT_TEACH = 2;

type Ok = Extract<Answer, { kind: 'ok' }>;
type Refused = Exclude<Answer, { kind: 'ok' }>;

/** Writes single rows through the REST API, right under every reading of what POST and PUT do to (un)known ids. */
export class RestWriter {
  readonly #context: RestContext;
  /** By REST path: how often in a row a POST was refused because the record exists. */
  readonly #refusedPosts = new Map<string, number>();

  constructor(context: RestContext) {
    this.#context = context;
  }

  /** Settles one row. Throws {@link RecordError} for a row that is refused; anything else it throws ends the run. */
  async write(route: Route, write: Write): Promise<Settlement> {
    const key = keyOf(write);
    switch (route.mode) {
      case 'upsert':
        return await this.#upsert(route, write, key);
      case 'update':
        return await this.#updateOnly(route, write, key);
      case 'append':
        return await this.#append(route, write, key);
      case 'delete':
        return await deleteRecord(this.#context, route, write, key);
      default:
        return unreachable(route.mode);
    }
  }

  async #upsert(route: Route, write: Write, key: string): Promise<Settlement> {
    const body = await this.#context.relations.restBody(route, write);
    const known = await this.#existence(route, write, key);
    if (known?.kind === 'found') {
      const settled = await this.#put(route, write, body, known.record);
      if (settled !== 'gone') return settled;
    }
    if (known !== undefined) return await this.#create(route, write, key, body);
    const request = this.#post(route, externalIdOf(route, write, key), body, false);
    const answer = await this.#context.commit(request, { route, key, record: undefined });
    if (answer.kind === 'ok') {
      this.#refusedPosts.set(restOf(route).path, 0);
      this.#context.directory.learn(restOf(route), answer.body);
      return { outcome: { kind: wasCreated(answer, false) ? 'created' : 'updated' }, request };
    }
    if (answer.kind !== 'exists') throw refusal(route.object, write, answer);
    this.#countRefusedPost(route);
    return await this.#putExisting(route, write, key, body, answer);
  }

  /** What is known of the row's record, asking where that is needed to be right; `undefined`: POST will tell. */
  async #existence(route: Route, write: Write, key: string): Promise<Finding | undefined> {
    const rest = restOf(route);
    const relates = Object.entries(route.object.fields).some(
      ([name, field]) => field.type === 'ids' && write.fields.has(name) && route.relations === 'add',
    );
    const must =
      this.#context.lookFirst ||
      relates ||
      route.matchOn !== 'externalId' ||
      route.ifEmpty.length > 0 ||
      !sufficesToCreate(route, write) ||
      (this.#refusedPosts.get(rest.path) ?? 0) >= REFUSALS_THAT_TEACH;
    if (!must) return this.#context.directory.peek(rest, route.matchOn, key);
    const need = relates || this.#context.skipUnchanged ? 'fields' : 'id';
    return await findUnique(this.#context, route, key, need);
  }

  async #updateOnly(route: Route, write: Write, key: string): Promise<Settlement> {
    const finding = await findUnique(this.#context, route, key);
    if (finding.kind !== 'found') return unknownKey(route);
    const body = await this.#context.relations.restBody(route, write);
    const settled = await this.#put(route, write, body, finding.record);
    return settled === 'gone' ? unknownKey(route) : settled;
  }

  async #append(route: Route, write: Write, key: string): Promise<Settlement> {
    const finding = await findUnique(this.#context, route, key);
    if (finding.kind === 'found') return { outcome: { kind: 'skipped' } };
    const body = await this.#context.relations.restBody(route, write);
    return await this.#create(route, write, key, body);
  }

  /** POSTs a record that was not there a moment ago. */
  async #create(route: Route, write: Write, key: string, body: RestBody): Promise<Settlement> {
    if (route.matchOn === 'id') {
      throw new RecordError({
        code: 'unknown_key',
        message: `no ${route.object.name} has this id of Vitally's, and one can't be created under it`,
        fix: 'correct the id, or match on externalId to create records',
      });
    }
    requireForCreate(route, write.fields);
    const externalId = externalIdOf(route, write, key);
    if (route.matchOn !== 'externalId') await this.#refuseTaken(route, externalId);
    const request = this.#post(route, externalId, body, true);
    const answer = await this.#context.commit(request, { route, key, record: undefined });
    if (answer.kind === 'ok') {
      this.#context.directory.learn(restOf(route), answer.body);
      return { outcome: { kind: wasCreated(answer, true) ? 'created' : 'updated' }, request };
    }
    if (answer.kind !== 'exists') throw refusal(route.object, write, answer);
    // An earlier attempt of ours may have made it, its answer lost on the way.
    if (answer.repeated) return { outcome: { kind: 'created' }, request };
    if (route.mode === 'append') return { outcome: { kind: 'skipped' } };
    this.#countRefusedPost(route);
    return await this.#putExisting(route, write, externalId, body, answer);
  }

  /** A record whose externalId somebody else holds must not be overwritten when another key found nothing. */
  async #refuseTaken(route: Route, externalId: string): Promise<void> {
    const finding = await this.#context.directory.find(restOf(route), 'externalId', externalId);
    if (finding.kind === 'absent') return;
    throw new RecordError({
      code: 'already_taken',
      field: 'externalId',
      message: `no ${route.object.name} matches by ${route.matchOn}, but another one holds this externalId`,
      fix: `match on externalId, or mend the ${route.matchOn} in Vitally`,
    });
  }

  /** A POST said that the record exists: PUT it. The key is in the path only where it can mean nothing else. */
  async #putExisting(
    route: Route,
    write: Write,
    key: string,
    body: RestBody,
    said: Refused,
  ): Promise<Settlement> {
    const rest = restOf(route);
    this.#context.directory.forget(rest, { externalId: key });
    const plain = !isUuid(key) && !collidesWithRoute(key) && fitsInPath(key);
    if (plain && !this.#context.lookFirst && !mergesRelations(route, body)) {
      const settled = await this.#put(route, write, body, { id: key, externalId: key, fields: undefined });
      if (settled !== 'gone') return settled;
    }
    const finding = await this.#context.directory.find(rest, 'externalId', key, 'fields');
    const settled = finding.kind === 'found' ? await this.#put(route, write, body, finding.record) : 'gone';
    if (settled === 'gone') throw refusal(route.object, write, said);
    return settled;
  }

  async #put(route: Route, write: Write, body: RestBody, record: KnownRecord): Promise<Settlement | 'gone'> {
    const rest = restOf(route);
    const whole = forExisting(route, body, record);
    const changes = record.fields === undefined ? undefined : changesOf(route.object, record.fields, whole);
    const nothing = body.fields.size === 0 && body.traits.size === 0;
    if (nothing || (changes?.size === 0 && this.#context.skipUnchanged)) {
      return { outcome: { kind: 'unchanged' } };
    }
    const request: VitallyRequest = {
      method: 'PUT',
      path: recordPath(rest.path, record.id),
      body: putText(whole),
    };
    const answer = await this.#context.commit(request, { route, key: keyOf(write), record });
    if (answer.kind === 'not_found') {
      this.#context.directory.forget(rest, { id: record.id, externalId: record.externalId });
      return 'gone';
    }
    if (answer.kind !== 'ok') throw refusal(route.object, write, answer);
    this.#remember(route, record, answer);
    return { outcome: { kind: 'updated' }, request, ...(changes !== undefined && { changes }) };
  }

  #post(route: Route, externalId: string, body: RestBody, isNew: boolean): VitallyRequest {
    return { method: 'POST', path: restOf(route).path, body: postText(externalId, body, isNew) };
  }

  #remember(route: Route, record: KnownRecord, answer: Ok): void {
    const rest = restOf(route);
    // An answer without the record makes what was seen before untrue.
    if (this.#context.directory.learn(rest, answer.body) === undefined) {
      this.#context.directory.forget(rest, { id: record.id, externalId: record.externalId });
    }
  }

  #countRefusedPost(route: Route): void {
    const path = restOf(route).path;
    this.#refusedPosts.set(path, (this.#refusedPosts.get(path) ?? 0) + 1);
  }
}

function mergesRelations(route: Route, body: RestBody): boolean {
  return Object.entries(route.object.fields).some(
    ([name, field]) => field.type === 'ids' && (body.fields.has(name) || route.relations === 'add'),
  );
}

function externalIdOf(route: Route, write: Write, key: string): string {
  if (route.matchOn === 'externalId') return key;
  const given = write.fields.get('externalId');
  if (typeof given === 'string' && given !== '') return given;
  throw new RecordError({
    code: 'missing_field',
    field: 'externalId',
    message: `no ${route.object.name} matches by ${route.matchOn}, and externalId is missing to create one`,
    fix: 'map a column to externalId, or use mode update if only existing records are meant',
  });
}

function keyOf(write: Write): string {
  if (write.key === undefined) throw new Error('a row without a key reached the REST writer');
  return write.key;
}
