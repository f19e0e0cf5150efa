import { basename, dirname } from 'node:path';
import type { Refusals, RejectedFile } from './refused.ts';
import type { StreamSummary, Sync } from './sync.ts';
import type { Tied } from './tied.ts';

const COLUMNS = 100;
const OUTCOMES = ['created', 'updated', 'accepted', 'unchanged', 'rejected'] as const;

type ShownOutcome = (typeof OUTCOMES)[number];

/** How many records of each kind the sandbox holds. */
export type Held = Readonly<Record<string, number>>;

export interface Shown {
  readonly url: string;
  readonly first: Sync;
  readonly heldAfterFirst: Held;
  readonly tied: Tied | undefined;
  readonly refusals: readonly Refusals[];
  readonly files: readonly RejectedFile[];
  readonly second: Sync;
  readonly heldAfterSecond: Held;
}

/** The demo's result, at most 40 lines of 100 columns. */
export function screen(shown: Shown): string {
  const { first, second, files, tied } = shown;
  const { streams } = first.summary;
  const rows = streams.reduce((sum, stream) => sum + stream.received, 0);
  const lines = [
    `${rows} rows of ${streams.length} tables through bin/destination-vitally write, into a sandbox at ${shown.url}`,
    `FIRST RUN, ${seconds(first)}: ${requests(first)}, ${first.statesAcknowledged} of ${first.statesSent} states acknowledged`,
    ...streams.map(streamLine),
    `  held: ${held(shown.heldAfterFirst)}`,
    '',
    `TIED TO ACCOUNT ${tied?.account} (${tied?.name}) by its own id, as the sandbox has it`,
    ...(tied?.lines ?? []).map((line) => `  ${line}`),
    '',
    'REFUSED, AND WHY',
    ...shown.refusals.flatMap(refusalLines),
    '',
    `KEPT FOR MENDING in ${dirname(files[0]?.path ?? '')}/*.jsonl`,
    `  ${keptIn(files)}`,
    `  mended, input to write: ${withoutMiddle(files[0]?.lines[0] ?? '')}`,
    '',
    `SECOND RUN OF THE SAME ROWS, ${seconds(second)}: ${requests(second)}`,
    ...(['accepted', 'updated', 'unchanged'] as const).map((outcome) =>
      outcomeLine(second.summary.streams, outcome),
    ),
    `  held: ${verdict(shown)}`,
  ];
  return lines.map((line) => shortened(line, COLUMNS)).join('\n');
}

function streamLine(stream: StreamSummary): string {
  const outcomes = OUTCOMES.filter((outcome) => stream[outcome] > 0).map(
    (outcome) => `${stream[outcome]} ${outcome}`,
  );
  const table = `${stream.namespace}.${stream.stream}`.padEnd(21);
  const route = `${stream.object} by ${stream.via === 'rest' ? 'REST' : 'Analytics'}`.padEnd(26);
  return `  ${table} to ${route} ${String(stream.received).padStart(4)} rows: ${outcomes.join(', ')}`;
}

/** What became of the rows of each stream that came to this end. */
function outcomeLine(streams: readonly StreamSummary[], outcome: ShownOutcome): string {
  const counts = streams.filter((stream) => stream[outcome] > 0);
  return `  ${outcome}: ${counts.map((stream) => `${stream[outcome]} ${stream.stream}`).join(', ')}`;
}

function refusalLines({ code, count, stream, message, fix }: Refusals): string[] {
  return wrapped(`${count} ${code}, e.g. in ${stream}: ${message}; fix: ${fix}`, '  ');
}

function keptIn(files: readonly RejectedFile[]): string {
  return files.map(({ path, lines }) => `${basename(path, '.jsonl')} (${lines.length})`).join(', ');
}

function requests({ summary }: Sync): string {
  const { rest, analytics, throttled } = summary.requests;
  return `${rest} REST and ${analytics} Analytics requests, ${throttled} throttled`;
}

function held(counts: Held): string {
  return Object.entries(counts)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ');
}

function verdict({ heldAfterFirst, heldAfterSecond }: Shown): string {
  const now = held(heldAfterSecond);
  return now === held(heldAfterFirst)
    ? 'as many as before: nothing doubled'
    : `${now}, NOT AS MANY AS BEFORE`;
}

function seconds({ summary }: Sync): string {
  return `${summary.duration_seconds.toFixed(1)} s`;
}

/** The line's begin, and the rejection that was added at its end. */
function withoutMiddle(line: string): string {
  return `${shortened(line, 24)} ${line.slice(line.indexOf('"rejection"'))}`;
}

function shortened(line: string, columns: number): string {
  return line.length <= columns ? line : `${line.slice(0, columns - 1)}…`;
}

/** A sentence on as many lines as it needs, each indented. */
function wrapped(sentence: string, indent: string): string[] {
  const lines: string[] = [];
  for (const word of sentence.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= COLUMNS)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(`${lines.length === 0 ? '' : '  '}${indent}${word}`);
  }
  return lines;
}
