/** Names of Vitally's objects as Contract 4 spells them. */
export type ObjectName =
  | 'organization'
  | 'account'
  | 'user'
  | 'event'
  | 'note'
  | 'task'
  | 'conversation'
  | 'message'
  | 'nps_response'
  | 'project'
  | 'meeting'
  | 'meeting_transcript'
  | 'custom_object'
  | 'user_account'
  | 'request';

/** What a field may point at: records, team members, and things that have a name in Vitally's settings. */
export type Association =
  | 'organization'
  | 'account'
  | 'user'
  | 'conversation'
  | 'meeting'
  | 'admin'
  | 'noteCategory'
  | 'taskCategory'
  | 'projectCategory'
  | 'projectTemplate'
  | 'projectStatus';

/**
 * How a value must look in Vitally. `text` takes scalars as text and arrays or objects as JSON text; `email` is text
 * without blanks around it, the same in any case; `html` is text
 * cleaned to the tags that Vitally keeps; `id` is one id as text, `ids` and `texts` a list of texts given as an array,
 * JSON text or one value; `datetime` is ISO 8601, `date` a bare date or ISO 8601; `json` is a list of objects given as
 * an array or JSON text.
 */
export type FieldType =
  | 'text'
  | 'email'
  | 'html'
  | 'number'
  | 'boolean'
  | 'datetime'
  | 'date'
  | 'id'
  | 'ids'
  | 'texts'
  | 'json';

/**
 * What a `json` field lists. Each element is brought to one form:
 *
 * - `participant` (of a message): `{id}`, your own user id, an e-mail or Vitally's id, with `type` where the row says
 *   `user` or `admin`;
 * - `attendee` (of a meeting): one of `{id}` as above, `{userId}`, `{vitallyUserId}` and `{email}`, beside `type`
 *   (`attendee` where left out) and `responseStatus` where given;
 * - `message` (of a conversation): the fields of the object `message` beside its `externalId`;
 * - `speech` (of a transcript): `{speaker: {externalId, email?, name?}, sentences: [{text, startTime?, endTime?}]}`.
 */
export type ItemKind = 'participant' | 'attendee' | 'message' | 'speech';

export interface Field {
  readonly type: FieldType;
  readonly title: string;
  readonly description: string;
  /** Where the REST API takes it: a body field (default), or a trait that Vitally reads as a standard field. */
  readonly in?: 'body' | 'traits';
  /** Its name in a REST body, where that is another. */
  readonly restName?: string;
  /** What the field's ids point at, given as your own external ids, as Vitally's, or by name or e-mail. */
  readonly association?: Association;
  /** Where Vitally shows all that the record belongs to, which may be more than the one that the field takes. */
  readonly listedIn?: string;
  /** Other column names that mean this field, e.g. `accountId` for `accountIds`. */
  readonly aliases?: readonly string[];
  /** Names for it on the pages of other tools: see {@link file://./other-names.ts}, which adds what follows from a rule. */
  readonly otherNames?: readonly string[];
  /** Its key among the message's traits over the Analytics API, where it is not a field of the message itself. */
  readonly analyticsTrait?: string;
  /** The message field over the Analytics API. */
  readonly analyticsField?: string;
  /** The field can't be emptied: a null column is left out. */
  readonly neverNull?: boolean;
  /**
   * Vitally takes null alone, of a record that is there: the field can be emptied and never filled. A column of its name
   * that holds anything else is a column without a field.
   */
  readonly onlyNull?: true;
  /** Vitally takes it when the record is created and not afterwards. */
  readonly createOnly?: boolean;
  /** A PUT without it loses it or is refused: what the record holds is sent along where the row says nothing. */
  readonly keptOnPut?: boolean;
  /** A whole number within these bounds, both included: anything else is rejected. */
  readonly range?: { readonly min: number; readonly max: number };
  /** What a `json` field lists. */
  readonly items?: ItemKind;
  /** A `json` field of one element, which is its value without a list around it. */
  readonly single?: boolean;
}

type Mode = 'upsert' | 'update' | 'append' | 'delete';

