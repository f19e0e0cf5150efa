import type { Route, Write } from '../../mapping/route.ts';
import type { ObjectName } from '../../objects/object.ts';
import { makeUnknownParents } from '../associations/unknown-parents.ts';
import type { WriteContext } from '../rest/context.ts';
import { collectionOf } from '../rest/find.ts';
import { writeRecord } from '../rest/write-record.ts';
import type { Result } from '../result.ts';
import { writeConversation } from './conversation/writer.ts';
import type { FieldsName } from './fields-name.ts';
import { writeTranscript } from './meeting/write-transcript.ts';
import { writeMeeting } from './meeting/writer.ts';
import { writeMessage, writeMessages } from './message/writer.ts';
import type { GroupWriter, ObjectWriter, TwoApiWriter } from './object-writer.ts';
import { projectName } from './project/record-name.ts';
import { writeProject } from './project/writer.ts';
import { writeRequest } from './request/writer.ts';
import { writeUser } from './user/writer.ts';
import { writeMembership } from './user-account/writer.ts';

type Table<T> = Readonly<Partial<Record<ObjectName, T>>>;

/** Objects that REST takes in a way of their own; every other object's rows are written by {@link writeRecord}. */
const OBJECT_WRITERS: Table<ObjectWriter> = {
  conversation: writeConversation,
  meeting: writeMeeting,
  meeting_transcript: writeTranscript,
  message: writeMessage,
  project: writeProject,
  request: writeRequest,
  user: writeUser,
};

/** Objects whose rows are written together where several wait in one lane. */
const GROUP_WRITERS: Table<GroupWriter> = {
  message: writeMessages,
};

/** Objects that no single API takes: one row may need the other API, or both. */
const TWO_API_WRITERS: Table<TwoApiWriter> = {
  user_account: writeMembership,
};

/** Objects whose records may be known by fields of theirs, without an id: what makes two rows one record. */
const FIELDS_NAMES: Table<FieldsName> = {
  project: projectName,
};

export function writerOf(object: ObjectName): ObjectWriter {
  return OBJECT_WRITERS[object] ?? writeRecord;
}

/** `undefined` for objects whose rows are written one by one. */
export function groupWriterOf(object: ObjectName): GroupWriter | undefined {
  return GROUP_WRITERS[object];
}

/** Whether rows of this stream are written together where several wait in one lane. */
export function areWrittenTogether({ object }: Pick<Route, 'object'>): boolean {
  return GROUP_WRITERS[object.name] !== undefined;
}

/** `undefined` for objects whose rows go by the API of their route. */
export function twoApiWriterOf(object: ObjectName): TwoApiWriter | undefined {
  return TWO_API_WRITERS[object];
}

/** `undefined` for objects whose records always have an id or e-mail. */
export function fieldsNameOf(object: ObjectName): FieldsName | undefined {
  return FIELDS_NAMES[object];
}

/** Writes one row through the REST API as its object wants it. */
export async function writeByRest(context: WriteContext, route: Route, write: Write): Promise<Result> {
  // A request needs no key: its path says where it goes.
  const key = write.key ?? (route.request === undefined ? undefined : '');
  if (key === undefined) throw new Error('a row without a key reached the REST writer');
  const collection = await collectionOf(route, context.named);
  const target = { route, write, key, collection };
  await makeUnknownParents(context, target);
  return await writerOf(route.object.name)(context, target);
}
