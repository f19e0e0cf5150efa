import { isJsonObject } from '../json/guards.ts';
import type { JsonObject } from '../json/json.ts';
import { parseLossless } from '../json/parse.ts';
import { rejectionOf } from '../rejected/rejection.ts';
import type { OutputFile } from '../report/output-file.ts';
import type { Route } from '../routing/route.ts';
import { planRedactor } from '../settings/redact-values.ts';
import type { Answer, VitallyRequest } from '../vitally/answer.ts';
import type { Row } from './job.ts';
import type { Settlement, Subject } from './settlement.ts';

/**
 * What Vitally would answer to a write, made up from what is known: a dry run goes the same way down to the last
 * step, and later rows see what earlier ones would have done.
 */
export function plannedAnswer(request: VitallyRequest, subject: Subject | undefined, now: number): Answer {
  const base = {
    kind: 'ok',
    status: request.method === 'DELETE' ? 204 : 200,
    sentAtMs: now,
    repeated: false,
  } as const;
  if (request.method === 'DELETE' || subject === undefined) return { ...base, body: undefined };
  const sent = request.body === undefined ? {} : parseLossless(request.body);
  const held: JsonObject = subject.record?.fields ?? {
    createdAt: new Date(now).toISOString(),
    externalId: subject.record?.externalId ?? subject.key,
  };
  const given = isJsonObject(sent) ? sent : {};
  const traits = { ...objectOr(held.traits), ...objectOr(given.traits) };
  return { ...base, body: { ...held, ...given, traits, id: subject.record?.id ?? `planned:${subject.key}` } };
}

/** The plan of a dry run: one JSON line a row, in the order rows are settled. */
export class Plan {
  readonly #file: OutputFile;
  readonly #redact: (line: object) => string;
  /** Lines that are written at once would run into one another. */
  #written: Promise<void> = Promise.resolve();

  constructor(file: OutputFile, secrets: readonly string[]) {
    this.#file = file;
    this.#redact = planRedactor(secrets);
  }

  async add(route: Route, row: Row, settlement: Settlement): Promise<void> {
    const line = `${this.#redact(planned(route, row, settlement))}\n`;
    // A line that failed fails the run through its own row; the next one does not inherit it.
    const writing = this.#written.catch(() => {}).then(() => this.#file.write(line));
    this.#written = writing;
    await writing;
  }
}

function planned(route: Route, row: Row, { outcome, request, changes }: Settlement): Record<string, unknown> {
  const error = outcome.kind === 'rejected' ? outcome.error : undefined;
  return {
    line: row.line,
    stream: route.stream,
    namespace: route.namespace ?? null,
    object: route.object.name,
    mode: route.mode,
    key: row.write.key ?? null,
    outcome: outcome.kind,
    ...(request !== undefined && {
      request: {
        method: request.method,
        path: request.path,
        ...(request.body !== undefined && { body: parseLossless(request.body) }),
      },
    }),
    ...(changes !== undefined && { changes: Object.fromEntries(changes) }),
    // What is redacted, all the line is.
    ...(error !== undefined && { rejection: rejectionOf(error, (text) => text) }),
  };
}

function objectOr(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
