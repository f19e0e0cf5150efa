import type { JsonValue } from '../../json/json.ts';
import { type Answer, type AnswerBase, requestLine, type VitallyRequest } from './answer.ts';
import type { Answered } from './exchange.ts';
import { classify, errorText, isEnvelope, isRefusalBody } from './refusals.ts';

/** A 403 that is not in Vitally's envelope: a firewall before Vitally blocked this request. */
export function isForeignForbidden(status: number, body: JsonValue | undefined): boolean {
  return status === 403 && !isEnvelope(body);
}

/** What a final answer means. */
export function interpret(
  sent: VitallyRequest,
  { status, body }: Answered,
  {
    redact,
    ...context
  }: Pick<AnswerBase, 'sentAtMs' | 'repeated'> & {
    readonly redact: (text: string) => string;
  },
): Answer {
  const base = { status, ...context };
  const request = requestLine(sent);
  if (status >= 200 && status < 300) {
    if (!isRefusalBody(body)) return { ...base, kind: 'ok', body };
    const text = errorText(body, redact);
    const kind = classify(status, text);
    // A GET of a record that is missing answers `error`, whatever its text (vitally-api.md, "Errors").
    return { ...base, request, text, kind: kind === 'refused' && sent.method === 'GET' ? 'not_found' : kind };
  }
  const text = errorText(body ?? '', redact);
  if (isForeignForbidden(status, body)) return { ...base, request, kind: 'refused', text, foreign: true };
  return { ...base, request, kind: classify(status, text), text };
}
