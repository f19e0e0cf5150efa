import type { JsonObject } from '../../src/json/json.ts';
import type { Route } from '../../src/mapping/route.ts';
import { Run } from '../../src/pipeline/run.ts';
import { Shutdown } from '../../src/pipeline/shutdown.ts';
import type { InputMessage } from '../../src/protocol/messages.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { settingsFor } from './workspace.ts';

/** A row of a run's input: the stream it comes from, and its columns. */
export type InputRow = readonly [stream: string, columns: JsonObject];

export interface RunOutcome {
  readonly summary: Record<string, unknown>;
  readonly error: unknown;
}

/** A whole run in this process: rows in, what became of them out. `url` is where the sandbox is reached. */
export async function runRows(
  sandbox: Sandbox,
  routes: readonly Route[],
  rows: readonly InputRow[],
  url: string = sandbox.url,
  shutdown: Shutdown = new Shutdown(),
): Promise<RunOutcome> {
  const run = new Run({
    settings: settingsFor(sandbox, { restUrl: url, analyticsUrl: url }),
    routes,
    runId: 'run',
    env: {},
    userAgent: 'test',
    dryRun: false,
    plan: undefined,
    log: async () => {},
    acknowledge: async () => {},
    redact: (text) => text,
    ignoredLines: () => 0,
    shutdown,
  });
  const { summary, error } = await run.carryOut(messagesOf(rows));
  return { summary, error };
}

async function* messagesOf(rows: readonly InputRow[]): AsyncIterable<InputMessage> {
  for (const [index, [name, data]] of rows.entries()) {
    yield {
      type: 'RECORD',
      line: index + 1,
      raw: JSON.stringify(data),
      stream: { name, namespace: undefined },
      data,
      nulled: new Set(),
    };
  }
}
