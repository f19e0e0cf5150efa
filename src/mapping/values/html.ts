import { decodeHTMLStrict } from 'entities';
import sanitize from 'sanitize-html';
import { KEPT_TAGS } from './html-elements.ts';
import { escapedLines, shapeOf } from './html-shape.ts';
import { htmlTokens } from './html-tokens.ts';

/** Pictures that may be in the text itself: SVG and the like can hold more than a picture. */
const PICTURE_IN_TEXT = /^data:image\/(?:png|jpeg|gif|webp)[;,]/i;

/** The gate for what was shaped: nothing but the tags and attributes that Vitally keeps, and no address that does harm. */
const GATE: sanitize.IOptions = {
  allowedTags: [...KEPT_TAGS.keys()],
  allowedAttributes: Object.fromEntries([...KEPT_TAGS].map(([tag, names]) => [tag, [...names]])),
  allowedSchemes: ['http', 'https', 'ftp', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['http', 'https', 'data', 'cid'] },
  allowProtocolRelative: false,
  transformTags: { img: withoutOtherData },
};

/** A longer text is not cleaned: the work at one value must stay below what a signal may wait for. */
export const MAX_HTML_CHARACTERS = 4_000_000;

export interface CleanHtml {
  /** Cleaned again it stays the same, so that what Vitally shows can be compared with what was sent. */
  readonly html: string;
  /** Tags, attributes or addresses were taken out; comments don't count, and text is never taken out. */
  readonly stripped: boolean;
}

/**
 * A text as an HTML field takes it. A text without any element of HTML is plain text: it is escaped, its line ends
 * become `<br>`; character references in it stay what they are, or a text that was cleaned could not be told from one
 * that was not. Contract 4, "A plain text given to an HTML field".
 *
 * Text of a row is never lost, and what was cleaned stays the same when it is cleaned again. sanitize-html 2.18.1
 * promises neither under any of its options; it is the gate for attributes and addresses. Before it, this folder
 * reads the markup and writes the tags, because the library
 * - takes each `<` before a letter for a tag: `Dear <name>`, `<jane@acme.example>`, `a<b and c>d` and all text behind
 *   a comment or `<script>` that has no end are gone before `transformTags` or `exclusiveFilter` is asked;
 * - renames a lost block (`transformTags`) or leaves its tag out (`exclusiveFilter`), but puts no space between the
 *   cells of a table, and doesn't leave out a block for being the only one;
 * - tells `textFilter` the innermost element alone, so that line ends in `<pre><code>` are not known to be seen;
 * - counts `<p>` and `<li>` for its `nestingLimit`, and doesn't say whether it left anything out.
 */
export function cleanHtml(text: string): CleanHtml {
  if (!holdsElement(text)) {
    return { html: escapedLines(decodeHTMLStrict(text)), stripped: false };
  }
  const { html, stripped, hasAttributes } = shapeOf(htmlTokens(text));
  // Tags without attributes are those that the shape is made of: there is nothing to judge.
  if (!hasAttributes) return { html, stripped };
  // The gate writes the tag in its other spelling; in a text or an attribute it would be escaped.
  const safe = sanitize(html, GATE).replaceAll('<br />', '<br>');
  return { html: safe, stripped: stripped || safe !== html };
}

function holdsElement(text: string): boolean {
  for (const token of htmlTokens(text)) if (token.kind === 'open') return true;
  return false;
}

function withoutOtherData(tagName: string, attribs: sanitize.Attributes): sanitize.Tag {
  const { src, ...others } = attribs;
  // Browsers leave control characters and blanks out of a scheme.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones
  const bare = src?.replaceAll(/[\u0000-\u0020]/g, '') ?? '';
  const isKept = src !== undefined && (!/^data:/i.test(bare) || PICTURE_IN_TEXT.test(bare));
  return { tagName, attribs: isKept ? attribs : others };
}
