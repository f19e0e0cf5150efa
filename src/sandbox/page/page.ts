import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../http/read-body.ts';
import type { Target } from '../http/target.ts';
import type { State } from '../state.ts';
import { act, controlsPage, type Told } from './controls.ts';
import { type Html, html } from './html.ts';
import { kindsOf } from './kinds.ts';
import { kindPage } from './listing.ts';
import { overview } from './overview.ts';
import { recordPage } from './record.ts';
import { requestPage, requestsPage } from './requests.ts';
import { runPage } from './runs.ts';
import { STYLE } from './style.ts';
import { naturalNumber, parseView } from './view.ts';

/**
 * The page holds no script, and its policy keeps a script from running that came in a row, in the frame of a note too:
 * a frame with `srcdoc` has the policy of its page.
 */
const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  // Without any referrer a form would name no origin, and the guard would take it for one of another site.
  'Referrer-Policy': 'same-origin',
  'Cache-Control': 'no-store',
} as const;

interface Page {
  readonly title: string;
  readonly content: Html;
  readonly status?: number;
}

/**
 * Answers what a browser asks for: what the sandbox holds, how it came to be, and the forms that control it.
 *
 * @returns false where the address is none of the page's
 */
export async function servePage(
  state: State,
  target: Target,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const page =
    request.method === 'POST' ? await posted(state, target, request) : gotten(state, target, request);
  if (page === undefined) return false;
  response.writeHead(page.status ?? 200, HEADERS);
  response.end(document(page, target).text);
  return true;
}

function gotten(state: State, { pathname, query }: Target, { method }: IncomingMessage): Page | undefined {
  if (method !== 'GET') return undefined;
  const [, section = '', name, id, ...more] = pathname.split('/').map(decoded);
  if (more.length > 0) return undefined;
  const view = parseView(query);
  if (name === undefined) {
    if (section === '') return { title: 'Overview', content: overview(state, kindsOf(state.world), view) };
    if (section === 'requests') return { title: 'Requests', content: requestsPage(state, view) };
    if (section === 'controls') return { title: 'Controls', content: controlsPage(state, undefined) };
    return undefined;
  }
  if (section === 'records') return ofRecords(state, name, id, view);
  const number = id === undefined ? naturalNumber(name) : undefined;
  if (number === undefined) return undefined;
  if (section === 'runs') {
    const run = state.runs.byNumber(number);
    return run === undefined
      ? gone('run')
      : { title: `Run ${number}`, content: runPage(run, kindsOf(state.world)) };
  }
  if (section !== 'requests') return undefined;
  const entry = state.log.byNumber(number);
  return entry === undefined ? gone('request') : { title: `Request ${number}`, content: requestPage(entry) };
}

function ofRecords(
  state: State,
  slug: string,
  id: string | undefined,
  view: ReturnType<typeof parseView>,
): Page {
  const kinds = kindsOf(state.world);
  const kind = kinds.find((one) => one.slug === slug);
  if (kind === undefined) return gone('record');
  if (id === undefined) return { title: kind.title, content: kindPage(state, kind, view) };
  const shown = kind.byId(id);
  if (shown === undefined) return gone('record');
  return { title: shown.key, content: recordPage(state, shown, kinds) };
}

async function posted(
  state: State,
  { pathname }: Target,
  request: IncomingMessage,
): Promise<Page | undefined> {
  const [, name] = /^\/controls\/([\w-]+)$/.exec(pathname) ?? [];
  if (name === undefined) return undefined;
  const body = await readBody(request);
  const told: Told | undefined =
    body === 'too_large'
      ? { ok: false, text: 'That is more than 5 MB; give it to the sandbox with --seed' }
      : await act(state, name, new URLSearchParams(body.toString()));
  if (told === undefined) return undefined;
  return { title: 'Controls', content: controlsPage(state, told), status: told.ok ? 200 : 400 };
}

function gone(what: string): Page {
  return {
    title: 'Not there',
    content: html`<h1>Not there</h1><p>The sandbox holds no such ${what}, or holds it no longer. <a href="/">Overview</a></p>`,
    status: 404,
  };
}

function document({ title, content }: Page, { pathname, query }: Target): Html {
  const again = query.size === 0 ? pathname : `${pathname}?${query}`;
  const links = [
    ['/', 'Overview'],
    ['/requests', 'Requests'],
    ['/controls', 'Controls'],
  ].map(
    ([address = '', name = '']) =>
      html`<a href="${address}"${address === pathname ? html` aria-current="page"` : html``}>${name}</a>`,
  );
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} · Vitally sandbox</title><style>${STYLE}</style></head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header><nav aria-label="Main">${links}<a class="refresh" href="${again.startsWith('/controls') ? '/controls' : again}">Refresh</a></nav></header>
<main id="main">
${content}
</main>
</body>
</html>
`;
}

/** A part of an address that is wrongly encoded leads nowhere. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
