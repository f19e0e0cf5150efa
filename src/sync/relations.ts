import { RecordError } from '../errors/record-error.ts';
import type { JsonValue } from '../json/json.ts';
import { objectByName } from '../objects/index.ts';
import type { Field, ObjectName } from '../objects/object.ts';
import type { Route, Write } from '../routing/route.ts';
import type { Directory, Kind } from '../vitally/directory.ts';
import type { KnownRecord } from '../vitally/known-record.ts';
import type { RestBody } from './rest-body.ts';

/** How long a record that Analytics took in may need before REST shows it: seconds, sometimes minutes (Census docs). */
const VISIBILITY_WAITS_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000];

export interface RelationsOptions {
  readonly directory: Directory;
  /** Resolves when a write of this record that is on its way now has ended; `undefined` when there is none. */
  readonly running: (object: ObjectName, externalId: string) => Promise<void> | undefined;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Turns the ids a row gives for its relations, the user's own or Vitally's, into records. */
export class Relations {
  readonly #options: RelationsOptions;

  constructor(options: RelationsOptions) {
    this.#options = options;
  }

  /** A row's fields with Vitally's id in every association. Throws {@link RecordError} `unknown_association`. */
  async restBody(route: Route, write: Write): Promise<RestBody> {
    const fields = new Map<string, JsonValue>();
    for (const [name, value] of write.fields) {
      const field = route.object.fields[name];
      if (field?.association === undefined || value === null) fields.set(name, value);
      else if (Array.isArray(value)) {
        // An empty list adds nothing; it doesn't take the user out of every account.
        if (value.length > 0) fields.set(name, await this.#ids(name, field, value));
      } else fields.set(name, (await this.find(name, field, String(value))).id);
    }
    return { fields, traits: write.traits };
  }

  /** The record an association names. Throws {@link RecordError} `unknown_association` where there is none. */
  async find(name: string, field: Field, id: string): Promise<KnownRecord> {
    const association = field.association;
    if (association === undefined) throw new Error(`${name} is no association`);
    const record = await this.lookUp(association, id);
    if (record !== undefined) return record;
    throw new RecordError({
      code: 'unknown_association',
      field: name,
      message: `${name} names an ${association} that Vitally does not have, by your own id or by Vitally's`,
      fix: `send the ${association} first, or correct the id`,
      detail: `looked for ${association} ${JSON.stringify(id)}`,
    });
  }

  /** The record with this id of the user's own or of Vitally's; waits for one that is on its way. */
  async lookUp(object: ObjectName, id: string): Promise<KnownRecord | undefined> {
    const kind = objectByName(object).rest;
    if (kind === undefined) return undefined;
    await this.#options.running(object, id);
    const waits = this.#options.directory.wasAccepted(kind, id) ? VISIBILITY_WAITS_MS : [];
    for (const wait of [...waits, undefined]) {
      const finding = await this.#options.directory.find(kind, 'either', id);
      if (finding.kind === 'found') return finding.record;
      if (wait === undefined) break;
      await this.#options.sleep(wait);
      // It was taken in: that it was missing a moment ago says nothing.
      this.#options.directory.accept(kind, id);
    }
    return undefined;
  }

  /** Resolves when a write of this record that is on its way now, if any, has ended. */
  async settled(object: ObjectName, id: string): Promise<void> {
    await this.#options.running(object, id);
  }

  /** Where records of this object live, so that the directory can be asked what it was told of them. */
  acceptedKind(object: ObjectName): Kind | undefined {
    return objectByName(object).rest;
  }

  async #ids(name: string, field: Field, values: readonly JsonValue[]): Promise<JsonValue[]> {
    const records = await Promise.all(values.map((value) => this.find(name, field, String(value))));
    return [...new Set(records.map((record) => record.id))];
  }
}
