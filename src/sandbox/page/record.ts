import { isObject } from '../json.ts';
import type { State } from '../state.ts';
import type { Item, Stored } from '../store/records.ts';
import type { Change } from '../store/stored.ts';
import type { World } from '../store/world.ts';
import { brief, count, type Html, html, NOTHING, time } from './html.ts';
import { type Kind, locate, nameIn, type Shown } from './kinds.ts';
import { capital, recordTable } from './listing.ts';
import { section, table, valueCell } from './tables.ts';

const MAX_RELATED = 20;
const MAX_EVENTS = 20;
/** Fields of which Vitally keeps HTML, by any kind (vitally-api.md). */
const HTML_FIELDS: ReadonlySet<string> = new Set([
  'note',
  'description',
  'message',
  'notes',
  'summary',
  'content',
]);
const TAG = /<[a-z][^>]*>/i;

/** One record: its fields, how they came to be, and what belongs to it. */
export function recordPage(state: State, shown: Shown, kinds: readonly Kind[]): Html {
  const { kind, record, key } = shown;
  const content = shown.content();
  const { traits, archived, ...fields } = content;
  const name = nameIn(content);
  const all = [
    ...Object.entries(fields),
    ...(isObject(traits)
      ? Object.entries(traits).map(([trait, value]) => [`traits.${trait}`, value] as const)
      : []),
  ];
  const rows = all.map(([field, value]) => [brief(field), fieldValue(field, value)]);
  return html`<p><a href="/records/${encodeURIComponent(kind.slug)}">${capital(kind.title)}</a></p>
<h1>${name ?? key}</h1>
<p class="muted">${key === name ? NOTHING : html`key ${key}, `}id <code>${record.id}</code>, created ${time(record.createdAtMs)}, changed ${time(record.updatedAtMs)} UTC${archived === true ? ', archived' : NOTHING}</p>
${section('Fields', '', table({ caption: 'Fields', head: ['field', 'value'], rows, empty: 'None.' }))}
${section('Last changes', 'newest first', changes(record.changes))}
${related(state.world, record, kinds)}
${events(state.world, shown)}`;
}

function fieldValue(field: string, value: unknown): Html {
  if (typeof value !== 'string')
    return typeof value === 'object' && value !== null
      ? html`<code>${JSON.stringify(value)}</code>`
      : valueCell(value);
  if (!HTML_FIELDS.has(field) || !TAG.test(value)) return html`<span class="text">${value}</span>`;
  return html`${frame(field, value)}<details><summary>HTML</summary><pre tabindex="0">${value}</pre></details>`;
}

/** Vitally shows it as HTML. Here it may run and load nothing: the frame has no rights, and the policy of the page holds in it. */
function frame(field: string, value: string): Html {
  const page = `<!doctype html><meta charset="utf-8"><style>:root{color-scheme:light dark}body{font:14px/1.5 system-ui,sans-serif;margin:8px}</style>${value}`;
  return html`<iframe sandbox title="${field} as Vitally shows it" srcdoc="${page}"></iframe>`;
}

function changes(all: readonly Change[]): Html {
  const rows = all
    .toReversed()
    .map(({ atMs, request, fields }) => [
      time(atMs),
      request === undefined ? 'a seed' : html`<a href="/requests/${request}">request ${request}</a>`,
      fields.length === 0
        ? 'created'
        : html`${fields.map(({ name, before, after }) => html`<span class="field"><span class="muted">${brief(name)}</span> ${valueCell(before)} → ${valueCell(after)}</span>`)}`,
    ]);
  return table({ caption: 'Last changes', head: ['time (UTC)', 'by', 'what'], rows, empty: 'None.' });
}

/** What the record refers to, and what refers to it. */
function related(world: World, record: Stored, kinds: readonly Kind[]): Html {
  const ids = new Set([...referred(record), ...referring(world, record)]);
  const found = [...ids].map((id) => locate(kinds, id)).filter((one) => one !== undefined);
  const sections = kinds.flatMap((kind) => {
    const of = found.filter((one) => one.kind === kind);
    if (of.length === 0) return [];
    const note = of.length > MAX_RELATED ? `${MAX_RELATED} of ${count(of.length)}` : count(of.length);
    return [section(`Its ${kind.title}`, note, recordTable(kind, { shown: of.slice(0, MAX_RELATED) }))];
  });
  return html`${sections}`;
}

function referred(record: Stored): string[] {
  const values =
    'fields' in record && record.fields instanceof Map ? [...record.fields.values()] : Object.values(record);
  return values.flatMap((value: unknown) => {
    if (value instanceof Set || Array.isArray(value))
      return [...value].filter((id) => typeof id === 'string');
    return typeof value === 'string' && value !== record.id ? [value] : [];
  });
}

function referring(world: World, { id }: Stored): string[] {
  const users = [
    ...world.users.all().filter((user) => user.accountIds.has(id) || user.organizationIds.has(id)),
  ];
  const accounts = world.accounts.all().filter((account) => account.organizationId === id);
  // What users of an account answered belongs to it as well.
  const answers = users.flatMap((user) => [...world.itemsByReference.get(user.id)].filter(isAnswer));
  return [...accounts, ...users, ...world.itemsByReference.get(id), ...answers].map((one) => one.id);

  function isAnswer({ home }: Item): boolean {
    return home === world.items('npsResponses');
  }
}

/** What the record's events were, in the order of their arrival. */
function events(world: World, { kind, key }: Shown): Html {
  const by = { accounts: 'accountId', users: 'userId', organizations: 'organizationId' }[kind.slug];
  if (by === undefined) return NOTHING;
  const names = ['event', 'timestamp', 'properties'];
  const rows = world.events
    .last(by, key, MAX_EVENTS)
    .map((event) => names.map((name) => valueCell(event[name])));
  const shape = { caption: 'Its events', head: names, rows, empty: 'None.' };
  return section('Its events', rows.length === MAX_EVENTS ? `the last ${MAX_EVENTS}` : '', table(shape));
}