/** A kind of thing in Vitally, declared once; validation, discover, the docs and the writers all read it. */
export interface VitallyObject {
  readonly name: ObjectName;
  readonly plural: string;
  readonly title: string;
  /** Names of plain streams that are routed here, compared without case, `_`, `-` and spaces. */
  readonly streamNames: readonly string[];
  /** What rows may be matched on, the usual one first. Empty where {@link keyFields} alone make the key. */
  readonly keys: readonly ('externalId' | 'id' | 'email')[];
  /**
   * Fields whose values make the key, joined with `:`, where no column does; an inner list means the one that is
   * given. Only what {@link requiredToCreate} names must be there.
   */
  readonly keyFields?: readonly (string | readonly string[])[];
  /** The field that carries the key where a column of its name is the key: an event's message id. */
  readonly fieldOfKey?: string;
  /** The object whose record's id is the key: a meeting's transcript has none of its own. */
  readonly keyOf?: 'meeting';
  readonly modes: readonly Mode[];
  readonly fields: Readonly<Record<string, Field>>;
  /** Days that a DELETE takes in its query, by their names there. Columns of these names are read in mode delete alone. */
  readonly deleteFields?: Readonly<Record<string, Field & { readonly type: 'date' }>>;
  /** Each entry must be there to create a record; an inner list means one of these. */
  readonly requiredToCreate: readonly (string | readonly string[])[];
  /** Where columns go that are no field: the record's traits, the event's properties, the request's body, or nowhere. */
  readonly others: 'traits' | 'properties' | 'body' | 'nowhere';
  /**
   * What becomes of a column that holds an account's or organization's id although the object has no field for it:
   * Vitally takes them from who takes part. `reject`: the row is rejected, since it would otherwise belong to no record, in
   * silence.
   */
  readonly foreignPlaces?: {
    readonly fate: 'reject' | 'leave out';
    /** Columns for a single id have their field: those for several have none. */
    readonly only?: 'lists';
    readonly reason: string;
    readonly remedy: string;
  };
  /** Columns that are no field, and whose reader probably thinks they are one: what to do. By their name. */
  readonly hints?: Readonly<Record<string, string>>;
  /** What Vitally calls the object where it lists the traits that it knows (vitally-api.md, "Traits"). */
  readonly traitModel?: string;
  /**
   * Rows share a lane with the record that this field points at (without a field: that has the row's key), so that the
   * two are never written at the same time.
   */
  readonly lane?: { readonly object: ObjectName; readonly field?: string };
  /** Rows may come without a key in mode append: their id is derived from their content. */
  readonly derivesKey?: boolean;
  /**
   * Its rows are requests rather than records: the stream gives a path, which a row fills. They need no key; those of one
   * key are sent one after the other.
   */
  readonly byPath?: true;
  /** The workspace defines kinds of it, each with a name of its own: a stream must say which kind its rows are. */
  readonly definedByWorkspace?: boolean;
  readonly rest?: RestEndpoints;
  readonly analytics?: {
    /** The message's `type` in a batch. */
    readonly type: string;
    /** The message field that holds the key. */
    readonly keyField: string;
    /** A message of another record that names one which is not there makes it (vitally-api.md, "Analytics messages"). */
    readonly madeByOthers?: true;
  };
  /** The APIs that can do a mode, the preferred one first, where that is not as `rest` and `analytics` say. */
  readonly transports?: Readonly<Partial<Record<Mode, readonly ('rest' | 'analytics')[]>>>;
}

export interface RestEndpoints {
  /**
   * e.g. `/resources/accounts`; a record is at `<path>/<id>`. `:customObject` is replaced by Vitally's id of the custom
   * object, `:meeting` for that of the meeting whose one transcript is at this very path.
   */
  readonly path: string;
  /** Query that finds records by e-mail, where there is a search. */
  readonly search?: string;
  /** Query without which the list hides some of the records, or shows archived ones. */
  readonly listFilter?: string;
  /**
   * How a record is found by your own id: at its path (default); in the list of its account or organization, else in
   * the whole list; or by the search of custom object instances.
   */
  readonly lookup?: 'path' | 'list' | 'instances';
  /** Its DELETE takes Vitally's ids alone, although reads take yours. */
  readonly deletesByIdOnly?: boolean;
  /**
   * A DELETE may only set `archivedAt`, and what is archived may still be found: it counts as not there, so that update
   * and delete skip it and upsert makes the record anew.
   */
  readonly archivesOnDelete?: boolean;
  /** POST might make a second copy or wipe what the row doesn't mention: look before writing. */
  readonly looksFirst?: boolean;
}
