import type { RecordError } from '../errors/record-error.ts';
import type { RecordMessage } from '../protocol/messages.ts';

/** Refused records shown for each code and stream; the rest are only counted. */
export const MAX_SHOWN_PER_CODE = 10;
const MAX_KEY_CHARACTERS = 100;
const EMAIL = /([^\s@:,]{1,64})@([^\s@:,]{1,255})/g;

/**
 * What the log says of a refused record: its line, its key and its field, never another value of the row.
 *
 * @param shown how many of its code and stream have been shown before
 */
export function describeRejection(
  { line, stream }: Pick<RecordMessage, 'line' | 'stream'>,
  key: string | undefined,
  { code, message, field, fix }: RecordError,
  shown: number,
): string {
  const name = stream.namespace === undefined ? stream.name : `${stream.namespace}.${stream.name}`;
  const where = [`line ${line}`, key && `key ${maskKey(key)}`, field && `field ${field}`]
    .filter(Boolean)
    .join(', ');
  const last =
    shown === MAX_SHOWN_PER_CODE - 1 ? ` (from here on, ${code} of this stream is only counted)` : '';
  return `Rejected ${code} in ${name} (${where}): ${sentence(message)} ${sentence(fix)}${last}`;
}

/** Addresses keep their first letter and their domain: `a***@example.com`. */
export function maskKey(key: string): string {
  const masked = key.replace(EMAIL, (_, local: string, domain: string) => `${[...local][0]}***@${domain}`);
  return masked.length > MAX_KEY_CHARACTERS ? `${masked.slice(0, MAX_KEY_CHARACTERS)}…` : masked;
}

function sentence(text: string): string {
  const trimmed = text.trimEnd();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
