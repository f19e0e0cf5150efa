import type { JsonValue } from '../json.ts';
import type { Stored } from './stored.ts';
import type { Table } from './table.ts';

/** A record that always has an external id. */
export interface Keyed extends Stored {
  readonly externalId: string;
}

export interface Organization extends Keyed {
  name: string | null;
  avatar: string | null;
}

export interface Account extends Keyed {
  name: string | null;
  avatar: string | null;
  /** Vitally's id of its organization. */
  organizationId: string | null;
  /** Vitally's id of the team member who owns it. */
  ownerId: string | null;
}

export interface User extends Keyed {
  name: string | null;
  email: string | null;
  avatar: string | null;
  joinDate: string | null;
  unsubscribedFromConversations: boolean;
  /** Vitally's ids. */
  readonly accountIds: Set<string>;
  readonly organizationIds: Set<string>;
  /** A deleted user stays readable for a while (vitally-api.md, "Users"). */
  deletionScheduled: boolean;
  /** The day for which the deletion was asked; `null` where none was named. */
  deleteOn: string | null;
}

/** Kinds of records besides organizations, accounts and users, by their path below `/resources`. */
export const ITEM_KINDS = [
  'admins',
  'notes',
  'noteCategories',
  'tasks',
  'taskCategories',
  'npsResponses',
  'conversations',
  'messages',
  'projects',
  'projectTemplates',
  'projectCategories',
  'projectStatuses',
  'meetings',
  'meetingTranscripts',
  'customObjects',
  'surveyResponses',
  'surveyQuestions',
] as const;

/** Of these, the kinds that can only be read and seeded. */
export const REFERENCE_KINDS: ReadonlySet<ItemKind> = new Set<ItemKind>([
  'admins',
  'noteCategories',
  'taskCategories',
  'projectTemplates',
  'projectCategories',
  'projectStatuses',
  'surveyResponses',
  'surveyQuestions',
]);

export type ItemKind = (typeof ITEM_KINDS)[number];

/** A record of one of these kinds, and an instance of a custom object: what was written, field by field. */
export interface Item extends Stored {
  externalId: string | null;
  /** Where it is kept. */
  readonly home: Table<Item>;
  readonly fields: Map<string, JsonValue>;
  /** Milliseconds since the epoch; `null` for a live one. */
  archivedAtMs: number | null;
}

/** The object that has the traits: the `model` of `customFields`; for instances, Vitally's id of their custom object too. */
export interface TraitOwner {
  readonly model: string;
  readonly customObjectId?: string;
}

export type { Outcome, Stored } from './stored.ts';
