import { CONTROLS } from '../control/control.ts';
import { FAULT_KINDS } from '../faults/faults.ts';
import { SANDBOX_SWITCHES } from '../faults/switches.ts';
import { isObject, type JsonObject, parseJson } from '../json.ts';
import type { State } from '../state.ts';
import { count, type Html, html, NOTHING } from './html.ts';
import { section } from './tables.ts';

/** What the last form came to, shown above the forms. */
export interface Told {
  readonly ok: boolean;
  readonly text: string;
  /** What was written into the field of the seed, to be mended. */
  readonly seed?: string;
}

interface Action {
  readonly control: keyof typeof CONTROLS;
  readonly done: string;
  readonly body: (form: URLSearchParams) => JsonObject;
}

/** The forms of the page by the end of their address; each does what a control of docs/sandbox.md does. */
const ACTIONS: Readonly<Record<string, Action>> = {
  switches: {
    control: 'POST profile',
    done: 'The switches are set.',
    body: (form) => ({ switches: form.getAll('switch') }),
  },
  faults: { control: 'POST faults', done: 'The faults are set.', body: faultsOf },
  'no-faults': { control: 'POST faults', done: 'There are no faults any more.', body: () => ({}) },
  seed: { control: 'POST seed', done: 'The seed is in.', body: seedOf },
  clear: {
    control: 'POST clear',
    done: 'Records, runs and requests are gone. Switches and faults are as they were.',
    body: () => ({}),
  },
  stall: { control: 'POST stall', done: 'Nothing is answered until you let it go on.', body: () => ({}) },
  release: { control: 'POST release', done: 'Requests are answered again.', body: () => ({}) },
};

/** Carries out a form. `undefined` where there is none of this name. */
export async function act(state: State, name: string, form: URLSearchParams): Promise<Told | undefined> {
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (action === undefined) return undefined;
  try {
    await CONTROLS[action.control]?.run(state, action.body(form), new URLSearchParams());
    return { ok: true, text: action.done };
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error;
    return { ok: false, text: error.message, seed: form.get('seed') ?? '' };
  }
}

function faultsOf(form: URLSearchParams): JsonObject {
  const kinds = form.getAll('kind');
  const texts = { paths: form.get('paths') ?? '' };
  const [percent, limit] = ['percent', 'limit'].map((name) => numberOf(form, name));
  return {
    rate: (percent ?? 0) / 100,
    ...(kinds.length === 0 ? {} : { kinds }),
    ...(texts.paths === '' ? {} : texts),
    ...(limit === undefined ? {} : { limit }),
  };
}

function numberOf(form: URLSearchParams, name: string): number | undefined {
  const text = (form.get(name) ?? '').trim();
  if (text === '') return undefined;
  const number = Number(text);
  if (!Number.isFinite(number)) throw new RangeError(`${name}: ${text} is no number`);
  return number;
}

function seedOf(form: URLSearchParams): JsonObject {
  const content = parseJson(form.get('seed') ?? '');
  if (!isObject(content))
    throw new RangeError(
      'a seed is an object of kinds of records, such as {"accounts": [{"externalId": "acme"}]}',
    );
  return content;
}

export function controlsPage(state: State, told: Told | undefined): Html {
  const said =
    told === undefined
      ? NOTHING
      : html`<p class="told ${told.ok ? 'good' : 'bad'}" role="${told.ok ? 'status' : 'alert'}">${told.text}</p>`;
  return html`<h1>Controls</h1>${said}
${section('Records', '', recordForms(told?.seed ?? ''))}
${section('Faults', faultsNow(state), faultForm())}
${section('Switches', 'disputed or optional behaviour of Vitally', switchForm(state))}`;
}

function recordForms(seed: string): Html {
  return html`<form method="post" action="/controls/seed"><label for="seed">A seed as <code>--seed</code> takes it</label>
<textarea id="seed" name="seed" rows="6" spellcheck="false" required>${seed}</textarea><button>Put in</button></form>
<form class="line" method="post" action="/controls/clear"><button class="danger">Clear records, runs and requests</button></form>`;
}

function faultsNow({ faults }: State): string {
  const { rate, kinds, sequence = [], limit } = faults.plan;
  if (rate === 0 && sequence.length === 0) return 'none';
  const most = limit === undefined ? '' : `, at most ${count(limit)}`;
  return `${count(rate * 100)} % of the requests: ${kinds.join(', ')}${most}`;
}

function faultForm(): Html {
  const kinds = Object.entries(FAULT_KINDS).map(([name, meaning]) => option('kind', name, meaning, false));
  return html`<form method="post" action="/controls/faults">
<p class="line"><label for="percent">Percent of the requests</label><input id="percent" name="percent" type="number" min="0" max="100" step="any" value="10">
<label for="limit">at most</label><input id="limit" name="limit" type="number" min="0">
<label for="paths">paths like</label><input id="paths" name="paths"></p>
<fieldset><legend>Kinds; none for all that a retry mends</legend><div class="options">${kinds}</div></fieldset>
<p class="line"><button>Set faults</button><button formaction="/controls/no-faults" formnovalidate>End faults</button>
<button formaction="/controls/stall" formnovalidate>Answer nothing</button><button formaction="/controls/release" formnovalidate>Answer again</button></p></form>`;
}

function switchForm({ context }: State): Html {
  const on: ReadonlySet<string> = context.switches;
  const all = Object.entries(SANDBOX_SWITCHES).map(([name, meaning]) =>
    option('switch', name, meaning, on.has(name)),
  );
  return html`<form method="post" action="/controls/switches"><fieldset><legend>What is on</legend><div class="options">${all}</div></fieldset><p class="line"><button>Set switches</button></p></form>`;
}

function option(group: string, name: string, meaning: string, isOn: boolean): Html {
  const id = `${group}-${name}`;
  return html`<div><input type="checkbox" id="${id}" name="${group}" value="${name}"${isOn ? html` checked` : NOTHING}><label for="${id}"><b>${name}</b> <span class="muted">${meaning}</span></label></div>`;
}
