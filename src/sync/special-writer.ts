import type { ObjectName } from '../objects/object.ts';
import type { Route, Write } from '../routing/route.ts';
import { ConversationWriter } from './conversation-writer.ts';
import { MeetingWriter } from './meeting-writer.ts';
import { MessageWriter } from './message-writer.ts';
import { Participants } from './participants.ts';
import { ProjectWriter } from './project-writer.ts';
import type { RestContext } from './rest-context.ts';
import type { Settlement } from './settlement.ts';
import { TranscriptWriter } from './transcript-writer.ts';

/** Writes rows of an object that Vitally doesn't take the usual way. */
export interface SpecialWriter {
  /** `plain` writes a row the usual way. Throws `RecordError` for a row that is refused. */
  write(route: Route, write: Write, plain: PlainWrite): Promise<Settlement>;
  /** Writes rows that go together, each to its own outcome. */
  writeGroup?(route: Route, writes: readonly Write[]): Promise<Settlement[]>;
}

export type PlainWrite = (write: Write) => Promise<Settlement>;

export function specialWriters(context: RestContext): ReadonlyMap<ObjectName, SpecialWriter> {
  const participants = new Participants(context.relations);
  return new Map<ObjectName, SpecialWriter>([
    ['conversation', new ConversationWriter(context, participants)],
    ['message', new MessageWriter(context, participants)],
    ['meeting', new MeetingWriter(context, participants)],
    ['project', new ProjectWriter(context)],
    ['meeting_transcript', new TranscriptWriter(context)],
  ]);
}
