/** Text that is HTML already. Any other value is escaped when it is put into HTML. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Part = Html | string | number | readonly Html[];

export const NOTHING = new Html('');

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** Controls but tab and line ends, and what turns the direction of text: unseen they let a row pass for another one. */
const UNSEEN = /[^\P{Cc}\t\n\r]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A template tag that escapes every value that is not {@link Html}: a hostile row stays text. A value in an attribute
 * stands in double quotes, and no value ever begins an address.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const rendered = parts.map((part) => {
    if (part instanceof Html) return part.text;
    return Array.isArray(part) ? part.map(({ text }) => text).join('') : escapeHtml(String(part));
  });
  return new Html(String.raw({ raw: strings }, ...rendered));
}

export function escapeHtml(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
    .replace(UNSEEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const MAX_SHOWN_CHARACTERS = 160;

/** A value as one short line, whatever its size. */
export function brief(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text;
}

export function count(number: number): string {
  return number.toLocaleString('en');
}

/** A time as text: a day and seconds of UTC. */
export function time(atMs: number): Html {
  const iso = new Date(atMs).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 19)}</time>`;
}
