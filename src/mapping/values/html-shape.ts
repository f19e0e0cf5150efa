import { ends, KEPT_TAGS, type Kind, kindOf, WITHOUT_END } from './html-elements.ts';
import type { Token } from './html-tokens.ts';

/** Elements within one another: Contract 10. Those that need no end tag are not counted, up to as many again. */
const MAX_OPEN_ELEMENTS = 1_000;

/** Tags that one value may have, so that the work at a value stays bounded; further tags are left out. */
const MAX_TAGS = 100_000;

/** Elements in which line ends are seen. */
const PREFORMATTED = ['pre', 'listing', 'xmp', 'plaintext', 'textarea'];

const LINE_END = /\r\n|\r|\n/g;

/** HTML in one spelling, in the tags that Vitally keeps. */
export interface Shaped {
  readonly html: string;
  /** Markup was taken out of it. */
  readonly stripped: boolean;
  /** A tag has an attribute, which may be an address. */
  readonly hasAttributes: boolean;
}

/** Text in HTML. */
export function escapedText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Text whose line ends are seen, in HTML. */
export function escapedLines(text: string): string {
  let lines = 0;
  return escapedText(text).replaceAll(LINE_END, () => (++lines <= MAX_TAGS ? '<br>' : ' '));
}

/**
 * Writes HTML in the tags that Vitally keeps, each with its end. Blocks whose tags Vitally does not keep become `<div>`,
 * cells of a table are separated by a space, other tags are left out. All of the text stays.
 */
export function shapeOf(tokens: Iterable<Token>): Shaped {
  const writer = new ShapeWriter();
  for (const token of tokens) {
    if (token.kind === 'text') writer.text(token.text);
    else if (token.kind === 'open') writer.open(token.name, token.attributes);
    else writer.close(token.name);
  }
  return writer.end();
}

interface OpenElement {
  readonly name: string;
  readonly tag: string;
  /** The place of its tag in what is written. */
  readonly at: number;
}

class ShapeWriter {
  readonly #out: string[] = [];
  readonly #open: OpenElement[] = [];
  /** How many elements of a name are open: an end tag without any costs nothing. */
  readonly #openByName = new Map<string, number>();
  /** Elements beyond the bound, whose end tags mean nothing. */
  readonly #unwritten = new Map<string, number>();
  /** Blocks that were given a tag of their own: where it begins and where it ends. */
  readonly #given = new Map<number, number>();
  #counted = 0;
  #tags = 0;
  #stripped = false;
  #hasAttributes = false;
  /** What comes next needs no space before it: a block begins or ended here, or there is a space. */
  #isApart = true;
  #wantsSpace = false;

