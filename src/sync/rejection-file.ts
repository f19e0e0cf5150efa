import { createHash } from 'node:crypto';
import type { StreamDescriptor } from '../protocol/messages.ts';

/** Leaves room for the suffix below the 255 bytes that file systems allow a name. */
const MAX_NAME_BYTES = 200;
const KEPT_BYTES_OF_LONG_NAME = 150;
const RESERVED_ON_WINDOWS = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/**
 * The file of a stream's rejected records, `<namespace.>stream.jsonl`. No two streams share a name: everything but
 * ASCII letters, digits, `_` and `-` is percent-encoded, dots too unless a namespace stands before them.
 */
export function rejectionFileName({ name, namespace }: StreamDescriptor): string {
  const safe = namespace === undefined ? encode(name) : `${encode(namespace)}.${encode(name, '.')}`;
  return `${bounded(safe)}.jsonl`;
}

/** Any text as one part of a path: never empty, `.`, `..` or a name that an operating system keeps for itself. */
export function pathPart(text: string): string {
  return bounded(encode(text)) || '_';
}

function encode(text: string, kept = ''): string {
  return text.replace(/[^A-Za-z0-9_-]/gu, (character) => {
    if (character === kept) return character;
    // Half a surrogate pair has no UTF-8 of its own.
    if (!character.isWellFormed()) return `%u${character.charCodeAt(0).toString(16)}`;
    return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  });
}

function bounded(name: string): string {
  const allowed = RESERVED_ON_WINDOWS.test(name)
    ? `%${name.charCodeAt(0).toString(16)}${name.slice(1)}`
    : name;
  if (allowed.length <= MAX_NAME_BYTES) return allowed;
  // `~` stands in no shorter name, so a cut one can't meet it.
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 32);
  return `${allowed.slice(0, KEPT_BYTES_OF_LONG_NAME)}~${digest}`;
}
