import { expect } from 'vitest';
import type { Sandbox, Snapshot } from '../../src/sandbox/index.ts';
import { catalogOf, configFor } from './messages.ts';
import { contentOf } from './output.ts';
import { runInProcess } from './run-command.ts';
import { openSandbox } from './sandboxes.ts';
import { type Item, STREAMS_OF, type Transport } from './sync-input.ts';

/** Config and catalog of a mixed sync. Without an Analytics token REST upserts. */
export function mixedSync(
  sandbox: Sandbox,
  via: Transport,
): { readonly config: object; readonly catalog: object } {
  return {
    config: configFor(sandbox, via === 'rest' ? { analytics_api_token: undefined } : {}),
    catalog: catalogOf(...STREAMS_OF[via]),
  };
}

export function linesOf(items: readonly Item[]): string[] {
  return items.map(({ line }) => line);
}

/** Vitally's content after one run in which nothing goes wrong. */
export async function contentOfCleanRun(items: readonly Item[], via: Transport): Promise<Snapshot> {
  const sandbox = await openSandbox();
  const program = await runInProcess('write', mixedSync(sandbox, via), linesOf(items));
  expect({ code: program.code, errors: program.errors, stderr: program.stderr }).toEqual({
    code: 0,
    errors: [],
    stderr: '',
  });
  return await contentOf(sandbox);
}
