import type { Answer, AnswerBase, VitallyRequest } from './answer.ts';
import { classify, errorText, isRefusalBody } from './errors.ts';
import type { Answered } from './exchange.ts';

/** What an answer that stands means. */
export function interpret(
  { method }: VitallyRequest,
  { status, body }: Answered,
  {
    redact,
    ...context
  }: Pick<AnswerBase, 'sentAtMs' | 'repeated'> & {
    readonly redact: (text: string) => string;
  },
): Answer {
  const base = { status, ...context };
  if (status >= 200 && status < 300) {
    if (!isRefusalBody(body)) return { ...base, kind: 'ok', body };
    const text = errorText(body, redact);
    const kind = classify(status, text);
    // Vendor observation (Quill): a GET of a record that is missing answers `error`, whatever its text.
    return { ...base, text, kind: kind === 'refused' && method === 'GET' ? 'not_found' : kind };
  }
  const text = errorText(body ?? '', redact);
  return { ...base, kind: classify(status, text), text };
}
