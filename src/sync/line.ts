import { RecordError } from '../errors/record-error.ts';
import { MAX_LINE_BYTES } from '../protocol/lines.ts';
import type { RecordMessage } from '../protocol/messages.ts';
import { createMapper, type Mapper } from '../routing/columns.ts';
import { keyOf } from '../routing/keys.ts';
import { refuseNewTraits } from '../routing/new-traits.ts';
import { refuseRows } from '../routing/refused-route.ts';
import type { Route, Write } from '../routing/route.ts';
import { withTraitPaths } from '../routing/trait-names.ts';
import type { ReadTraits } from './route-traits.ts';
import { ValueCounts } from './value-counts.ts';

/** A record's row in Vitally's terms, or why it has none; its key is named where it can be. */
export interface Mapped {
  readonly write: Write;
  readonly error?: RecordError;
}

/**
 * A route and its mapping. Which traits Vitally knows of the route's object is asked before the first row is mapped
 * that brings any, and once.
 */
export class Line {
  /** What mapping changed in the values of this stream. */
  readonly values = new ValueCounts();
  readonly #readTraits: ReadTraits | undefined;
  #route: Route;
  #mapper: Mapper;
  #isSettled: boolean;

  /** @param readTraits `undefined` where Vitally cannot be asked */
  constructor(route: Route, readTraits: ReadTraits | undefined) {
    this.#route = route;
    this.#readTraits = readTraits;
    this.#isSettled =
      readTraits === undefined || route.object.traitModel === undefined || route.mode === 'delete';
    this.#mapper = createMapper(route);
  }

  /** The route as it is known by now: traits that config names by their label get their path. */
  get route(): Route {
    return this.#route;
  }

  /**
   * Maps a record.
   *
   * @throws ConfigError where the stream can't be written at all, or a listed column would become a new trait and that
   *   is ruled out
   */
  map(record: RecordMessage): Mapped | Promise<Mapped> {
    refuseRows(this.#route);
    if (record.tooLongBytes !== undefined) return this.#tooLong(record, record.tooLongBytes);
    const mapped = this.#attempt(record);
    if (this.#isSettled || !this.#dependsOnTraits(mapped)) return this.#counted(mapped);
    return this.#settle().then(() => this.#counted(this.#attempt(record)));
  }

  #dependsOnTraits({ write, error }: Mapped): boolean {
    if (this.#route.newTraits !== undefined) return true;
    const { fields } = this.#route.object;
    return error === undefined && [...write.traits.keys()].some((name) => fields[name]?.in !== 'traits');
  }

  /** Of a record that was too long to be held there are its key and its stream to tell. */
  #tooLong(record: RecordMessage, bytes: number): Mapped {
    const error = new RecordError({
      code: 'too_large',
      message: `the record is ${bytes} bytes long; the limit is ${MAX_LINE_BYTES} bytes (32 MiB)`,
      fix: 'Leave out or shorten the largest columns in the source. The record is kept without its data.',
    });
    return { write: { key: keyOrNone(this.#route, record), fields: new Map(), traits: new Map() }, error };
  }

  async #settle(): Promise<void> {
    const traits = await this.#readTraits?.(this.#route);
    if (traits === undefined) return;
    refuseNewTraits(this.#route, traits);
    this.#mapper = createMapper(this.#route, traits);
    this.#route = withTraitPaths(this.#route, traits);
    this.#isSettled = true;
  }

  #counted(mapped: Mapped): Mapped {
    this.values.add(mapped.write);
    return mapped;
  }

  #attempt(record: RecordMessage): Mapped {
    try {
      return { write: this.#mapper(record.data, record.nulled) };
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      return { write: { key: keyOrNone(this.#route, record), fields: new Map(), traits: new Map() }, error };
    }
  }
}

function keyOrNone(route: Route, record: RecordMessage): string | undefined {
  try {
    return keyOf(route, record.data, record.nulled);
  } catch (error) {
    if (error instanceof RecordError) return undefined;
    throw error;
  }
}
