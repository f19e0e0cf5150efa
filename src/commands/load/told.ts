import { OUTCOMES } from '../../checkpoint/outcome.ts';
import { quotedList } from '../../errors/quoted.ts';
import { isJsonObject, own } from '../../json/guards.ts';
import { createColumnPlan } from '../../mapping/column-plan.ts';
import type { Route } from '../../mapping/route.ts';
import { separatorName } from './csv.ts';
import type { Survey } from './rows.ts';
import { textTable } from './table.ts';

/** Rows that are shown of the rejected ones, and of those that a dry run would change. */
const MAX_SHOWN = 10;
const MAX_SHOWN_CHARACTERS = 60;

/** What a file was found to hold, and how many of its cells clear what Vitally holds. */
export function surveySentences(survey: Survey, route: Route | undefined): string[] {
  const { file, separator, columns, rows, taken } = survey;
  const what = separator === undefined ? 'JSONL' : `CSV separated by ${separatorName(separator)}s`;
  const limited =
    taken === rows ? '' : `, of which ${taken === 1 ? 'the first is' : `the first ${taken} are`} taken`;
  const count = `${rows} ${rows === 1 ? 'row' : 'rows'} of ${columns.length} ${columns.length === 1 ? 'column' : 'columns'}`;
  const said = [`${file.title}: ${count}${limited} (${what}), stream ${file.stream}`];
  const cleared = route === undefined ? 0 : clearedBy(survey, route);
  const cell = separator === undefined ? 'null' : 'empty cell';
  if (cleared > 0)
    said.push(
      `${file.title}: ${cleared} ${cleared === 1 ? `${cell} clears` : `${cell}s clear`} what Vitally holds; set "nulls": "keep" in the stream's entry to leave it as it is`,
    );
  const texts = separator === undefined || route === undefined ? [] : numbersForTraits(survey, route);
  if (texts.length > 0)
    said.push(
      `${file.title}: ${quotedList(texts)} ${texts.length === 1 ? 'holds' : 'hold'} numbers, which CSV carries as text: a new trait ` +
        'will be a text in Vitally, a number trait that is there already takes them as numbers. JSONL carries numbers',
    );
  return said;
}

/** Columns of numbers that go to traits: a field has its type. */
function numbersForTraits({ numeric }: Survey, route: Route): readonly string[] {
  if (route.mode === 'delete' || route.object.traitModel === undefined || route.otherColumns !== 'traits')
    return [];
  const plan = createColumnPlan(route);
  const excluded = new Set([...route.exclude, ...route.keyColumns]);
  return numeric.filter(
    (column) =>
      !excluded.has(column) && plan.targetsOf(column).some(({ destination }) => destination.kind === 'trait'),
  );
}

/** Nulls of columns that go anywhere, in a mode that changes what is there. */
function clearedBy({ nulls }: Survey, route: Route): number {
  if (route.nulls !== 'clear' || (route.mode !== 'upsert' && route.mode !== 'update')) return 0;
  const mapped = new Set(route.fields.flatMap((field) => ('source' in field ? [field.source] : [])));
  const excluded = new Set([...route.exclude, ...route.keyColumns]);
  let count = 0;
  for (const [column, times] of nulls) {
    if (excluded.has(column) || (route.otherColumns === 'drop' && !mapped.has(column))) continue;
    count += times;
  }
  return count;
}

/** The counts of each stream as a table. */
export function summaryTable(summary: Readonly<Record<string, unknown>>): string {
  const streams = Array.isArray(summary.streams) ? summary.streams.filter(isJsonObject) : [];
  const kinds = ['received', ...OUTCOMES, 'unsettled'];
  return textTable(
    ['stream', 'object', ...kinds],
    streams.map((stream) => [
      String(own(stream, 'stream')),
      `${String(own(stream, 'object'))} ${String(own(stream, 'mode'))}`,
      ...kinds.map((kind) => Number(own(stream, kind) ?? 0)),
    ]),
    new Set(['object', 'received', 'rejected']),
  );
}

/** The first rejected rows by what is wrong, with their remedy. */
export class RejectedRows {
  readonly #told: string[] = [];
  #more = 0;

  add(sentence: string): void {
    if (this.#told.length < MAX_SHOWN) this.#told.push(sentence);
    else this.#more++;
  }

  lines(): string[] {
    if (this.#told.length === 0) return [];
    const more = this.#more === 0 ? [] : [`… and more; "rejected" shows those that were kept`];
    return ['The first rejected rows:', ...this.#told.map((sentence) => `- ${sentence}`), ...more];
  }
}

/** The first rows that a dry run would change, with what from and to what. */
export class PlannedChanges {
  readonly #lines: string[] = [];

  /** @param line of the plan */
  add(line: string): void {
    if (this.#lines.length === MAX_SHOWN) return;
    const planned: unknown = JSON.parse(line);
    if (!isJsonObject(planned)) return;
    const changes = own(planned, 'changes');
    if (!isJsonObject(changes)) return;
    const shown = Object.entries(changes).map(
      ([name, change]) =>
        `${name}: ${shownValue(isJsonObject(change) ? own(change, 'from') : undefined)} → ` +
        shownValue(isJsonObject(change) ? own(change, 'to') : undefined),
    );
    if (shown.length > 0)
      this.#lines.push(
        `line ${planned.line}, ${String(planned.stream)} ${String(planned.key)}: ${shown.join(', ')}`,
      );
  }

  lines(): string[] {
    return this.#lines.length === 0 ? [] : ['The first changes:', ...this.#lines.map((line) => `- ${line}`)];
  }
}

function shownValue(value: unknown): string {
  const text =
    value === undefined || value === null
      ? 'nothing'
      : typeof value === 'string'
        ? value
        : JSON.stringify(value);
  const flat = text.replaceAll(/\s+/g, ' ');
  return flat.length > MAX_SHOWN_CHARACTERS ? `${flat.slice(0, MAX_SHOWN_CHARACTERS)}…` : flat;
}
