import { columnsOf } from '../../config/stream-options.ts';
import { RecordError } from '../../errors/record-error.ts';
import { triedNow } from '../../errors/tried.ts';
import { ExcludedColumns } from '../../mapping/columns/excluded-columns.ts';
import { NamedColumns, type RowColumns } from '../../mapping/columns/named-columns.ts';
import { keyOf } from '../../mapping/keys.ts';
import type { Route, Write } from '../../mapping/route.ts';
import { createRowMapper, type RowMapper } from '../../mapping/row-mapper.ts';
import { isDeletedInSource, MAX_COLUMNS } from '../../mapping/source-columns.ts';
import { type TraitNames, withTraitPaths } from '../../mapping/trait-names.ts';
import { MAX_LINE_BYTES } from '../../protocol/input/lines.ts';
import type { RecordMessage } from '../../protocol/messages.ts';
import { RowNotes } from '../../report/row-notes.ts';
import { ValueCounts } from '../../report/value-counts.ts';
import { faultNewTraits } from '../../routing/checks/new-traits.ts';
import { assertWritable } from '../../routing/unwritable-route.ts';
import type { ReadTraits } from './known-traits-reader.ts';

/** No shorter text has more columns: `"":1,`. */
const MIN_COLUMN_CHARACTERS = 5;

/** A record's row in Vitally's terms, or why it has none; its key is named where it can be. */
export interface Mapped {
  /** How the row is to be written: a row that was deleted in the source may have a route of its own. */
  readonly route: Route;
  readonly write: Write;
  readonly error?: RecordError;
  /** The row was deleted in the source: nothing is to be done. */
  readonly isSkipped?: boolean;
}

/**
 * A route and its mapping. Which traits Vitally knows of the route's object is asked before the first row is mapped
 * that brings any, and once.
 */
export class StreamMapper {
  /** What mapping changed in the values of this stream. */
  readonly values = new ValueCounts();
  /** What this stream's rows gave occasion to say. */
  readonly notes = new RowNotes();
  readonly #named: NamedColumns;
  readonly #excluded: ExcludedColumns;
  /** For rows that were deleted in the source; `undefined` where those are skipped. */
  readonly #deletes: { readonly route: Route; readonly map: RowMapper } | undefined;
  readonly #readTraits: ReadTraits | undefined;
  #traits: Promise<TraitNames | undefined> | undefined;
  #route: Route;
  #mapper: RowMapper;
  #knowsTraits: boolean;

