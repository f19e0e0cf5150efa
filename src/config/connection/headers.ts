import { addFault, type Findings } from '../../errors/findings.ts';
import { isJsonObject, own } from '../../json/guards.ts';

/** A header of the config's own, as it is written there. */
export interface HeaderConfig {
  readonly name: string;
  readonly value: string;
}

/** A token of HTTP (RFC 9110, 5.6.2): what a header's name may be. */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** What a header's value may hold: visible signs of ISO 8859-1, blanks and tabs. No line break: it would begin another header. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * Headers that this program sets itself, that make one message of many (length, encoding, connection), or that would
 * let an answer come in a form that it doesn't read.
 */
const RESERVED: ReadonlySet<string> = new Set([
  'authorization',
  'accept',
  'accept-encoding',
  'user-agent',
  'host',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'http2-settings',
  'expect',
]);

const RESERVED_BEGINNINGS = ['proxy-', 'content-'] as const;

/** Blanks and tabs around a value are no part of it (RFC 9110, 5.5). */
const BLANKS_AROUND = /^[ \t]+|[ \t]+$/g;

/**
 * The headers that go with every request to both addresses. What is wrong with them goes to `findings`, which quote
 * neither a value nor a name that is no header's: one may be a token in the wrong place.
 */
export function parseHeaders(
  given: readonly HeaderConfig[],
  path: string,
  findings: Findings,
): Readonly<Record<string, string>> {
  const firsts = new Map<string, string>();
  const entries = given.map(({ name, value }, index): [string, string] => {
    const place = `${path}/${index}`;
    const lower = name.toLowerCase();
    const first = firsts.get(lower);
    const fault =
      nameFault(name) ??
      (first === undefined ? undefined : `is the same header as ${first}; keep one of them`);
    if (fault !== undefined) addFault(findings, `${place}/name`, fault);
    if (first === undefined) firsts.set(lower, `${place}/name`);
    if (!VALUE.test(value)) addFault(findings, `${place}/value`, VALUE_FAULT);
    return [name, value.replaceAll(BLANKS_AROUND, '')];
  });
  return Object.fromEntries(entries);
}

/** The values of all that is under `headers`, sound or not, for redaction. */
export function headerValuesIn(dataCenter: unknown): readonly string[] {
  const headers = isJsonObject(dataCenter) ? own(dataCenter, 'headers') : undefined;
  return (Array.isArray(headers) ? headers : []).flatMap((header) => {
    const value = isJsonObject(header) ? own(header, 'value') : undefined;
    return typeof value === 'string' ? [value.trim()] : [];
  });
}

const VALUE_FAULT =
  'holds a line break, a control character or a sign beyond ISO 8859-1, which no header can; write it on one line';

function nameFault(name: string): string | undefined {
  if (!NAME.test(name)) {
    return 'is no name of a header; write letters, digits and - alone, such as X-Gateway-Key';
  }
  const lower = name.toLowerCase();
  if (!RESERVED.has(lower) && !RESERVED_BEGINNINGS.some((beginning) => lower.startsWith(beginning)))
    return undefined;
  const remedy = lower === 'authorization' ? '; tokens go into rest_api_token and analytics_api_token' : '';
  return `is a header that this program sets itself; take it out${remedy}`;
}
