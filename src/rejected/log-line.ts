import type { RecordError } from '../errors/record-error.ts';
import { type RecordMessage, type StreamDescriptor, streamId } from '../protocol/messages.ts';
import { maskKey } from './mask-key.ts';

/** Rejected records shown for each code and stream; the rest are only counted. */
export const MAX_SHOWN_PER_CODE = 10;
/** Things that rows miss, remembered for each code and stream: further ones are only counted. */
const MAX_GROUPS = 1_000;

type Shown = Pick<RecordMessage, 'line' | 'stream'>;

/** Rows that miss the same thing. */
interface Group {
  readonly first: string;
  readonly message: string;
  count: number;
}

/** The records of one code and stream. */
interface Tally {
  readonly stream: StreamDescriptor;
  readonly error: RecordError;
  readonly groups: Map<string, Group>;
  count: number;
  shown: number;
}

/**
 * Chooses which rejected records the log shows: the first ten of each code and stream, and of rows that miss the same
 * thing the first alone. The rest are counted, and told at the end.
 */
export class RejectionLog {
  readonly #tallies = new Map<string, Tally>();

  /** @returns the line for the log, or `undefined` where the record is only counted */
  add(record: Shown, key: string | undefined, error: RecordError): string | undefined {
    const id = `${error.code} ${streamId(record.stream)}`;
    const tally = this.#tallies.get(id) ?? {
      stream: record.stream,
      error,
      groups: new Map(),
      count: 0,
      shown: 0,
    };
    this.#tallies.set(id, tally);
    tally.count++;
    const missed = missedBy(error);
    const group = missed === undefined ? undefined : tally.groups.get(missed);
    if (group !== undefined) {
      group.count++;
      return undefined;
    }
    if (missed !== undefined && tally.groups.size < MAX_GROUPS)
      tally.groups.set(missed, {
        first: placeOf(record, key, error),
        message: error.message,
        count: 1,
      });
    if (tally.shown === MAX_SHOWN_PER_CODE) return undefined;
    tally.shown++;
    return describeRejection(record, key, error, tally.shown === MAX_SHOWN_PER_CODE);
  }

  /** A line for each code and stream of which not every record was shown, and for rows that miss the same thing. */
  report(): string[] {
    return [...this.#tallies.values()].flatMap((tally) => [...groupsOf(tally), ...countOf(tally)]);
  }
}

/**
 * What the log says of a rejected record: its line, its key and its field, never another value of the row.
 *
 * @param isLast no more of its code and stream are shown
 */
export function describeRejection(
  record: Shown,
  key: string | undefined,
  error: RecordError,
  isLast: boolean,
): string {
  const last = isLast ? ` (from here on, ${error.code} of this stream is only counted)` : '';
  return (
    `Rejected ${error.code} in ${nameOf(record.stream)} (${placeOf(record, key, error)}): ` +
    `${sentence(error.message)} ${sentence(error.fix)}${last}`
  );
}

function groupsOf({ stream, error, groups }: Tally): string[] {
  const several = [...groups.values()].filter(({ count }) => count > 1);
  several.sort((one, other) => other.count - one.count);
  return several
    .slice(0, MAX_SHOWN_PER_CODE)
    .map(
      ({ first, message, count }) =>
        `Rejected ${error.code} in ${nameOf(stream)}: ${count} rows miss the same thing (the first: ${first}): ${sentence(message)}`,
    );
}

function countOf({ stream, error, groups, count, shown }: Tally): string[] {
  const [only, ...others] = groups.values();
  if (count === shown || (others.length === 0 && only?.count === count)) return [];
  const things =
    groups.size === 0
      ? ''
      : `, which miss ${groups.size < MAX_GROUPS ? groups.size : `${MAX_GROUPS} or more`} things`;
  return [
    `Rejected ${error.code} in ${nameOf(stream)}: ${count} rows in all${things}; ${shown} shown above.`,
  ];
}

/** What a row names that Vitally doesn't have. It may be a value of the row, and is only compared. */
function missedBy({ code, field, detail, httpStatus }: RecordError): string | undefined {
  const isAssociation = code === 'unknown_association' || code === 'ambiguous_association';
  return isAssociation && httpStatus === undefined && detail !== undefined ? `${field} ${detail}` : undefined;
}

function placeOf({ line }: Shown, key: string | undefined, { field }: RecordError): string {
  return [`line ${line}`, key && `key ${maskKey(key)}`, field && `field ${field}`].filter(Boolean).join(', ');
}

function nameOf({ name, namespace }: StreamDescriptor): string {
  return namespace === undefined ? name : `${namespace}.${name}`;
}

function sentence(text: string): string {
  const trimmed = text.trimEnd();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
