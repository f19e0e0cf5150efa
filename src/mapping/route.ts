import type { MatchOn, Mode, RowOptions } from '../config/stream-options.ts';
import type { Fault } from '../errors/config-error.ts';
import type { JsonValue } from '../json/json.ts';
import type { VitallyObject } from '../objects/object.ts';

export type Transport = 'rest' | 'analytics';

/** A configured stream and all that is resolved about it before its first record: code past `routing/` reads no config. */
export interface Route extends RowOptions {
  readonly stream: string;
  /** `undefined` where the catalog has none, null or "". */
  readonly namespace: string | undefined;
  readonly object: VitallyObject;
  /** Name, label or id of the custom object, where `object` is `custom_object`. */
  readonly customObject?: string;
  /** Where config or catalog names it, for a fault. */
  readonly customObjectPlace?: string;
  readonly mode: Mode;
  readonly matchOn: MatchOn;
  /**
   * Source columns that make the key, joined with `:`. Empty where no column does: for events without a key, for
   * appended rows whose key is derived from their content, and where the object's `keyFields` make it.
   */
  readonly keyColumns: readonly string[];
  /** The key of every row, where a constant of the config gives it; {@link keyColumns} is empty then. */
  readonly keyConstant?: string;
  /** Where rows are requests: what is sent. */
  readonly request?: RouteRequest;
  readonly transport: Transport;
  /** Columns have destination names already (Airbyte's data activation). */
  readonly mapped: boolean;
  /** `reject`: a row is rejected for a column that the catalog did not list and that is no field. */
  readonly otherColumns: 'traits' | 'drop' | 'reject';
  readonly unknownKey: 'skip' | 'reject';
  /** In one form: a field's name in {@link Write.fields}, or `traits.x` for {@link Write.traits}. */
  readonly ifEmpty: readonly string[];
  /** Why none of its rows can be written: told at the first one. Without rows (a Clear) the run succeeds. */
  readonly unwritable?: Fault;
  /** Columns that the catalog lists; `undefined` where it lists none. */
  readonly listedColumns?: ReadonlySet<string>;
  /** `drop`: the entry drops columns that go to no field, the id of an account on an object without accounts too. */
  readonly foreignIds?: 'drop';
  /** Where new traits are ruled out: the listed columns that are no field, to be compared with the traits that Vitally knows. */
  readonly newTraits?: NewTraits;
}

/** A part of a path: text as it stands, or the value of a column. */
export type PathPart = { readonly text: string } | { readonly column: string };

/** A path with columns in braces, such as `/resources/surveys/{survey_id}/responses`. */
export interface PathTemplate {
  /** As the config has it: fit for a message, since it holds no value of a row. */
  readonly text: string;
  /** Behind `/resources/`, none of them empty. */
  readonly segments: readonly (readonly PathPart[])[];
  /** Each column once. */
  readonly columns: readonly string[];
}

/** The request that each row of a route fills. */
export interface RouteRequest {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly path: PathTemplate;
}

/** Columns that would become new traits unless Vitally knows them. */
export interface NewTraits {
  readonly columns: readonly string[];
  /** The place in the config that rules new traits out. */
  readonly path: string;
}

/** A row in Vitally's terms: what {@link Route} makes of a record. */
export interface Write {
  /** The key as text; `undefined` for an event without one. */
  readonly key: string | undefined;
  /**
   * Body fields by their REST name, coerced to the field's type. `null` empties the field. Associations hold the
   * ids as the row gave them: text for one, a list of texts for several.
   */
  readonly fields: ReadonlyMap<string, JsonValue>;
  /** Traits (for an event: its properties; for a request: the members of its body) by key; `null` removes one. */
  readonly traits: ReadonlyMap<string, JsonValue>;
  /** The path of its request, where the route has one. */
  readonly path?: string;
  /** Fields, and traits as `traits.x`, whose value was brought into another JSON type or form. */
  readonly coerced?: readonly string[];
  /** Fields out of which HTML was taken that Vitally doesn't keep. */
  readonly stripped?: readonly string[];
}
