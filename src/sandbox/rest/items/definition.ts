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
  /** Of a creation, and never to be emptied; `externalId` may be among them. */
  readonly required?: readonly string[];
  /** Required by every PUT. */
  readonly requiredOnUpdate?: readonly string[];
  /** Ignored by PUT. */
  readonly createOnly?: readonly string[];
  /** Emptied by a PUT that leaves them out. */
  readonly clearedOnPut?: readonly string[];
  /** What is shown of a field that is empty, where that isn't `null`. */
  readonly empty?: JsonObject;
  /**
   * A POST of an external id that is there: `upsert` is documented to update it, `undocumented` updates it unless a switch
   * says otherwise. `none`: POST takes no external id. `read-only`: there is neither POST nor PUT nor DELETE.
   */
  readonly writes: 'upsert' | 'undocumented' | 'none' | 'read-only';
  /** Default: `delete`. */
  readonly removal?: 'archive' | 'delete' | 'none';
  /** Sources disagree on whether a removal archives: the switch `deletes-archive` decides. */
  readonly mayArchive?: true;
  /** Methods of a single record that there are not. */
  readonly lacks?: readonly ('GET' | 'PUT')[];
  /** The record of a path id; default: Vitally's id first, then the external one. */
  find?(context: Context, id: string, request: RestRequest): Item | undefined;
  /** Judges across fields; what it returns is written. `item` is the one that is about to change. @throws Refusal */
  settle?(
    context: Context,
    fields: JsonObject,
    body: JsonObject,
    purpose: Purpose,
    item: Item | undefined,
  ): JsonObject;
  /** What a write does beside. */
  written?(context: Context, item: Item, body: JsonObject, purpose: Purpose): void;
  /** What a removal does beside. */
  removed?(context: Context, item: Item): void;
  /** What the answer has beside identity, fields and traits. `single`: not one of a list. */
  show?(context: Context, item: Item, single: boolean): JsonObject;
  /** Whether a list with this query shows the record; `archived` is seen to already. */
  listed?(context: Context, item: Item, query: URLSearchParams): boolean;
  /**
   * The list below an account or organization. `own`: records with that `accountId` or `organizationId`; a function: of
   * that Vitally's id; without it there is none.
   */
  readonly scopes?: 'own' | ((context: Context, parentId: string) => Iterable<Item>);
  /** `fields`: nothing is shown beside identity and fields. Default: traits, archivedAt and source too. */
  readonly shows?: 'fields';
  /** For a seed: what these fields refer to, which may then be named by its external id or name too. */
  readonly seedReferences?: Readonly<Record<string, ItemKind>>;
  /** Endpoints of its own, consulted first. */
  extra?(context: Context, request: RestRequest): Answer | undefined;
}
