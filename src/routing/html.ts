import sanitize from 'sanitize-html';

/** Vitally REST reference, section on HTML: every other tag and attribute is stripped on create and update. */
const KEPT: sanitize.IOptions = {
  allowedTags: [
    ...['a', 'img', 'p', 'div', 'br', 'ul', 'ol', 'nl', 'li'],
    ...['b', 'u', 'i', 'strong', 'em', 'code'],
  ],
  allowedAttributes: { a: ['href', 'name', 'target'], img: ['src', 'alt', 'width', 'height'] },
  // Addresses that would run a script are no loss; pictures may stand in the text itself.
  allowedSchemesByTag: { img: ['http', 'https', 'data', 'cid'] },
};

/** Writes everything out that it reads: what differs from this was stripped, what does not was only spelt anew. */
const ALL: sanitize.IOptions = {
  allowedTags: false,
  allowedAttributes: false,
  allowVulnerableTags: true,
  allowedSchemesAppliedToAttributes: [],
  parseStyleAttributes: false,
};

export interface CleanHtml {
  /** Cleaned again it stays the same, so that what Vitally shows can be compared with what was sent. */
  readonly html: string;
  /** Tags or attributes were taken out; comments don't count. */
  readonly stripped: boolean;
}

/** Links that stood in a stripped tag can nest, which the next pass takes apart; two or three passes are usual. */
const MAX_PASSES = 8;

/** Leaves of a text the HTML that Vitally keeps. The text within a stripped tag stays, but for scripts and styles. */
export function cleanHtml(text: string): CleanHtml {
  let html = text;
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const before = html;
    html = sanitize(before, KEPT);
    if (html === before) break;
  }
  return { html, stripped: html !== text && sanitize(text, KEPT) !== sanitize(text, ALL) };
}
