import type { Secret } from '../config/connection/redact.ts';
import { planRedactor } from '../config/connection/redact-values.ts';
import { isJsonObject } from '../json/guards.ts';
import type { JsonValue } from '../json/json.ts';
import { parseLossless } from '../json/parse.ts';
import type { Route } from '../mapping/route.ts';
import { rejectionOf } from '../rejected/rejection.ts';
import type { OutputFile } from '../report/output-file.ts';
import type { Result } from '../write/result.ts';
import { PlanFile } from './plan-file.ts';
import { PLAN_HEADER, planRow } from './plan-sheet.ts';
import type { Row } from './scheduler/job.ts';

/** The plan of a dry run: one line of JSON a row, or a row of a sheet, in the order of the input. Written when it is closed. */
export class Plan {
  readonly #output: OutputFile | undefined;
  readonly #redact: (line: object) => string;
  readonly #onPlanned: ((line: string) => void) | undefined;
  /** Opened for the first row. */
  #lines: Promise<PlanFile> | undefined;

  /**
   * @param output `undefined` where no file is wanted
   * @param onPlanned takes each line as rows are settled
   */
  constructor(
    output: OutputFile | undefined,
    secrets: readonly Secret[],
    onPlanned?: (line: string) => void,
  ) {
    this.#output = output;
    this.#onPlanned = onPlanned;
    this.#redact = planRedactor(secrets);
  }

  async add(route: Route, row: Row, result: Result): Promise<void> {
    const line = this.#redact(planned(route, row, result));
    this.#onPlanned?.(line);
    if (this.#output === undefined) return;
    const text = this.#output.isSheet ? planRow(line) : `${line}\n`;
    this.#lines ??= PlanFile.open();
    await (await this.#lines).add(row.line, text);
  }

  /** @throws ConfigError where the file can't be written */
  async close(): Promise<void> {
    const lines = await this.#lines;
    if (this.#output === undefined) return;
    if (this.#output.isSheet) await this.#output.write(PLAN_HEADER);
    await lines?.writeTo(this.#output);
  }
}

function planned(route: Route, row: Row, { outcome, request, changes }: Result): Record<string, unknown> {
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
    // The whole line is redacted, the rejection with it.
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
