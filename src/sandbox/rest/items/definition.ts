import type { Answer } from '../../answer.ts';
import type { Context } from '../../context.ts';
import type { JsonObject } from '../../json.ts';
import type { Item, ItemKind } from '../../store/records.ts';
import type { Table } from '../../store/table.ts';
import type { World } from '../../store/world.ts';
import type { Purpose } from '../object-resource.ts';
import type { RestRequest } from '../resource.ts';
import type { FieldReader } from './fields.ts';

/** A resource of items: what it holds and which of the usual endpoints it has. */
export interface ItemDefinition {
  /** Below `/resources`. */
  readonly path: string;
  /** As in `Note not found`. */
  readonly title: string;
  table(world: World): Table<Item>;
  /** Every field that is written and shown, by its name. */
  readonly fields: Readonly<Record<string, FieldReader>>;
  /** A creation needs these, and no change may empty them; `externalId` may be among them. */
  readonly required?: readonly string[];
  /** Every PUT needs these. */
  readonly requiredOnUpdate?: readonly string[];
  /** PUT ignores these. */
  readonly createOnly?: readonly string[];
  /** A PUT that leaves these out empties them. */
  readonly clearedOnPut?: readonly string[];
  /** What is shown of a field that is empty, where that isn't `null`. */
  readonly empty?: JsonObject;
  /**
   * What a POST of an external id does that is there: `upsert` is documented to update it, `undocumented` updates it
   * unless a switch says otherwise. `none`: POST takes no external id. `read-only`: neither POST nor PUT nor DELETE.
   */
  readonly writes: 'upsert' | 'undocumented' | 'none' | 'read-only';
  /** Default: `delete`. */
  readonly removal?: 'archive' | 'delete' | 'none';
  /** Sources disagree on whether a removal archives: the switch `deletes-archive` decides. */
  readonly mayArchive?: true;
  /** Methods that a single record does not have. */
  readonly lacks?: readonly ('GET' | 'PUT')[];
  /** The record of a path id; default: Vitally's id first, then the external one. */
  find?(context: Context, id: string, request: RestRequest): Item | undefined;
  /** Checks the fields together and returns those to write. `item` is the one about to change. @throws Refusal */
  settle?(
    context: Context,
    fields: JsonObject,
    body: JsonObject,
    purpose: Purpose,
    item: Item | undefined,
  ): JsonObject;
  /** What else a write does. */
  written?(context: Context, item: Item, body: JsonObject, purpose: Purpose): void;
  /** What else a removal does. */
  removed?(context: Context, item: Item): void;
  /** What the answer has besides identity, fields and traits. `single`: the record is not one of a list. */
  show?(context: Context, item: Item, single: boolean): JsonObject;
  /** Whether a list with this query shows the record; `archived` is judged elsewhere. */
  listed?(context: Context, item: Item, query: URLSearchParams): boolean;
  /**
   * The list below an account or organization. `own` lists the records with its `accountId` or `organizationId`, a
   * function those that it returns for Vitally's id. Without either there is no such list.
   */
  readonly scopes?: 'own' | ((context: Context, parentId: string) => Iterable<Item>);
  /** `fields` shows identity and fields alone. Default: traits, archivedAt and source too. */
  readonly shows?: 'fields';
  /** For a seed: what these fields refer to. The seed may name it by external id or name too. */
  readonly seedReferences?: Readonly<Record<string, ItemKind>>;
  /** Endpoints of its own, which are tried first. */
  extra?(context: Context, request: RestRequest): Answer | undefined;
}