  /** @param readTraits `undefined` where Vitally cannot be asked */
  constructor(route: Route, readTraits: ReadTraits | undefined) {
    this.#route = route;
    this.#readTraits = readTraits;
    this.#knowsTraits =
      readTraits === undefined || route.object.traitModel === undefined || route.mode === 'delete';
    this.#mapper = createRowMapper(route, undefined, this.notes);
    this.#excluded = new ExcludedColumns(route.exclude);
    this.#named = new NamedColumns(
      [...route.keyColumns, ...route.fields.flatMap(columnsOf), ...(route.request?.path.columns ?? [])],
      route.listedColumns,
    );
    if (route.deletedRows === 'delete' && route.mode !== 'delete') {
      const deleting = deletingRoute(route);
      this.#deletes = { route: deleting, map: createRowMapper(deleting) };
    }
  }

  /** Columns of the key and of `fields` that no row has had so far. */
  get absentColumns(): string[] {
    return this.#named.absent;
  }

  /** The route as far as it is known: traits that config names by their label get their path. */
  get route(): Route {
    return this.#route;
  }

  /**
   * The traits that Vitally knows of the route's object, asked for once, also where that failed: tries are bounded for all
   * who ask together. `undefined` where it can't be asked.
   */
  async knownTraits(): Promise<TraitNames | undefined> {
    this.#traits ??= this.#readTraits?.(this.#route);
    return await this.#traits;
  }

  /** A record as it may go on: without the columns that the config excludes. */
  admitted(record: RecordMessage): RecordMessage {
    return this.#excluded.without(record);
  }

  /**
   * Maps a record that was {@link admitted}.
   *
   * @throws ConfigError where the stream can't be written at all, or a listed column would become a new trait and that
   *   is ruled out
   */
  map(record: RecordMessage): Mapped | Promise<Mapped> {
    assertWritable(this.#route);
    const row = this.#named.in(record);
    if (record.tooLongBytes !== undefined) return this.#tooLong(row, record.tooLongBytes);
    if (hasTooManyColumns(record)) return this.#tooWide(row);
    if (this.#route.mode !== 'delete' && isDeletedInSource(row.data)) return this.#deleted(row);
    const mapped = this.#attempt(row);
    if (this.#knowsTraits || !this.#dependsOnTraits(mapped)) return this.#counted(mapped);
    return this.#readKnownTraits().then(() => this.#counted(this.#attempt(row)));
  }

  /** A row that was deleted in the source is never written: such rows often hold their primary key alone. */
  #deleted(row: RowColumns): Mapped {
    if (this.#deletes !== undefined) return this.#attempt(row, this.#deletes.route, this.#deletes.map);
    this.notes.deletedRow();
    return { ...unmapped(this.#route, row), isSkipped: true };
  }

  #dependsOnTraits({ write, error }: Mapped): boolean {
    if (this.#route.newTraits !== undefined) return true;
    const { fields } = this.#route.object;
    return error === undefined && [...write.traits.keys()].some((name) => fields[name]?.in !== 'traits');
  }

  /** Of a record that was too long to be held, its key and its stream are known. */
  #tooLong(row: RowColumns, bytes: number): Mapped {
    const error = new RecordError({
      code: 'too_large',
      message: `the record is ${bytes} bytes long; the limit is ${MAX_LINE_BYTES} bytes (32 MiB)`,
      fix: 'Leave out or shorten the largest columns in the source. The record is kept without its data.',
    });
    return { ...unmapped(this.#route, row), error };
  }

  #tooWide(row: RowColumns): Mapped {
    const error = new RecordError({
      code: 'too_large',
      message: `the row has ${Object.keys(row.data).length} columns; the limit is ${MAX_COLUMNS}`,
      fix: 'Leave out columns in the source, or put those that belong together into one that holds an object.',
    });
    return { ...unmapped(this.#route, row), error };
  }

  async #readKnownTraits(): Promise<void> {
    const traits = await this.knownTraits();
    if (traits === undefined) return;
    faultNewTraits(this.#route, traits);
    this.#mapper = createRowMapper(this.#route, traits, this.notes);
    this.#route = withTraitPaths(this.#route, traits);
    this.#knowsTraits = true;
  }

  #counted(mapped: Mapped): Mapped {
    this.values.add(mapped.write);
    return mapped;
  }

  #attempt(row: RowColumns, route: Route = this.#route, map: RowMapper = this.#mapper): Mapped {
    const { value: write, error } = triedNow(() => map(row.data, row.nulled));
    return error === undefined ? { route, write } : { ...unmapped(route, row), error };
  }
}

/** The route of rows that are to be deleted because they were in the source. A record that is not there any more is no fault. */
function deletingRoute(route: Route): Route {
  const [transport = 'rest'] = route.object.transports?.delete ?? ['rest'];
  return { ...route, mode: 'delete', unknownKey: 'skip', transport };
}

/** A row of which only the key is known, if that. */
function unmapped(route: Route, row: RowColumns): Pick<Mapped, 'route' | 'write'> {
  return { route, write: { key: keyOrNone(route, row), fields: new Map(), traits: new Map() } };
}

function keyOrNone(route: Route, { data, nulled }: RowColumns): string | undefined {
  return triedNow(() => keyOf(route, data, nulled)).value;
}

function hasTooManyColumns({ raw, data }: RecordMessage): boolean {
  return raw.length > MAX_COLUMNS * MIN_COLUMN_CHARACTERS && Object.keys(data).length > MAX_COLUMNS;
}
