import { optionalText } from '../../fields.ts';
import type { FieldReader } from './fields.ts';

/** The tags that are kept, each with its attributes (vitally-api.md, "HTML fields"). */
const ALLOWED: ReadonlyMap<string, readonly string[]> = new Map([
  ['a', ['href', 'name', 'target']],
  ['img', ['src', 'alt', 'width', 'height']],
  ...['p', 'div', 'br', 'ul', 'ol', 'nl', 'li', 'b', 'u', 'i', 'strong', 'em', 'code'].map(
    (tag): [string, readonly string[]] => [tag, []],
  ),
]);

/**
 * Captures the slash of a closing tag, the tag's name and the text of its attributes; a comment captures nothing. What
 * is never closed is taken to the end, and a name is taken whole, so that no sign is looked at anew from each before it.
 */
const COMMENT_OR_TAG =
  /<!--[\s\S]*?(?:-->|$)|<[!?][^>]*(?:>|$)|<(\/?)([a-z][a-z0-9-]*)(?![a-z0-9-])((?:[^<>"']|"[^"]*"|'[^']*')*)>/gi;

/** Captures an attribute's name and its value: in double quotes, in single ones or bare. */
const ATTRIBUTE = /(?<![\w:-])([a-z][\w:-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;

/** HTML without other tags, other attributes and comments; the text between them stays. */
export function cleanHtml(text: string): string {
  return text.replace(COMMENT_OR_TAG, (match, slash?: string, tag = '', attributes = '') => {
    // No tag any more, but a comment may begin there.
    if (/^<[!?]/.test(match) && !match.endsWith('>')) return match.replace(/<!--[\s\S]*$/, '');
    const name = String(tag).toLowerCase();
    const kept = ALLOWED.get(name);
    if (kept === undefined) return '';
    if (slash === '/') return `</${name}>`;
    const end = String(attributes).trimEnd().endsWith('/') ? ' />' : '>';
    return `<${name}${cleanAttributes(String(attributes), kept)}${end}`;
  });
}

function cleanAttributes(text: string, kept: readonly string[]): string {
  const cleaned = [...text.matchAll(ATTRIBUTE)].map(([, given = '', double, single, bare]) => {
    const name = given.toLowerCase();
    const value = double ?? single ?? bare ?? '';
    return kept.includes(name) ? ` ${name}="${value.replaceAll('"', '&quot;')}"` : '';
  });
  return cleaned.join('');
}

/** A text of HTML. */
export const html: FieldReader = (_context, body, name) => {
  const given = optionalText(body, name);
  return typeof given === 'string' ? cleanHtml(given) : given;
};
