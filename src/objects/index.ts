import { account } from './account.ts';
import { conversation } from './conversation.ts';
import { customObject } from './custom-object.ts';
import { event } from './event.ts';
import { meeting } from './meeting.ts';
import { meetingTranscript } from './meeting-transcript.ts';
import { message } from './message.ts';
import { note } from './note.ts';
import { npsResponse } from './nps-response.ts';
import type { ObjectName, VitallyObject } from './object.ts';
import { organization } from './organization.ts';
import { project } from './project.ts';
import { task } from './task.ts';
import { user } from './user.ts';
import { userAccount } from './user-account.ts';

/** Every object, parents first. Adding one is a file beside this and a line here. */
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

export function objectByName(name: ObjectName): VitallyObject {
  const object = OBJECTS.find((candidate) => candidate.name === name);
  if (object === undefined) throw new Error(`no object is named ${name}`);
  return object;
}
