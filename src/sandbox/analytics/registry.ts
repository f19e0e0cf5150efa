import { account } from './account.ts';
import { customObjectInstance } from './custom-object-instance.ts';
import type { MessageType } from './message.ts';
import { organization } from './organization.ts';
import { track } from './track.ts';
import { unlink } from './unlink.ts';
import { user } from './user.ts';

/** Every kind of message of the Analytics API by its type. */
export const MESSAGE_TYPES: ReadonlyMap<string, MessageType> = new Map(
  [organization, account, user, track, unlink, customObjectInstance].map((kind) => [kind.type, kind]),
);
