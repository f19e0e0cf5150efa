/** Names of Vitally's objects as the contract's section 4 spells them. */
export type ObjectName = 'organization' | 'account' | 'user' | 'event';

/**
 * How a value must look in Vitally. `text` takes scalars as text and arrays or objects as JSON text; `ids` is a
 * list of texts given as an array, JSON text or one value; `datetime` is ISO 8601.
 */
export type FieldType = 'text' | 'number' | 'boolean' | 'datetime' | 'id' | 'ids';

export interface Field {
  readonly type: FieldType;
  readonly title: string;
  readonly description: string;
  /** Where the REST API takes it: a body field (default), or a trait that Vitally reads as a standard field. */
  readonly in?: 'body' | 'traits';
  /** The object whose ids the field holds, given as your own external ids or as Vitally's. */
  readonly association?: Exclude<ObjectName, 'event'>;
  /** Other column names that mean this field, e.g. `accountId` for `accountIds`. */
  readonly aliases?: readonly string[];
  /** Its key among the message's traits over the Analytics API, where it is not a field of the message itself. */
  readonly analyticsTrait?: string;
  /** The message field over the Analytics API. */
  readonly analyticsField?: string;
  /** The field can't be emptied: a null column is left out. */
  readonly neverNull?: boolean;
}

/** A kind of thing in Vitally, declared once; validation, discover, the docs and the writers all read it. */
export interface VitallyObject {
  readonly name: ObjectName;
  readonly plural: string;
  readonly title: string;
  /** Names a plain stream may bear to be routed here, compared without case, `_`, `-` and spaces. */
  readonly streamNames: readonly string[];
  readonly keys: readonly ('externalId' | 'id' | 'email')[];
  readonly modes: readonly ('upsert' | 'update' | 'append' | 'delete')[];
  readonly fields: Readonly<Record<string, Field>>;
  /** Each entry must be there to create a record; an inner list means one of these. */
  readonly requiredToCreate: readonly (string | readonly string[])[];
  /** Where columns go that are no field: the record's traits or the event's properties. */
  readonly others: 'traits' | 'properties';
  readonly rest?: {
    /** e.g. `/resources/accounts`; a record is at `<path>/<id>`. */
    readonly path: string;
    /** Query that finds records by e-mail, where there is a search. */
    readonly search?: string;
    /** Query without which the list hides some of the records. */
    readonly listFilter?: string;
  };
  readonly analytics?: {
    /** The message's `type` in a batch. */
    readonly type: string;
    /** The message field that bears the key. */
    readonly keyField: string;
  };
}
