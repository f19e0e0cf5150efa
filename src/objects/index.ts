import { account } from './account.ts';
import { conversation } from './conversation.ts';
import { customObject } from './custom-object.ts';
import { event } from './event.ts';
import { meeting } from './meeting.ts';
import { meetingTranscript } from './meeting-transcript.ts';
import { message } from './message.ts';
import { note } from './note.ts';
import { npsResponse } from './nps-response.ts';
import type { Field, ObjectName, VitallyObject } from './object.ts';
import { organization } from './organization.ts';
import { project } from './project.ts';
import { request } from './request.ts';
import { task } from './task.ts';
import { user } from './user.ts';
import { userAccount } from './user-account.ts';

/** Every object, parents first. Adding one is a file beside this and a line here, see docs/architecture.md. */
export const OBJECTS: readonly VitallyObject[] = [
  organization,
  account,
  user,
  userAccount,
  conversation,
  meeting,
  note,
  task,
  message,
  npsResponse,
  project,
  meetingTranscript,
  customObject,
  event,
  request,
];

/** A name without case, `_`, `-` and spaces: how columns and streams are compared. Contract 3. */
export function folded(name: string): string {
  return name.replace(/[_\- ]/g, '').toLowerCase();
}

/** The object a config or mapped stream names: its own name, or its plural, in any spelling. */
export function objectNamed(name: string): VitallyObject | undefined {
  const wanted = folded(name);
  return OBJECTS.find((object) => folded(object.name) === wanted || folded(object.plural) === wanted);
}

/** The object whose stream name this is (`accounts`, `Account`, `track_events`). */
export function objectOfStream(stream: string): VitallyObject | undefined {
  const wanted = folded(stream);
  return OBJECTS.find((object) => object.streamNames.some((name) => folded(name) === wanted));
}

const NAMED_BY_EMAIL: ReadonlySet<ObjectName> = new Set(
  OBJECTS.filter(({ keys }) => keys.includes('email')).map(({ name }) => name),
);

/** Whether an e-mail may name a record of the object. */
export function isNamedByEmail(object: ObjectName): boolean {
  return NAMED_BY_EMAIL.has(object);
}

/** The object that a field points at, where a message that names a record of it makes one that is not there. */
export function madeByMessages({ association }: Pick<Field, 'association'>): VitallyObject | undefined {
  return OBJECTS.find(({ name, analytics }) => name === association && analytics?.madeByOthers === true);
}

/**
 * Whether rows of the object can only be added, as events are: Vitally keeps no record that a later row could mean. So
 * every row must be complete, needs no key, and is never the same record as another stream's row.
 */
export function isAppendOnly({ modes }: VitallyObject): boolean {
  return modes.every((mode) => mode === 'append');
}

export function objectByName(name: ObjectName): VitallyObject {
  const object = OBJECTS.find((candidate) => candidate.name === name);
  if (object === undefined) throw new Error(`no object is named ${name}`);
  return object;
}
