import { RecordError } from '../errors/record-error.ts';
import type { VitallyObject } from '../objects/object.ts';
import type { Write } from '../routing/route.ts';
import type { Answer } from '../vitally/answer.ts';
import { scrubbed } from './scrub.ts';

type Refusal = Exclude<Answer, { kind: 'ok' }>;

/** What becomes of a row that Vitally refused for good. */
export function refusal(object: VitallyObject, write: Write, answer: Refusal): RecordError {
  const names = Object.keys(object.fields);
  const keep = new Set(
    [...names, 'externalId', 'traits', ...write.traits.keys()].map((name) => name.toLowerCase()),
  );
  const words = scrubbed(answer.text, write, keep);
  const field = names.find((name) => new RegExp(`\\b${name}\\b`, 'i').test(words));
  const said = words === '' ? '' : `: ${words}`;
  const base = { httpStatus: answer.status, detail: answer.text, ...(field !== undefined && { field }) };
  if (answer.kind === 'too_large') {
    return new RecordError({
      ...base,
      code: 'too_large',
      message: `Vitally finds the ${object.name} too large (HTTP ${answer.status})${said}`,
      fix: 'Leave out or shorten the largest columns: map fewer of them, or set other_columns to drop.',
    });
  }
  if (answer.kind === 'exists') {
    return new RecordError({
      ...base,
      code: 'already_taken',
      message: `Vitally says that another ${object.name} holds one of these values (HTTP ${answer.status})${said}`,
      fix: `Find the other ${object.name} in Vitally and give this row a key or value of its own.`,
    });
  }
  return new RecordError({
    ...base,
    code: 'refused',
    message: `Vitally refused the ${object.name} (HTTP ${answer.status})${said}`,
    fix: 'Mend what Vitally names and send the row again; the full answer stands in the rejected-records file.',
  });
}
