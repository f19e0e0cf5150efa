import { createHash } from 'node:crypto';

const RESERVED_ON_WINDOWS = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;
/** Leaves room for the suffixes below the 255 bytes that file systems allow a name. */
const MAX_NAME_BYTES = 200;
const KEPT_BYTES_OF_LONG_NAME = 150;

/**
 * The names that a run's folder may take, best first: the run's own, then with its start time, then with a number
 * too. Which of them is free only making it tells.
 *
 * @param run job id, sync id or start time, as it came
 */
export function* runFolders(run: string, startedAtMs: number): Generator<string> {
  const name = pathPart(run);
  yield name;
  const dated = `${name}.${timeInName(startedAtMs)}`;
  yield dated;
  for (let number = 2; ; number++) yield `${dated}.${number}`;
}

/** A point in time as part of a file's name: `2026-03-02T08-00-00-000Z`. */
export function timeInName(ms: number): string {
  return new Date(ms).toISOString().replaceAll(/[:.]/g, '-');
}

/**
 * Any text as one part of a path: never empty, `.`, `..` or a name that an operating system keeps for itself, and
 * not hidden by a dot in front.
 */
export function pathPart(text: string): string {
  const name = encodedName(text).replace(/^\.+/, (dots) => '%2e'.repeat(dots.length));
  return boundedName(name) || '_';
}

/** Every sign but ASCII letters, digits, `.`, `_` and `-` percent-encoded. */
export function encodedName(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]/gu, (character) => {
    // Half a surrogate pair has no UTF-8 of its own.
    if (!character.isWellFormed()) return `%u${character.charCodeAt(0).toString(16)}`;
    return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  });
}

/** A name that file systems take: not too long, and none that an operating system keeps for itself. */
export function boundedName(name: string): string {
  const allowed = RESERVED_ON_WINDOWS.test(name)
    ? `%${name.charCodeAt(0).toString(16)}${name.slice(1)}`
    : name;
  if (allowed.length <= MAX_NAME_BYTES) return allowed;
  // No shorter name has a `~`, so no cut name can be the same as one that was not cut.
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 32);
  return `${allowed.slice(0, KEPT_BYTES_OF_LONG_NAME)}~${digest}`;
}
