import { parseLossless } from '../../json/parse.ts';
import { answerRedactor, type Redact, redactor, type Secret } from './redact.ts';

/** JSON text of a value, its texts redacted one by one: redacted as JSON, a number could become no JSON. */
export function redactedJson(value: unknown, redact: Redact): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'string' ? redact(member) : member,
  );
}

/**
 * A line of JSON without the secrets in it. It is byte for byte the same where there are none, which is nearly
 * always.
 */
export function redactedLine(line: string, redact: Redact): string {
  return redact(line) === line ? line : redactedJson(parseLossless(line), redact);
}

/**
 * Writes a line of a dry run's plan. What Vitally holds, the `from` of a change, may be a copy of a token,
 * cut anywhere.
 */
export function planRedactor(secrets: readonly Secret[]): (line: object) => string {
  const redact = redactor(secrets);
  const redactAnswer = answerRedactor(secrets);
  return (line) => {
    const answered = new WeakSet<object>();
    return JSON.stringify(line, function (this: object, name: string, member: unknown) {
      // A member is seen before its parts are.
      const isAnswered = name === 'from' || answered.has(this);
      if (isAnswered && typeof member === 'object' && member !== null) answered.add(member);
      if (typeof member !== 'string') return member;
      return isAnswered ? redactAnswer(member) : redact(member);
    });
  };
}
