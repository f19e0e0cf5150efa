import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { OUTCOMES } from '../../src/checkpoint/outcome.ts';
import { EXIT_CODES } from '../../src/commands/runtime.ts';
import { RecordError } from '../../src/errors/record-error.ts';
import { FileNames } from '../../src/rejected/file-name.ts';
import { createRejections } from '../../src/rejected/rejections.ts';
import { type SummaryInput, summaryOf } from '../../src/report/summary.ts';
import { ValueCounts } from '../../src/report/value-counts.ts';
import { countsOf } from '../support/counts.ts';
import { routeOf } from '../support/routes.ts';
import { sources } from '../support/sources.ts';
import { codeIn, rowsOf, sectionOf } from './headings.ts';

const page = readFileSync(new URL('../../docs/outcomes.md', import.meta.url), 'utf8');
const tableOf = (heading: string) =>
  rowsOf(sectionOf(page, heading)).map(([name, type = '']) => ({ name: codeIn(name), type }));

/** A summary in which every member occurs. */
function wholeSummary(): Record<string, unknown> {
  const values = new ValueCounts();
  values.add({ key: 'k', coerced: ['mrr'], stripped: ['note'] });
  const traffic = { requests: 1, throttled: 1, retried: 1, waitedMs: 1 };
  const input: SummaryInput = {
    status: 'failed',
    dryRun: false,
    ignoredLines: 0,
    routes: [routeOf('account', { namespace: 'mart' })],
    counts: [countsOf(2, { created: 1, rejected: 1 }, { refused: 1 })],
    values: [values],
    stopped: true,
    traffic: [{ reads: { known: 1, nulls: 0, parents: 2, verify: 0 }, carriers: new Set(['rest']) }],
    verified: [{ verified: 1, not_shown: 1, differs: 1 }],
    rest: traffic,
    analytics: traffic,
    durationMs: 1,
  };
  return summaryOf(input);
}

/** The members as the page spells them: `streams[].received`, `requests.rest`. */
function membersOf(value: Record<string, unknown>): { name: string; value: unknown }[] {
  const open = new Set(['requests']);
  return Object.entries(value).flatMap(([name, member]) => {
    const below = (parts: object, prefix: string) =>
      Object.entries(parts).map(([part, inner]) => ({ name: `${prefix}.${part}`, value: inner }));
    if (Array.isArray(member)) return below(Object(member[0]), `${name}[]`);
    return open.has(name) ? below(Object(member), name) : [{ name, value: member }];
  });
}

const fits: Readonly<Record<string, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  'text or null': (value) => value === null || typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  integer: Number.isInteger,
  'integer or null': (value) => value === null || Number.isInteger(value),
  number: (value) => typeof value === 'number',
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

describe('docs/outcomes.md', () => {
  test('has every outcome, in the order of the code, and no other', () => {
    expect(tableOf('The outcome of a row').map(({ name }) => name)).toEqual([...OUTCOMES]);
  });

  test('has every member of the summary with its type, in its order, and no other', () => {
    const members = membersOf(wholeSummary());
    const documented = tableOf('The summary');
    expect(documented.map(({ name }) => name).sort()).toEqual(members.map(({ name }) => name).sort());
    for (const { name, value } of members) {
      const type = documented.find((row) => row.name === name)?.type ?? '';
      expect(fits[type]?.(value), `${name} is ${type}`).toBe(true);
    }
  });

  test('has every member of a rejected record with its type, in its order, and no other', async () => {
    const lines: string[] = [];
    const rejections = createRejections({
      files: new FileNames(),
      store: {
        append: async (_, line) => void lines.push(line),
        flush: async () => {},
        probe: async () => {},
        close: async () => {},
        place: undefined,
      },
      redact: (text) => text,
      warn: async () => {},
    });
    const error = new RecordError({ code: 'refused', message: 'm', fix: 'f', httpStatus: 400, detail: 'd' });
    const raw = '{"type":"RECORD","record":{"stream":"s","data":{},"emitted_at":1}}';
    await rejections.reject({ line: 1, raw, stream: { name: 's', namespace: undefined } }, 'k', error);
    const { rejection } = JSON.parse(lines[0] ?? '');
    const documented = tableOf('Lines of rejected records');
    expect(documented.map(({ name }) => name)).toEqual(Object.keys(rejection));
    for (const { name, type } of documented)
      expect(fits[type]?.(rejection[name]), `${name} is ${type}`).toBe(true);
  });

  test('has every exit code, and no other', () => {
    const documented = tableOf('Exit codes').map(({ name }) => Number(name));
    expect(documented).toEqual(Object.values(EXIT_CODES).sort((one, other) => one - other));
  });

  test('has the codes that commands end with: none is written out in their code', () => {
    const commands = sources().filter(({ path }) => /^(?:cli|main|commands\/[a-z-]+)\.ts$/.test(path));
    expect(commands.length).toBeGreaterThan(5);
    expect(commands.filter(({ code }) => /return \d+;/.test(code)).map(({ path }) => path)).toEqual([]);
  });
});
