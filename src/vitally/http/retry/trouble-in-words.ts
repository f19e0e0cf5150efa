import { durationInWords } from '../../../errors/times.ts';
import { type Exchange, isTlsCode, MAX_ANSWER_BYTES, REQUEST_TIMEOUT_MS } from '../exchange.ts';

/** Why no usable answer came, by the code that Node, undici or this program gives to the failure. */
const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused, nothing listens at this address',
  ENOTFOUND: 'the name of the host could not be resolved',
  EAI_AGAIN: 'the name server gave no answer',
  EHOSTUNREACH: 'there is no way to the host in this network',
  ENETUNREACH: 'there is no way to the host in this network',
  EADDRNOTAVAIL: 'this machine has no free port left for a connection',
  ECONNRESET: 'the connection was cut off',
  EPIPE: 'the connection was cut off',
  UND_ERR_SOCKET: 'the connection was cut off',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the answer broke off',
  ETIMEDOUT: 'no connection came about in time',
  UND_ERR_CONNECT_TIMEOUT: 'no connection came about in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer came in time',
  UND_ERR_BODY_TIMEOUT: 'no answer came in time',
  TIMEOUT: `no answer came within ${durationInWords(REQUEST_TIMEOUT_MS)}`,
  UND_ERR_HEADERS_OVERFLOW: 'the head of the answer is too long',
  UND_ERR_PRX_CONN: 'the proxy could not be reached or refused the connection',
  UND_ERR_PRX_TLS: 'the proxy gave no trusted TLS connection',
  NOT_HTTP: 'what answers does not speak HTTP',
  NOT_JSON: 'the answer is no JSON',
  TOO_LONG: `the answer is longer than ${MAX_ANSWER_BYTES / 1024 / 1024} MiB`,
};

const STATUS_WORDS: Readonly<Record<number, string>> = {
  408: 'the server waited too long for the request',
  500: 'the server met an error of its own',
  502: 'the server behind the gateway cannot be reached',
  503: 'the server is not available, it may be overloaded or under maintenance',
  504: 'the server behind the gateway gave no answer in time',
};

/**
 * Tells a user why an attempt failed, with the code in brackets to search for. It quotes neither the answer's body nor
 * the error's own message.
 */
export function troubleInWords(result: Exchange): string {
  const status = result.status === undefined ? '' : `status ${result.status}`;
  if (result.kind === 'answered') return `${STATUS_WORDS[result.status] ?? 'the server failed'} (${status})`;
  const { code } = result;
  const words =
    WORDS[code] ?? (isTlsCode(code) ? 'no trusted TLS connection came about' : 'the connection failed');
  return `${words} (${[status, code].filter(Boolean).join(', ')})`;
}
