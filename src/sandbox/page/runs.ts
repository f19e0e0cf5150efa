import type { Counts, Run } from '../http/runs.ts';
import type { State } from '../state.ts';
import type { Outcome } from '../store/records.ts';
import { brief, count, type Html, html, time } from './html.ts';
import { addressOf, type Kind, spaced } from './kinds.ts';
import { type Cell, section, table } from './tables.ts';
import { ALL, linkTo } from './view.ts';

const OUTCOMES: readonly Outcome[] = ['created', 'updated', 'unchanged', 'deleted'];
const MAX_REJECTIONS = 100;

/** The last runs, newest first, each with what it made of the records. */
export function runTable(state: State, max: number): Html {
  const rows = state.runs
    .all()
    .slice(0, max)
    .map((run) => [
      html`<a href="/runs/${run.number}">${run.number}</a>`,
      time(run.startedAtMs),
      ...OUTCOMES.map((outcome) => count(run.total(outcome))),
      html`<span class="${run.rejectedCount > 0 ? 'bad' : ''}">${count(run.rejectedCount)}</span>`,
      count(run.requests.rest + run.requests.analytics),
      brief(run.client),
    ]);
  return table({
    caption: 'Runs',
    head: ['run', 'began (UTC)', ...OUTCOMES, 'rejected', 'requests', 'client'],
    rows,
    empty: 'None yet. A run begins with the first request of a client.',
  });
}

/** What one run made of the records of each kind, and what was refused. */
export function runPage(run: Run, kinds: readonly Kind[]): Html {
  const seconds = Math.max(0, run.lastAtMs - run.startedAtMs) / 1000;
  const { rest, analytics, throttled, faults } = run.requests;
  const rows = [...run.counts].map(([counted, counts]) => [
    spaced(counted),
    ...outcomeCells(run, counted, counts, kinds),
  ]);
  const rejections = run.rejected
    .slice(0, MAX_REJECTIONS)
    .map(({ kind, key, request, reason }) => [
      spaced(kind),
      keyCell(kind, key, kinds),
      brief(reason),
      html`<a href="/requests/${request}">${request}</a>`,
    ]);
  const note =
    run.rejectedCount > rejections.length
      ? `the first ${count(rejections.length)} of ${count(run.rejectedCount)}`
      : '';
  return html`<h1>Run ${run.number}</h1>
<p class="muted">${brief(run.client)}, began ${time(run.startedAtMs)} UTC, ${count(Math.round(seconds))} s.
${count(rest)} REST and ${count(analytics)} Analytics requests, ${count(throttled)} answered 429, ${count(faults)} faults.
<a href="${linkTo('/requests', { ...ALL, run: run.number })}">Its requests</a></p>
${section('Records', '', table({ caption: 'Records', head: ['kind', ...OUTCOMES], rows, empty: 'It wrote none.' }))}
${section('Rejected', note, table({ caption: 'Rejected', head: ['kind', 'key', 'reason', 'request'], rows: rejections, empty: 'None.' }))}`;
}

/** Counts that lead to the records; what was deleted is not there to be shown. */
function outcomeCells(run: Run, counted: string, counts: Counts, kinds: readonly Kind[]): Cell[] {
  const of = kinds.filter((kind) => kind.counted === counted);
  const [only] = of;
  return OUTCOMES.map((outcome) => {
    if (counts[outcome] === 0 || outcome === 'deleted' || only === undefined) return count(counts[outcome]);
    const links = of.map(
      (kind) =>
        html`<a href="${linkTo(`/records/${encodeURIComponent(kind.slug)}`, { ...ALL, run: run.number, outcome })}">${of.length === 1 ? count(counts[outcome]) : kind.title}</a> `,
    );
    return of.length === 1 ? html`${links}` : html`${count(counts[outcome])}: ${links}`;
  });
}

/** Leads to the record where one of this key is there: an update may have been refused. */
function keyCell(counted: string, key: string, kinds: readonly Kind[]): Cell {
  for (const kind of kinds.filter((one) => one.counted === counted)) {
    const found = kind.byKey(key);
    if (found !== undefined) return html`<a href="${addressOf(found)}">${brief(key)}</a>`;
  }
  return brief(key);
}
