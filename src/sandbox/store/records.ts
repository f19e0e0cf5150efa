import type { JsonValue } from '../json.ts';

/** What every record of Vitally has. */
export interface Stored {
  /** Vitally's own id, a UUID. */
  readonly id: string;
  readonly externalId: string;
  readonly createdAtMs: number;
  updatedAtMs: number;
  /** Order of creation and of the last change: unlike times, never equal for two records. */
  readonly createdOrder: number;
  updatedOrder: number;
  readonly traits: Map<string, JsonValue>;
}

export interface Organization extends Stored {
  name: string | null;
  avatar: string | null;
}

export interface Account extends Stored {
  name: string | null;
  avatar: string | null;
  /** Vitally's id of its organization. */
  organizationId: string | null;
}

export interface User extends Stored {
  name: string | null;
  email: string | null;
  avatar: string | null;
  joinDate: string | null;
  unsubscribedFromConversations: boolean;
  /** Vitally's ids. */
  readonly accountIds: Set<string>;
  readonly organizationIds: Set<string>;
  /** A deleted user stays readable for a while (observed against the service, vitally-cli). */
  deletionScheduled: boolean;
}
