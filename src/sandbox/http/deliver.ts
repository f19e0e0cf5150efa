import type { ServerResponse } from 'node:http';
import type { FaultKind } from '../faults/faults.ts';
import type { JsonValue } from '../json.ts';

/** An answer ready for the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty for an answer without a body. */
  readonly text: string;
}

const HTML =
  '<!doctype html><html><head><title>Vitally</title></head><body><h1>We will be right back</h1></body></html>';

export function jsonAnswer(
  status: number,
  body: JsonValue | undefined,
  headers: Readonly<Record<string, string>> = {},
): WireAnswer {
  if (body === undefined) return { status, headers, text: '' };
  const type = 'application/json; charset=utf-8';
  return { status, headers: { ...headers, 'Content-Type': type }, text: JSON.stringify(body) };
}

export function htmlAnswer(status: number): WireAnswer {
  return { status, headers: { 'Content-Type': 'text/html; charset=utf-8' }, text: HTML };
}

/** Sends an answer, spoiled by the fault. Returns the status that the client sees, 0 for none. */
export function deliver(response: ServerResponse, answer: WireAnswer, fault: FaultKind | undefined): number {
  switch (fault) {
    case 'reset-before':
    case 'reset-after':
      response.socket?.resetAndDestroy();
      return 0;
    case 'timeout':
    case 'timeout-after':
      return 0;
    case 'truncated':
      return truncate(response, answer);
    case 'garbage':
      return send(response, { ...jsonAnswer(200, null), text: '{"id": "4f3c' });
    case 'html-500-after':
      return send(response, htmlAnswer(500));
    case '502-after':
      return send(response, htmlAnswer(502));
    default:
      return send(response, answer);
  }
}

function send(response: ServerResponse, { status, headers, text }: WireAnswer): number {
  const length = status === 204 ? {} : { 'Content-Length': String(Buffer.byteLength(text)) };
  response.writeHead(status, { ...headers, ...length });
  response.end(text);
  return status;
}

function truncate(response: ServerResponse, { status, headers, text }: WireAnswer): number {
  const bytes = Buffer.from(text === '' ? '{}' : text);
  const sentStatus = status === 204 ? 200 : status;
  response.writeHead(sentStatus, { ...headers, 'Content-Length': String(bytes.length) });
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.destroy());
  return sentStatus;
}
