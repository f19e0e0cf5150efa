import { RecordError } from '../errors/record-error.ts';
import type { Write } from '../mapping/route.ts';
import type { VitallyObject } from '../objects/object.ts';
import type { Answer } from '../vitally/http/answer.ts';
import { scrubbed } from './scrub.ts';

type Refusal = Exclude<Answer, { kind: 'ok' }>;

export interface RefusalNotes {
  /** False for a message that was not sent on its own: others of its batch were, and got this answer. */
  readonly alone?: boolean;
  /** Vitally's id of the row's record, where it is known. */
  readonly recordId?: string | undefined;
}

/** The rejection of a row whose request Vitally refused, and would refuse again. */
export function refusal(
  object: VitallyObject,
  write: Write,
  answer: Refusal,
  { alone = true, recordId }: RefusalNotes = {},
): RecordError {
  const names = Object.keys(object.fields);
  const keep = new Set(
    [...names, 'externalId', 'traits', ...write.traits.keys()].map((name) => name.toLowerCase()),
  );
  const words = scrubbed(answer.text, write, keep);
  const field = names.find((name) => new RegExp(`\\b${name}\\b`, 'i').test(words));
  const notAlone = alone
    ? ''
    : '; the row was not sent alone: no message of this type was taken yet, and others of its batch were refused for this reason';
  const said = words === '' ? notAlone : `: ${words}${notAlone}`;
  const base = {
    httpStatus: answer.status,
    detail: answer.text,
    ...(field !== undefined && { field }),
    ...(answer.request !== undefined && { request: answer.request }),
    ...(recordId !== undefined && { recordId }),
  };
  if (answer.kind === 'too_large') {
    const brief = `Vitally finds the ${object.name} too large (HTTP ${answer.status})`;
    return new RecordError({
      ...base,
      code: 'too_large',
      message: `${brief}${said}`,
      brief,
      fix: 'Leave out or shorten the largest columns: map fewer of them, or set other_columns to drop.',
    });
  }
  if (answer.kind === 'exists') {
    const brief = `Vitally says that another ${object.name} holds one of these values (HTTP ${answer.status})`;
    return new RecordError({
      ...base,
      code: 'already_taken',
      message: `${brief}${said}`,
      brief,
      fix: `Find the other ${object.name} in Vitally and give this row a key or value of its own.`,
    });
  }
  const brief = `Vitally refused the ${object.name} (HTTP ${answer.status})`;
  return new RecordError({
    ...base,
    code: 'refused',
    message: `${brief}${said}`,
    brief,
    fix: 'Mend what Vitally names and send the row again. Where rejected records are kept, the full answer is with the row.',
  });
}

/** The rejection of a row that became several messages, some of which Vitally took in: it says which, by their place. */
export function partlyTaken(error: RecordError, taken: readonly boolean[]): RecordError {
  if (!taken.includes(true)) return error;
  const refused = taken.flatMap((isTaken, index) => (isTaken ? [] : [index + 1]));
  const part =
    `; the row went as ${taken.length} messages, one for each account or organization in the order that it names them: ` +
    `the others were taken in, refused ${refused.length === 1 ? 'was' : 'were'} number ${refused.join(', ')}`;
  return error.but({ message: `${error.message}${part}`, brief: `${error.brief}${part}` });
}
