import type { Route, Write } from '../../mapping/route.ts';
import type { ObjectName } from '../../objects/object.ts';
import { People } from '../associations/people.ts';
import type { RestContext } from '../rest/context.ts';
import type { Result } from '../result.ts';
import { ConversationWriter } from './conversation/writer.ts';
import { TranscriptWriter } from './meeting/transcript-writer.ts';
import { MeetingWriter } from './meeting/writer.ts';
import { MessageWriter } from './message/writer.ts';
import { ProjectWriter } from './project/writer.ts';

/** Writes rows of an object that Vitally doesn't take the usual way. */
export interface SpecialWriter {
  /** `plain` writes a row the usual way. Throws `RecordError` for a row that is refused. */
  write(route: Route, write: Write, plain: PlainWrite): Promise<Result>;
  /** Writes rows that go together, each to its own outcome. */
  writeGroup?(route: Route, writes: readonly Write[]): Promise<Result[]>;
}

export type PlainWrite = (write: Write) => Promise<Result>;

export function specialWriters(context: RestContext): ReadonlyMap<ObjectName, SpecialWriter> {
  const participants = new People(context.relations);
  return new Map<ObjectName, SpecialWriter>([
    ['conversation', new ConversationWriter(context, participants)],
    ['message', new MessageWriter(context, participants)],
    ['meeting', new MeetingWriter(context, participants)],
    ['project', new ProjectWriter(context)],
    ['meeting_transcript', new TranscriptWriter(context)],
  ]);
}
