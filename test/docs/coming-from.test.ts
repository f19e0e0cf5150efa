import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { catalogOf, configFor, record } from '../support/messages.ts';
import { type Result, runCommand } from '../support/run-command.ts';
import { at } from '../support/sandbox/client.ts';
import { openSandbox } from '../support/sandboxes.ts';
import { CLAIMS, wordsOf } from './claims.ts';
import { type Example, type ExampleLine, examplesOf } from './examples.ts';

const page = readFileSync(new URL('../../docs/coming-from.md', import.meta.url), 'utf8');
const examples = examplesOf(page);

const RUN = '7';

/** The words of a line that says what the run has come to. */
const CHECKS: Readonly<Record<string, (rest: string, sandbox: Sandbox, result: Result) => unknown>> = {
  ...CLAIMS,
  counted(rest, _, result) {
    const { first, value } = wordsOf(rest, 1);
    const streams: unknown = at(result.summary, 'streams');
    const counts = Array.isArray(streams) ? streams.find((one) => at(one, 'stream') === first) : undefined;
    expect(counts, rest).toMatchObject(Object(value));
  },
  async kept(rest, _, result) {
    const { first, value } = wordsOf(rest, 1);
    const lines = (await result.file(`kept/${RUN}/${first}`)).trimEnd().split('\n');
    expect(lines.map((line): unknown => JSON.parse(line))).toContainEqual(
      expect.objectContaining(deep(value)),
    );
  },
  says(rest, _, result) {
    expect(result.logs.join('\n')).toContain(rest);
  },
  fault(rest, _, result) {
    expect(result.failure).toMatch(/^config_error: /);
    expect(result.failure).toContain(rest);
  },
};

const GIVEN = ['holds', 'row', 'closed'];

/** Members that are objects are compared by what the page names of them. */
function deep(value: unknown): object {
  const members = Object.entries(Object(value)).map(([name, member]) => [
    name,
    typeof member === 'object' && !Array.isArray(member) ? expect.objectContaining(member) : member,
  ]);
  return Object.fromEntries(members);
}

/** The streams that the rows are of, in the order of the configuration: with a closed schema where the example says so. */
function streamsOf({ lines }: Example): object[] {
  const names = [...new Set(saying(lines, 'row').map(({ rest }) => wordsOf(rest, 1).first))];
  const closed = new Map(
    saying(lines, 'closed').map(({ rest }) => {
      const { first, value } = wordsOf(rest, 1);
      return [first, Object.fromEntries(Object.values(Object(value)).map((column) => [column, {}]))];
    }),
  );
  return names.map((name) => ({
    stream: {
      name,
      json_schema: closed.has(name)
        ? { type: 'object', properties: closed.get(name), additionalProperties: false }
        : {},
    },
    sync_mode: 'incremental',
    destination_sync_mode: 'append',
  }));
}

function saying(lines: readonly ExampleLine[], word: string): readonly ExampleLine[] {
  return lines.filter((line) => line.word === word);
}

/** Runs an example as it is on the page. */
async function run(example: Example, sandbox: Sandbox): Promise<Result> {
  for (const { rest } of saying(example.lines, 'holds')) {
    const { first, value } = wordsOf(rest, 1);
    sandbox.seed(first, [Object(value)]);
  }
  const options = Array.isArray(example.config) ? { streams: example.config } : Object(example.config);
  const rows = saying(example.lines, 'row').map(({ rest }) => {
    const { first, value } = wordsOf(rest, 1);
    return record(first, Object(value));
  });
  const result = await runCommand(['write', '--config', 'config.json', '--catalog', 'catalog.json'], {
    config: configFor(sandbox, options),
    catalog: catalogOf(...streamsOf(example)),
    stdin: rows,
    env: { WORKER_JOB_ID: RUN },
  });
  await sandbox.settle();
  return result;
}

describe('docs/coming-from.md', () => {
  test('has examples in words that are checked', () => {
    expect(examples.length).toBeGreaterThan(10);
    const words = new Set(examples.flatMap(({ lines }) => lines.map(({ word }) => word)));
    expect([...words].filter((word) => !GIVEN.includes(word) && CHECKS[word] === undefined)).toEqual([]);
    for (const { lines } of examples) {
      expect(lines.filter(({ word }) => !GIVEN.includes(word)).length).toBeGreaterThan(0);
    }
  });

  test.each(examples)('does what it says: $title', async (example) => {
    const sandbox = await openSandbox();
    const result = await run(example, sandbox);
    const isRefused = saying(example.lines, 'fault').length > 0;
    if (!isRefused) expect(result.failure).toBeUndefined();
    for (const { word, rest } of example.lines) await CHECKS[word]?.(rest, sandbox, result);
  });
});
