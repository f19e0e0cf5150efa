import { appendFile, writeFile } from 'node:fs/promises';
import { ConfigError } from '../errors/config-error.ts';
import { isJsonObject } from '../json/guards.ts';
import type { JsonObject } from '../json/json.ts';
import { parseLossless } from '../json/parse.ts';
import { rejectionOf } from '../rejected/rejection.ts';
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
  readonly #path: string;
  readonly #redact: (line: object) => string;

  private constructor(path: string, secrets: readonly string[]) {
    this.#path = path;
    this.#redact = planRedactor(secrets);
  }

  /** Begins the file anew. Throws {@link ConfigError} where it can't be written. */
  static async open(path: string, secrets: readonly string[]): Promise<Plan> {
    try {
      await writeFile(path, '');
    } catch (cause) {
      throw new ConfigError(`the plan file ${path} cannot be written: choose another path for --plan`, {
        cause,
      });
    }
    return new Plan(path, secrets);
  }

  async add(route: Route, row: Row, settlement: Settlement): Promise<void> {
    await appendFile(this.#path, `${this.#redact(planned(route, row, settlement))}\n`);
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
