import type { Refusals, RejectedFile } from './refused.ts';
import type { StreamSummary, Sync } from './sync.ts';

const COLUMNS = 100;

/** What the sandbox holds. */
export interface Held {
  readonly organizations: number;
  readonly accounts: number;
  readonly users: number;
  readonly events: number;
}

export interface Shown {
  readonly url: string;
  readonly first: Sync;
  readonly heldAfterFirst: Held;
  readonly refusals: readonly Refusals[];
  readonly files: readonly RejectedFile[];
  readonly second: Sync;
  readonly heldAfterSecond: Held;
}

/** The demo's result, at most 40 lines of 100 columns. */
export function screen(shown: Shown): string {
  const { first, second, files } = shown;
  const rows = first.summary.streams.reduce((sum, stream) => sum + stream.received, 0);
  const file = files[0];
  const lines = [
    `${rows} rows of ${first.summary.streams.length} tables through bin/destination-vitally write, into a sandbox at ${shown.url}`,
    '',
    `FIRST RUN, ${seconds(first)}: ${requests(first)}, ${first.statesAcknowledged} of ${first.statesSent} states acknowledged`,
    ...first.summary.streams.map(streamLine),
    `  the sandbox holds ${held(shown.heldAfterFirst)}`,
    '',
    'REFUSED, AND WHY',
    ...shown.refusals.flatMap(refusalLines),
    '',
    'KEPT FOR MENDING, one line a row; mended, the files are input to write',
    ...files.map(({ path, lines: kept }) => `  ${String(kept.length).padStart(2)} in ${path}`),
    `  e.g. ${file === undefined ? '' : withoutMiddle(file.lines[0] ?? '')}`,
    '',
    `SECOND RUN OF THE SAME ROWS, ${seconds(second)}: ${requests(second)}`,
    ...second.summary.streams.map(streamLine),
    `  the sandbox holds ${held(shown.heldAfterSecond)}: ${verdict(shown)}`,
  ];
  return lines.map((line) => shortened(line, COLUMNS)).join('\n');
}

function streamLine(stream: StreamSummary): string {
  const outcomes = (['created', 'updated', 'accepted', 'unchanged', 'rejected'] as const)
    .filter((outcome) => stream[outcome] > 0)
    .map((outcome) => `${stream[outcome]} ${outcome}`);
  const table = `${stream.namespace}.${stream.stream}`.padEnd(21);
  const route = `${stream.object} by ${stream.via === 'rest' ? 'REST' : 'Analytics'}`.padEnd(26);
  return `  ${table} to ${route} ${String(stream.received).padStart(4)} rows: ${outcomes.join(', ')}`;
}

function refusalLines({ code, count, stream, message, fix }: Refusals): string[] {
  return [
    ...wrapped(`${count} ${code}, e.g. in ${stream}: ${message}`, '  '),
    ...wrapped(`fix: ${fix}`, '    '),
  ];
}

function requests({ summary }: Sync): string {
  const { rest, analytics, throttled } = summary.requests;
  return `${rest} REST and ${analytics} Analytics requests, ${throttled} throttled`;
}

function held({ organizations, accounts, users, events }: Held): string {
  return `${organizations} organizations, ${accounts} accounts, ${users} users, ${events} events`;
}

function verdict({ heldAfterFirst, heldAfterSecond }: Shown): string {
  return held(heldAfterFirst) === held(heldAfterSecond)
    ? 'nothing doubled'
    : 'THIS SHOULD BE THE SAME AS BEFORE';
}

function seconds({ summary }: Sync): string {
  return `${summary.duration_seconds.toFixed(1)} s`;
}

/** The line's begin, and the rejection that was added at its end. */
function withoutMiddle(line: string): string {
  return `${shortened(line, 34)} ${line.slice(line.indexOf('"rejection"'))}`;
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
