/**
 * The elements of HTML: WHATWG HTML, "Index of elements" and "Non-conforming features" (read 2026). What is none of
 * these opens no element: `<name>` and `<foo@bar.example>` are text.
 */
const ELEMENTS = new Set(
  (
    'a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote ' +
    'body br button canvas caption center cite code col colgroup command data datalist dd del details dfn dialog ' +
    'dir div dl dt em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head ' +
    'header hgroup hr html i iframe image img input ins isindex kbd keygen label legend li link listing main map ' +
    'mark marquee math menu menuitem meta meter multicol nav nextid nl nobr noembed noframes noscript object ol ' +
    'optgroup option output p param picture plaintext pre progress q rb rp rt rtc ruby s samp script search ' +
    'section select slot small source spacer span strike strong style sub summary sup svg table tbody td template ' +
    'textarea tfoot th thead time title tr track tt u ul var video wbr xmp'
  ).split(' '),
);

/** Prefixes of the elements that Microsoft Office puts in its HTML (`<o:p>`). */
const OFFICE = /^(?:o|v|w|m|x|st1):[a-z]/;

/** Attributes that may have no value. A word that is none of them (`a<b and c>d`) shows that there is no tag. */
const BARE_ATTRIBUTES = new Set(
  (
    'align alt allowfullscreen async autofocus autoplay border checked class compact contenteditable controls ' +
    'declare default defer dir disabled download draggable formnovalidate height hidden href id inert ismap ' +
    'itemscope lang loop multiple muted name nohref nomodule noresize noshade novalidate nowrap open playsinline ' +
    'readonly required reversed selected spellcheck src style target title translate valign value width'
  ).split(' '),
);

/** Whether a tag of this name, in lower case, is one of HTML. `hasEndTag` tells whether the text holds one of a name. */
export function isElement(name: string, hasEndTag: (name: string) => boolean): boolean {
  if (ELEMENTS.has(name)) return true;
  // Elements of one's own have a hyphen (WHATWG HTML, "Valid custom element name"), but so may words in brackets.
  return OFFICE.test(name) || (name.includes('-') && hasEndTag(name));
}

export function isAttribute(name: string, value: string | undefined): boolean {
  return value !== undefined || BARE_ATTRIBUTES.has(name) || /[^a-z0-9]/.test(name);
}

/** Every other tag and attribute is stripped on create and update (vitally-api.md, "HTML fields"). */
export const KEPT_TAGS: ReadonlyMap<string, readonly string[]> = new Map([
  ['a', ['href', 'name', 'target']],
  ['img', ['src', 'alt', 'width', 'height']],
  ...['p', 'div', 'br', 'ul', 'ol', 'nl', 'li', 'b', 'u', 'i', 'strong', 'em', 'code'].map(
    (tag): [string, readonly string[]] => [tag, []],
  ),
]);

/** What becomes of an element: the tag that is written for it, or how its content is separated. */
export type Kind =
  | { readonly kind: 'tag'; readonly tag: string; readonly isBlock: boolean }
  /** A part of a line, between spaces. */
  | { readonly kind: 'cell' }
  | { readonly kind: 'void'; readonly tag: 'br' | 'img' | undefined }
  | { readonly kind: 'inline' };

const KEPT_BLOCKS = ['p', 'div', 'ul', 'ol', 'nl', 'li'];
const LOST_BLOCKS = (
  'address article aside blockquote caption center dd details dialog dl dt fieldset figcaption figure footer form ' +
  'h1 h2 h3 h4 h5 h6 header hgroup legend listing main marquee multicol nav noframes optgroup option plaintext pre ' +
  'search section select summary table textarea title tr xmp'
).split(' ');
const VOID = (
  'area base basefont bgsound col command embed frame image input isindex keygen link meta nextid param source ' +
  'spacer track wbr'
).split(' ');

const KINDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ...[...KEPT_TAGS.keys()].map((tag) => [tag, tagOf(tag)] as const),
  ...LOST_BLOCKS.map((name) => [name, tagOf('div')] as const),
  ...['menu', 'dir'].map((name) => [name, tagOf('ul')] as const),
  // `text` and `desc` are SVG's.
  ...['td', 'th', 'text', 'desc'].map((name) => [name, { kind: 'cell' }] as const),
  ...VOID.map((name) => [name, { kind: 'void', tag: undefined }] as const),
  ['img', { kind: 'void', tag: 'img' }],
  ['br', { kind: 'void', tag: 'br' }],
  ['hr', { kind: 'void', tag: 'br' }],
]);

export function kindOf(name: string): Kind {
  return KINDS.get(name) ?? { kind: 'inline' };
}

function tagOf(tag: string): Kind {
  return { kind: 'tag', tag, isBlock: KEPT_BLOCKS.includes(tag) };
}

/** WHATWG HTML, "Optional tags": what an element ends that was left open just before it. A block ends a paragraph, too. */
const ENDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['a', ['a']],
  ['li', ['li']],
  ['dt', ['dt', 'dd']],
  ['dd', ['dt', 'dd']],
  ['option', ['option']],
  ['optgroup', ['option', 'optgroup']],
  ['tr', ['tr', 'caption']],
  ['td', ['caption']],
  ['th', ['caption']],
]);

export function ends(name: string, kind: Kind, open: string): boolean {
  return (open === 'p' && kind.kind === 'tag' && kind.isBlock) || ENDS.get(name)?.includes(open) === true;
}

/** Elements that need no end tag, among those that are written. */
export const WITHOUT_END: ReadonlySet<string> = new Set(['p', 'li']);