  text(text: string): void {
    this.#setApart(/^\s/.test(text));
    if (PREFORMATTED.some((name) => (this.#openByName.get(name) ?? 0) > 0)) this.#lines(text);
    else {
      this.#out.push(escapedText(text));
      this.#isApart = /\s/.test(text.slice(-1));
    }
  }

  open(name: string, attributes: ReadonlyMap<string, string>): void {
    const kind = kindOf(name);
    for (
      let top = this.#open.at(-1);
      top !== undefined && ends(name, kind, top.name);
      top = this.#open.at(-1)
    ) {
      this.#pop(top);
    }
    const kept = this.#attributesOf(name, attributes);
    if (!KEPT_TAGS.has(name)) this.#stripped = true;
    switch (kind.kind) {
      case 'void':
        if (kind.tag !== undefined) this.#void(kind.tag, kept);
        break;
      case 'cell':
        this.#wantsSpace = true;
        break;
      case 'inline':
        break;
      case 'tag':
        this.#push(name, kind, kept);
    }
  }

  close(name: string): void {
    const kind = kindOf(name);
    const unwritten = this.#unwritten.get(name) ?? 0;
    if (kind.kind === 'cell' || unwritten > 0) this.#wantsSpace = true;
    if (name === 'br') this.#void('br', '');
    if (unwritten > 0) this.#unwritten.set(name, unwritten - 1);
    else if ((this.#openByName.get(name) ?? 0) > 0) {
      for (let top = this.#open.at(-1); top !== undefined; top = this.#open.at(-1)) {
        this.#pop(top);
        if (top.name === name) break;
      }
    } else if (kind.kind === 'tag' && kind.isBlock) this.#wantsSpace = true;
  }

  end(): Shaped {
    for (let top = this.#open.at(-1); top !== undefined; top = this.#open.at(-1)) this.#pop(top);
    let alone = 0;
    // A block around all of the text separates nothing.
    while (this.#given.get(alone) === this.#out.length - 1 - alone) alone++;
    const html = this.#out.slice(alone, this.#out.length - alone).join('');
    // Read again, a text without elements is plain text, whose line ends count.
    return {
      html: this.#tags > alone ? html : html.replaceAll(LINE_END, ' '),
      stripped: this.#stripped,
      hasAttributes: this.#hasAttributes,
    };
  }

  #lines(text: string): void {
    for (const [index, line] of text.split(LINE_END).entries()) {
      if (index > 0) this.#void('br', '');
      if (line === '') continue;
      this.#setApart(false);
      this.#out.push(escapedText(line));
      this.#isApart = false;
    }
  }

  #void(tag: 'br' | 'img', attributes: string): void {
    if (this.#tags < MAX_TAGS) this.#write(tag === 'br' ? '<br>' : `<img${attributes} />`, tag === 'br');
    else {
      this.#stripped = true;
      this.#wantsSpace = true;
    }
  }

  #push(name: string, { tag, isBlock }: Extract<Kind, { kind: 'tag' }>, attributes: string): void {
    const isCounted = !WITHOUT_END.has(tag);
    const isTooDeep =
      this.#counted + (isCounted ? 1 : 0) > MAX_OPEN_ELEMENTS || this.#open.length >= 2 * MAX_OPEN_ELEMENTS;
    if (isTooDeep || this.#tags >= MAX_TAGS) {
      this.#stripped = true;
      this.#wantsSpace ||= isBlock;
      this.#unwritten.set(name, (this.#unwritten.get(name) ?? 0) + 1);
      return;
    }
    this.#write(`<${tag}${attributes}>`, isBlock);
    this.#open.push({ name, tag, at: this.#out.length - 1 });
    this.#openByName.set(name, (this.#openByName.get(name) ?? 0) + 1);
    if (isCounted) this.#counted++;
  }

  #pop({ name, tag, at }: OpenElement): void {
    this.#open.pop();
    this.#openByName.set(name, (this.#openByName.get(name) ?? 0) - 1);
    if (!WITHOUT_END.has(tag)) this.#counted--;
    const kind = kindOf(tag);
    const isBlock = kind.kind === 'tag' && kind.isBlock;
    if (tag === 'div' && name !== 'div') this.#given.set(at, this.#out.length);
    this.#out.push(`</${tag}>`);
    if (isBlock) this.#boundary();
  }

  #write(tag: string, isBlock: boolean): void {
    this.#setApart(isBlock);
    this.#out.push(tag);
    this.#tags++;
    if (isBlock) this.#boundary();
    else if (tag.startsWith('<img')) this.#isApart = false;
  }

  #setApart(isApartAnyway: boolean): void {
    if (this.#wantsSpace && !this.#isApart && !isApartAnyway) this.#out.push(' ');
    this.#wantsSpace = false;
  }

  #boundary(): void {
    this.#isApart = true;
    this.#wantsSpace = false;
  }

  #attributesOf(name: string, attributes: ReadonlyMap<string, string>): string {
    const kept = KEPT_TAGS.get(name) ?? [];
    let text = '';
    for (const [attribute, value] of attributes) {
      if (!kept.includes(attribute)) this.#stripped = true;
      // An empty attribute says nothing, except `alt`: the picture needs no words.
      else if (value !== '' || attribute === 'alt')
        text += ` ${attribute}="${escapedText(value).replaceAll('"', '&quot;')}"`;
    }
    this.#hasAttributes ||= text !== '';
    return text;
  }
}
