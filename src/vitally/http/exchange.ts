import { isUtf8 } from 'node:buffer';
import type { Dispatcher } from 'undici';
import type { JsonValue } from '../../json/json.ts';
import { isNestedWithin } from '../../json/nesting.ts';
import { parseLossless } from '../../json/parse.ts';
import type { AnswerRoom, AnswerShare } from './answer-room.ts';
import { isEnvelope } from './refusals.ts';

/** Time for one request, from its connection to the last byte of its answer. */
export const REQUEST_TIMEOUT_MS = 30_000;
/** A page of 100 records with all their traits stays well below. */
export const MAX_ANSWER_BYTES = 32 * 1024 * 1024;
/** The body of an error is cut here, because its words come first. */
const MAX_ERROR_BODY_BYTES = 64 * 1024;

/** Vitally's answers are far less deep, and deeper ones would overflow the stack of their reader (Contract 10). */
export const MAX_ANSWER_LEVELS = 1_000;

/** Header values by lower-case name, as undici gives them. */
export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** What became of one HTTP request. */
export type Exchange = Answered | Failure;

/** A whole answer came. */
export interface Answered {
  readonly kind: 'answered';
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** 2xx: the parsed body, `undefined` where it is empty. Otherwise the body's text, bounded. */
  readonly body: JsonValue | undefined;
}

/** No usable answer came. */
export interface Failure {
  readonly kind: 'failed';
  /** The error's code such as `ECONNRESET`, or one of this program's: `TIMEOUT`, `NOT_HTTP`, `NOT_JSON`, `TOO_LONG`. */
  readonly code: string;
  /** Of an answer that came but can't be used. */
  readonly status: number | undefined;
  readonly headers: AnswerHeaders;
  /** The request may have reached Vitally and been applied. */
  readonly mayBeApplied: boolean;
  readonly cause: unknown;
}

export interface WireRequest {
  readonly origin: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly timeoutMs: number;
}

/** Codes of failures that come before a byte of the request has left. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'ADDRESS_REFUSED',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_PRX_CONN',
]);

/** Sends one request and reads its whole answer. It never throws: everything that goes wrong is a {@link Failure}. */
export async function exchange(
  dispatcher: Dispatcher,
  request: WireRequest,
  room: AnswerRoom,
): Promise<Exchange> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), request.timeoutMs);
  let status: number | undefined;
  let headers: AnswerHeaders = {};
  let share: AnswerShare | undefined;
  try {
    const answer = await dispatcher.request({
      origin: request.origin,
      path: request.path,
      method: request.method,
      headers: request.headers,
      body: request.body ?? null,
      signal: timeout.signal,
      // The timer above bounds the whole request; undici's own timers are coarser.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    status = answer.statusCode;
    headers = answer.headers;
    share = room.begin();
    const success = isSuccess(status);
    const { bytes, cut } = await readBody(answer.body, {
      maxBytes: success ? MAX_ANSWER_BYTES : MAX_ERROR_BODY_BYTES,
      share,
      signal: timeout.signal,
    });
    // An error's text is read by people, and may have been cut within a character.
    if (!success) return { kind: 'answered', status, headers, body: bytes.toString() };
    if (cut) return failed('TOO_LONG', status, headers, undefined);
    const text = utf8(bytes);
    if (text?.trim() === '') return { kind: 'answered', status, headers, body: undefined };
    const body = text === undefined ? undefined : parseJson(text);
    if (body === undefined) return failed('NOT_JSON', status, headers, undefined);
    return { kind: 'answered', status, headers, body };
  } catch (error) {
    return failed(timeout.signal.aborted ? 'TIMEOUT' : errorCode(error), status, headers, error);
  } finally {
    clearTimeout(timer);
    share?.release();
  }
}

/** The result of a request, for a log: status or code, and nothing from the body or the error's own message. */
export function describe(result: Exchange): string {
  if (result.kind === 'answered') return `status ${result.status}`;
  if (result.status === undefined) return `error ${result.code}`;
  return `status ${result.status} with an answer that can't be used (${result.code})`;
}

/**
 * Whether a request may have been applied although it got no final answer. Gateways answer 502, 503 and 504 in any
 * words while Vitally still works on it; a 500 in Vitally's own envelope says that the request failed.
 */
export function mayBeApplied(result: Exchange): boolean {
  if (result.kind === 'failed') return result.mayBeApplied;
  if (result.status === 500) return !isEnvelope(result.body);
  return result.status > 500 || result.status === 408;
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function failed(code: string, status: number | undefined, headers: AnswerHeaders, cause: unknown): Failure {
  const refused = status !== undefined && status >= 300 && status < 500;
  const mayBeApplied = !refused && !NEVER_SENT.has(code) && !isConnectError(cause) && !isTlsCode(code);
  // A parser's error quotes the bytes that it failed at, which may hold a row.
  const safeCause = code === 'NOT_HTTP' ? undefined : cause;
  return { kind: 'failed', code, status, headers, mayBeApplied, cause: safeCause };
}

/** Whether a code is about the server's certificate or the TLS handshake: nothing has been sent then. */
export function isTlsCode(code: string): boolean {
  return /^(?:ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|EPROTO$|UND_ERR_PRX_TLS$)/.test(
    code,
  );
}

function isConnectError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'connect';
}

function errorCode(error: unknown): string {
  if (error instanceof Error && error.name === 'HTTPParserError') return 'NOT_HTTP';
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return 'UNKNOWN';
}

interface ReadOptions {
  readonly maxBytes: number;
  readonly share: AnswerShare;
  /** Aborted once the request has taken too long. */
  readonly signal: AbortSignal;
}

async function readBody(
  body: AsyncIterable<Buffer>,
  { maxBytes, share, signal }: ReadOptions,
): Promise<{ bytes: Buffer; cut: boolean }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    // Leaving the loop destroys the body and its connection, so the rest is never read.
    if (bytes > maxBytes) return { bytes: Buffer.concat(chunks).subarray(0, maxBytes), cut: true };
    await share.take(chunk.length, signal);
    signal.throwIfAborted();
  }
  return { bytes: Buffer.concat(chunks), cut: false };
}

/**
 * Text without a byte order mark; `undefined` for bytes that are no UTF-8, as JSON always is (RFC 8259, section 8.1).
 * Signs put in their place would be taken for Vitally's values, compared with a row's and written back.
 */
function utf8(bytes: Buffer): string | undefined {
  return isUtf8(bytes) ? new TextDecoder().decode(bytes) : undefined;
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return isNestedWithin(text, MAX_ANSWER_LEVELS) ? parseLossless(text) : undefined;
  } catch {
    return undefined;
  }
}
