import { isJsonObject } from '../json/guards.ts';
import type { JsonObject, JsonValue } from '../json/json.ts';
import { parseLossless } from '../json/parse.ts';
import { PlanFile } from '../pipeline/plan-file.ts';
import { rejectionOf } from '../rejected/rejection.ts';
import type { OutputFile } from '../report/output-file.ts';
import type { Route } from '../routing/route.ts';
import { planRedactor } from '../settings/redact-values.ts';
import type { Answer, VitallyRequest } from '../vitally/answer.ts';
import type { Row } from './job.ts';
import { plannedId } from './planned-id.ts';
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
  return { ...base, body: { ...held, ...given, traits, id: subject.record?.id ?? plannedId(subject.key) } };
}

/** The plan of a dry run: one JSON line a row, in the order of the input. Written when it is closed. */
export class Plan {
  readonly #lines: PlanFile;
  readonly #output: OutputFile;
  readonly #redact: (line: object) => string;

  private constructor(lines: PlanFile, output: OutputFile, secrets: readonly string[]) {
    this.#lines = lines;
    this.#output = output;
    this.#redact = planRedactor(secrets);
  }

  static async open(output: OutputFile, secrets: readonly string[]): Promise<Plan> {
    return new Plan(await PlanFile.open(), output, secrets);
  }

  async add(route: Route, row: Row, settlement: Settlement): Promise<void> {
    await this.#lines.add(row.line, `${this.#redact(planned(route, row, settlement))}\n`);
  }

  /** @throws ConfigError where the file can't be written */
  async close(): Promise<void> {
    await this.#lines.writeTo(this.#output);
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
        ...(request.body !== undefined && { body: withoutMessageIds(parseLossless(request.body)) }),
      },
    }),
    ...(changes !== undefined && { changes: Object.fromEntries(changes) }),
    // What is redacted, all the line is.
    ...(error !== undefined && { rejection: rejectionOf(error, (text) => text) }),
  };
}

/** The ids of messages are drawn anew in each run; without them two plans of the same rows are the same text. */
function withoutMessageIds(body: JsonValue): JsonValue {
  if (!Array.isArray(body)) return body;
  return body.map((message) => {
    if (!isJsonObject(message)) return message;
    const { messageId: _messageId, ...rest } = message;
    return rest;
  });
}

function objectOr(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
