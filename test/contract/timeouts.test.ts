import { expect, test } from 'vitest';
import { contentOfCleanRun, linesOf, mixedSync } from '../support/clean-run.ts';
import { contentOf, imbalance } from '../support/output.ts';
import { runInProcess } from '../support/run-command.ts';
import { at } from '../support/sandbox/client.ts';
import { openSandbox } from '../support/sandboxes.ts';
import { mixedInput, STREAMS_OF } from '../support/sync-input.ts';

/** A request that waits for longer is given up and tried again: one that is answered takes far less. */
const REQUEST_TIMEOUT_MS = 2_000;

test('requests that are never answered are repeated, nothing is lost or doubled', async () => {
  const sandbox = await openSandbox({
    faults: {
      rate: 0,
      kinds: [],
      seed: 9,
      paths: /^\/resources\/accounts$/,
      sequence: ['timeout', 'timeout-after', 'timeout'],
    },
  });
  const items = mixedInput(9, 'rest');
  const program = await runInProcess(
    'write',
    { ...mixedSync(sandbox, 'rest'), requestTimeoutMs: REQUEST_TIMEOUT_MS },
    linesOf(items),
  );
  expect({ code: program.code, stderr: program.stderr, errors: program.errors }).toEqual({
    code: 0,
    stderr: '',
    errors: [],
  });
  expect(at(program.summary, 'requests', 'retried')).toBe(3);
  for (const name of STREAMS_OF.rest) expect(imbalance(program.summary, name)).toBe(0);
  expect(await contentOf(sandbox)).toEqual(await contentOfCleanRun(items, 'rest'));
  expect(sandbox.maxConcurrentPerKey).toBe(1);
});
