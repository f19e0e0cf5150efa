import { decodeHTMLAttribute, decodeHTMLStrict } from 'entities';
import { isAttribute, isElement } from './html-elements.ts';

export type Token =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'open'; readonly name: string; readonly attributes: ReadonlyMap<string, string> }
  | { readonly kind: 'close'; readonly name: string };

const TAG_NAME = /<(\/?)([a-z][a-z0-9:-]*)(?=[ \t\n\f\r/>])/iy;

/** One attribute, or the end of the tag. A `<` outside of quotes is in no tag. */
const ATTRIBUTE =
  /[ \t\n\f\r/]*(?:(>)|([^ \t\n\f\r/>=<]+)(?:[ \t\n\f\r]*=[ \t\n\f\r]*(?:"([^"]*)"|'([^']*)'|([^ \t\n\f\r<>"'][^ \t\n\f\r<>]*)|(?=>)))?)/y;

/** Document types, processing instructions, and the conditions that Microsoft Office writes. */
const DECLARATION = /<(?:!doctype\b[^<>]*|\?[a-z][^<>]*|!\[(?:if\b|endif\b)[^<>]*)>/iy;

const FOREIGN = new Set(['svg', 'math']);

/** All that they hold is text; the first two may have character references in it. */
const LITERAL = new Set(['textarea', 'title', 'xmp']);

const CODE = new Set(['script', 'style']);

/** Every program and style sheet has one of these; where there is none, it is text. */
const CODE_SIGN = /[{}()=@]|\/[/*]/;

/**
 * Takes HTML apart. Everything that is no markup is text: a `<` that opens no element, an end tag, comment or script
 * that has no end. Comments, declarations, scripts and style sheets are left out. The work grows with the length of
 * the text alone: each sign is looked at a bounded number of times.
 */
export function* htmlTokens(html: string): Generator<Token, void> {
  const ends = createEnds(html);
  let at = 0;
  let foreign = 0;
  let pending = '';

  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open === -1) break;
    pending += html.slice(at, open);
    const found = readMarkup(html, open, ends, foreign > 0);
    if (found === undefined) {
      pending += '<';
      at = open + 1;
      continue;
    }
    if (pending !== '') yield { kind: 'text', text: decodeHTMLStrict(pending) };
    pending = '';
    at = found.end;
    const { token } = found;
    if (token === undefined) continue;
    yield token;
    if (FOREIGN.has(token.kind === 'text' ? '' : token.name)) {
      if (token.kind === 'close') foreign = Math.max(0, foreign - 1);
      else if (token.kind === 'open' && ends.after(`</${token.name}`, at) !== -1) foreign++;
    }
    if (token.kind !== 'open') continue;
    const content = literalContent(html, token.name, at, ends);
    if (content === undefined) continue;
    at = content.end;
    if (content.text !== '') yield { kind: 'text', text: content.text };
  }
  const rest = pending + html.slice(at);
  if (rest !== '') yield { kind: 'text', text: decodeHTMLStrict(rest) };
}

/**
 * Where things end. Asked from places that only grow, so that the text is read once for each of the few texts asked
 * for, and once for the names of all end tags.
 */
interface Ends {
  /** -1 where it does not occur. */
  after(end: '-->' | ']]>' | `</${string}`, from: number): number;
  /** The text holds an end tag of this name. */
  hasTag(name: string): boolean;
}

function createEnds(html: string): Ends {
  const found = new Map<string, number>();
  let tags: ReadonlySet<string> | undefined;
  return {
    after(end, from) {
      const known = found.get(end);
      if (known !== undefined && (known === -1 || known >= from)) return known;
      const index = end.startsWith('</') ? endTag(html, end, from) : html.indexOf(end, from);
      found.set(end, index);
      return index;
    },
    hasTag(name) {
      tags ??= new Set([...html.matchAll(END_TAG_NAME)].map(([, tag = '']) => tag.toLowerCase()));
      return tags.has(name);
    },
  };
}

const END_TAG_NAME = /<\/([a-z][a-z0-9:-]*)(?=[ \t\n\f\r/>])/gi;

function endTag(html: string, start: string, from: number): number {
  const pattern = new RegExp(`${start}(?=[ \\t\\n\\f\\r/>])`, 'gi');
  pattern.lastIndex = from;
  return pattern.exec(html)?.index ?? -1;
}

interface Markup {
  readonly end: number;
  /** `undefined` for what is left out. */
  readonly token?: Token;
}

/** The markup that a `<` begins, if it begins any. */
function readMarkup(html: string, at: number, ends: Ends, isForeign: boolean): Markup | undefined {
  const next = html.charCodeAt(at + 1);
  if (next === 0x21 || next === 0x3f) return readDeclaration(html, at, ends);
  TAG_NAME.lastIndex = at;
  const match = TAG_NAME.exec(html);
  if (match === null) return undefined;
  const [text, slash, given = ''] = match;
  const name = given.toLowerCase();
  if (!isForeign && !isElement(name, ends.hasTag)) return undefined;
  const attributes = new Map<string, string>();
  ATTRIBUTE.lastIndex = at + text.length;
  for (;;) {
    const part = ATTRIBUTE.exec(html);
    if (part === null) return undefined;
    if (part[1] === '>') break;
    const attribute = (part[2] ?? '').toLowerCase();
    const hasValue = part[0].includes('=');
    const value = part[3] ?? part[4] ?? part[5] ?? '';
    if (!isForeign && !isAttribute(attribute, hasValue ? value : undefined)) return undefined;
    if (!attributes.has(attribute)) attributes.set(attribute, decodeHTMLAttribute(value));
  }
  const end = ATTRIBUTE.lastIndex;
  return { end, token: slash === '/' ? { kind: 'close', name } : { kind: 'open', name, attributes } };
}

function readDeclaration(html: string, at: number, ends: Ends): Markup | undefined {
  if (html.startsWith('<!--', at)) {
    const end = ends.after('-->', at + 2);
    return end === -1 ? undefined : { end: end + '-->'.length };
  }
  if (html.startsWith('<![CDATA[', at)) {
    const start = at + '<![CDATA['.length;
    const end = ends.after(']]>', start);
    if (end === -1) return undefined;
    return { end: end + ']]>'.length, token: { kind: 'text', text: html.slice(start, end) } };
  }
  DECLARATION.lastIndex = at;
  return DECLARATION.test(html) ? { end: DECLARATION.lastIndex } : undefined;
}

/** The content of an element that holds no markup, where its end tag is there. */
function literalContent(
  html: string,
  name: string,
  from: number,
  ends: Ends,
): { readonly end: number; readonly text: string } | undefined {
  if (!LITERAL.has(name) && !CODE.has(name)) return undefined;
  const end = ends.after(`</${name}`, from);
  if (end === -1) return undefined;
  const content = html.slice(from, end);
  if (CODE.has(name)) return { end, text: CODE_SIGN.test(content) ? '' : content };
  return { end, text: name === 'xmp' ? content : decodeHTMLStrict(content) };
}
