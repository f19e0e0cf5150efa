import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { BY_REST, catalogOf, configFor, record } from '../support/messages.ts';
import { type Invocation, type Result, runCommand, Sink } from '../support/run-command.ts';
import { at } from '../support/sandbox/client.ts';
import { openSandbox } from '../support/sandboxes.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const CUSTOMERS = { stream: 'customers', object: 'account', sync_key: ['id'] };

interface Loaded {
  readonly result: Result;
  readonly text: string;
  readonly summary: unknown;
}

interface Given {
  readonly files?: Readonly<Record<string, string | Buffer>>;
  readonly args: readonly string[];
  readonly config?: object;
  readonly streams?: readonly object[];
  readonly more?: Partial<Invocation>;
}

/** Loads files into a sandbox. */
async function load(sandbox: Sandbox, given: Given): Promise<Loaded> {
  const { files = {}, args, config = {}, streams = [CUSTOMERS], more = {} } = given;
  const cwd = temporaryDirectory();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, name), content);
  const stdout = new Sink();
  const result = await runCommand(['load', ...args, '--config', 'config.json', '--summary', 'summary.json'], {
    config: configFor(sandbox, { streams, ...config }),
    cwd,
    stdout,
    ...more,
  });
  const summary: unknown = existsSync(join(cwd, 'summary.json'))
    ? JSON.parse(await result.file('summary.json'))
    : undefined;
  return { result, text: stdout.text, summary };
}

describe.each([
  { separator: ',', name: 'commas' },
  { separator: ';', name: 'semicolons' },
  { separator: '\t', name: 'tabs' },
])('CSV separated by $name', ({ separator, name }) => {
  test.each([
    { begin: '', end: '\n' },
    { begin: '\uFEFF', end: '\r\n' },
  ])('is written with quotes, line breaks and the other separators in cells', async ({ begin, end }) => {
    const sandbox = await openSandbox();
    const line = (...cells: string[]): string => cells.join(separator) + end;
    const csv =
      begin +
      line('id', 'name', '"note, with; all\tof ""them"""') +
      line('a-1', '"Acme, Inc; ""A"""', `"two${end}lines"`) +
      end +
      line('007', 'Bond', '');
    const { result, text, summary } = await load(sandbox, {
      files: { 'customers.csv': csv },
      args: ['customers.csv'],
      config: { analytics_api_token: undefined },
    });
    expect({ code: result.code, stderr: result.stderr }).toEqual({ code: 0, stderr: '' });
    expect(text).toContain(`customers.csv: 2 rows of 3 columns (CSV separated by ${name}), stream customers`);
    expect(text).toContain('1 empty cell clears what Vitally holds');
    expect(at(summary, 'streams', 0)).toMatchObject({ stream: 'customers', received: 2, created: 2 });
    expect(sandbox.accounts.byExternalId('a-1')).toMatchObject({
      name: 'Acme, Inc; "A"',
      traits: { 'note, with; all\tof "them"': `two${end}lines` },
    });
    expect(sandbox.accounts.byExternalId('007')).toMatchObject({ name: 'Bond' });
  });
});

test('writes no Airbyte message, and ends with a table of outcomes and the first rejected rows with remedy', async () => {
  const sandbox = await openSandbox();
  const { result, text } = await load(sandbox, {
    files: { 'customers.csv': 'id,name\na-1,One\n,Two\n\na-3,\n' },
    args: ['customers.csv'],
    config: { analytics_api_token: undefined },
  });
  expect(result.code).toBe(1);
  expect(text).not.toMatch(/^\{/m);
  expect(text).toContain(
    '(line 3, field id): the key column "id" is missing, null or empty. Give every row a key',
  );
  expect(text).toContain('(line 5, key a-3, field name)');
  const [head, row] = text.trimEnd().split('\n').slice(-2);
  expect(head?.split(/ {2,}/)).toEqual(['stream', 'object', 'received', 'created', 'rejected']);
  expect(row?.split(/ {2,}/)).toEqual(['customers', 'account upsert', '3', '1', '2']);
  expect(result.stderr).toContain('2 of 3 records of stream customers (1 missing_key, 1 missing_field)');
});

test('the outcome log and the plan have the line of the file, also behind cells of several lines', async () => {
  const sandbox = await openSandbox();
  const given = {
    files: { 'customers.csv': 'id,name\r\na-1,"One\r\nand\r\nmore"\r\n\r\na-2,Two\r\n' },
    config: {
      object_storage_config: { storage_type: 'Local', directory: 'kept' },
      outcome_log: 'all',
    },
  };
  const env = { WORKER_JOB_ID: '7' };
  const planned = await load(sandbox, {
    ...given,
    args: ['customers.csv', '--dry-run', '--plan', 'p.jsonl'],
  });
  const linesIn = (text: string): unknown[] =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => at(JSON.parse(line), 'line'));
  expect(linesIn(await planned.result.file('p.jsonl'))).toEqual([2, 6]);
  expect(sandbox.accounts.size).toBe(0);
  const { result } = await load(sandbox, { ...given, args: ['customers.csv'], more: { env } });
  expect(linesIn(await result.file('kept/7/customers.outcomes.jsonl')).sort()).toEqual([2, 6]);
});

test('a dry run says so first, shows what would change from what to what, and writes nothing', async () => {
  const sandbox = await openSandbox();
  sandbox.seed('accounts', [{ externalId: 'a-1', name: 'One', traits: { plan: 'free' } }]);
  const { result, text, summary } = await load(sandbox, {
    files: { 'customers.csv': 'id,name,plan\na-1,One,pro\na-2,Two,pro\n' },
    args: ['customers.csv', '--dry-run'],
  });
  expect(result.code).toBe(0);
  expect(text).toMatch(/^Dry run: /);
  expect(text).toContain('- line 2, customers a-1: traits.plan: free → pro');
  expect(at(summary, 'dry_run')).toBe(true);
  expect(at(summary, 'streams', 0)).toMatchObject({ updated: 1, created: 1 });
  expect(sandbox.requests().every(({ method }) => method === 'GET')).toBe(true);
});

test('JSONL is written as it is: numbers beyond JavaScript, nested values, columns that only some rows have', async () => {
  const sandbox = await openSandbox();
  const rows =
    '\uFEFF{"id":"a-1","name":"One","big":12345678901234567890.5}\n\n{"id":2,"name":null,"tags":["x"]}';
  const { result, text } = await load(sandbox, {
    args: ['-', '--stream', 'customers'],
    more: { stdin: [rows] },
  });
  expect(text).toContain('stdin: 2 rows of 4 columns (JSONL), stream customers');
  expect(text).toContain('1 null clears');
  const sent = sandbox.requests().map(({ body }) => JSON.stringify(body));
  expect(sent.join()).toContain('12345678901234567890.5');
  expect(result.stderr).toContain('1 missing_field');
});

test('columns of numbers that would be texts in new traits are told, fields and ids are not', async () => {
  const { text } = await load(await openSandbox(), {
    files: { 'customers.csv': 'id,name,mrr,seats,zip,plan\n1,7,12,3,04103,pro\n2,8,9,-1.5,10115,\n' },
    args: ['customers.csv', '--limit', '1'],
  });
  expect(text).toContain('customers.csv: 2 rows of 6 columns, of which the first is taken');
  expect(text).toContain('customers.csv: "seats" holds numbers, which CSV carries as text');
});

test('several files are written together, each to the stream of its name, and --limit holds for each', async () => {
  const sandbox = await openSandbox();
  const { result, summary } = await load(sandbox, {
    files: {
      'accounts.csv': 'id,name\na-1,One\na-2,Two\n',
      'users.JSONL':
        '{"id":"u-1","name":"Ann","accountId":"a-1"}\n{"id":"u-2","name":"Bob","accountId":"a-1"}\n',
      'track_events.tsv': 'event\tuserId\nSigned up\tu-1\nSigned up\tu-2\n',
    },
    args: ['users.JSONL', 'accounts.csv', '--limit', '1', 'track_events.tsv'],
    streams: [
      { stream: 'users', object: 'user', sync_key: ['id'] },
      { stream: 'accounts', object: 'account', sync_key: ['id'] },
    ],
  });
  expect(result).toMatchObject({ code: 0, stderr: '' });
  expect(at(summary, 'streams')).toMatchObject([
    { stream: 'users', mode: 'upsert', received: 1, rejected: 0 },
    { stream: 'accounts', mode: 'upsert', received: 1, rejected: 0 },
    { stream: 'track_events', mode: 'append', received: 1, rejected: 0 },
  ]);
});

describe('the entry to add is shown, made from the header', () => {
  test.each([
    { name: 'things', streams: [], shown: '{"stream":"things","object":"account","sync_key":["uuid"]}' },
    { name: 'accounts', streams: [], shown: '{"stream":"accounts","object":"account","sync_key":["uuid"]}' },
    { name: 'crm', streams: [{ stream: 'crm', object: 'user' }], shown: '"sync_key": ["uuid"]' },
    { name: 'crm', streams: [{ stream: 'crm', object: 'user', sync_key: ['uid'] }], shown: '"uuid"' },
  ])('of $name with $streams', async ({ name, streams, shown }) => {
    const sandbox = await openSandbox();
    const { result, text, summary } = await load(sandbox, {
      files: { [`${name}.csv`]: 'uuid,label\n1,One\n' },
      args: [`${name}.csv`],
      streams,
    });
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(shown);
    expect(text).toBe('');
    expect(summary).toMatchObject({ status: 'failed', streams: [] });
    expect(sandbox.requests()).toEqual([]);
  });
});

test('entries of other streams are no fault and nothing to tell, a slip of this one is', async () => {
  const sandbox = await openSandbox();
  const others = [{ stream: 'crm', object: 'account' }, CUSTOMERS];
  const files = { 'customers.csv': 'id,name\n1,One\n', 'Customers.csv': 'id,name\n1,One\n' };
  const { result, text } = await load(sandbox, { files, args: ['customers.csv'], streams: others });
  expect({ code: result.code, stderr: result.stderr }).toEqual({ code: 0, stderr: '' });
  expect(text).not.toContain('WARN');
  const slip = await load(sandbox, { files, args: ['Customers.csv'], streams: others });
  expect(slip.result.code).toBe(1);
  expect(slip.result.stderr).toContain('/streams/1/stream');
});

/** Each file has a sound row before the one at fault: nothing of it may be written. */
describe('a file that is wrong is told with its line before the first request', () => {
  const good = Buffer.from('id,name\na-1,One\n');
  const jsonl = '{"id":"a-1","name":"One"}\n';
  test.each<{ what: string; content: string | Buffer; args?: string[]; said: RegExp }>([
    {
      what: 'Windows-1252',
      content: Buffer.concat([good, Buffer.from('a-2,M\xFCller\n', 'latin1')]),
      said: /line 3: .*Windows-1252/,
    },
    { what: 'UTF-16', content: Buffer.from('\uFEFFid,name\n1,One\n', 'utf16le'), said: /line 1: .*UTF-16/ },
    {
      what: 'UTF-16 without a mark',
      content: Buffer.from('id,name\n1,One\n', 'utf16le'),
      said: /line 1: .*UTF-16/,
    },
    {
      what: 'gzip',
      content: Buffer.from([0x1f, 0x8b, 8, 0]),
      said: /compressed by gzip.* gunzip -c customers.csv/,
    },
    {
      what: 'a letter cut at the end',
      content: Buffer.concat([good, Buffer.from([0x61, 0xc3])]),
      said: /line 3: /,
    },
    { what: 'nothing', content: '', said: /is empty/ },
    {
      what: 'a row with more cells',
      content: `${good}a-2,Two, Inc\n`,
      said: /line 3: the row has 3 cells and the header 2/,
    },
    {
      what: 'more columns than a row may have',
      content: `id,name${',x'.repeat(9_999)}\na-1,One${',1'.repeat(9_999)}\n`,
      said: /line 1: the header has 10001 columns and the limit is 10000/,
    },
    { what: 'a row with fewer cells', content: `${good}a-2\n`, said: /line 3: the row has 1 cell and/ },
    {
      what: 'an open quote',
      content: `${good}a-2,"Two\na-3,Three\n`,
      said: /begins in line 3: a quote is never closed/,
    },
    {
      what: 'a quote within',
      content: `${good}a-2,6" pipe\n`,
      said: /begins in line 3: a quote stands within a cell/,
    },
    {
      what: 'a name twice',
      content: 'id,name,id\n1,One,2\n',
      said: /line 1: the header names "id" more than once/,
    },
    { what: 'a header without names', content: ',\n1,One\n', said: /line 1: the header names no column/ },
    {
      what: 'no JSON',
      content: `${jsonl}{"id":\n`,
      args: ['--format', 'jsonl'],
      said: /line 2: this is no JSON/,
    },
    {
      what: 'a list',
      content: '[{"id":1}]',
      args: ['--format', 'jsonl'],
      said: /line 1: this is no JSON object.*jq -c/,
    },
    {
      what: 'a text',
      content: `${jsonl}"x"\n`,
      args: ['--format', 'jsonl'],
      said: /line 2: this is no JSON object/,
    },
    {
      what: 'a message',
      content: '{"type":"RECORD","record":{"stream":"a","data":{}}}\n',
      args: ['--format', 'jsonl'],
      said: /line 1: this is an Airbyte message .*write/,
    },
  ])('$what', async ({ content, args = [], said }) => {
    const sandbox = await openSandbox();
    const bytes = Buffer.from(content);
    const { result, text } = await load(sandbox, {
      files: { 'customers.csv': bytes },
      args: ['customers.csv', ...args],
    });
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(said);
    expect(text).toBe('');
    expect(sandbox.requests()).toEqual([]);
  });

  test('the sheet may end without a line end, and may be called through a pipe', async () => {
    const sandbox = await openSandbox();
    const { result, text } = await load(sandbox, {
      args: ['--stream', 'customers', '-'],
      more: { stdin: ['id,name\na-1,One\na-2,"Two"'] },
    });
    expect({ code: result.code, stderr: result.stderr }).toEqual({ code: 0, stderr: '' });
    expect(text).toContain('stdin: 2 rows of 2 columns (CSV');
  });

  test.each([
    { args: ['nowhere.csv'], said: 'the file nowhere.csv is not there' },
    { args: ['.'], said: '. is a folder: name the files in it' },
    { args: ['/dev/zero', '--stream', 'customers'], said: '/dev/zero is a device' },
    { args: ['-'], said: 'name their stream, as in --stream' },
  ])('$args', async ({ args, said }) => {
    const { result } = await load(await openSandbox(), { args });
    expect({ code: result.code, stderr: result.stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining(said),
    });
  });
});

describe('arguments that touch nothing', () => {
  test.each([
    { args: [], said: 'load needs a file, or - for stdin' },
    { args: ['-', '-'], said: 'given twice' },
    { args: ['a.csv', '--limit', '0'], said: '--limit takes a number from 1 on' },
    { args: ['a.csv', '--limit', '1e3'], said: '--limit takes a number from 1 on' },
    { args: ['a.csv', '--format', 'xml'], said: '--format takes csv or jsonl' },
    { args: ['a.csv', '--stream='], said: '--stream needs the name of a stream' },
    { args: ['a.csv', '--plan', 'p'], said: 'add --dry-run' },
    { args: ['a.csv', '--catalog', 'c'], said: 'it is a flag of check and write' },
    { args: ['a.csv', '--dryrun'], said: 'did you mean --dry-run?' },
    { args: ['config.json'], said: 'the file of rows is the config' },
    { args: ['a.csv', '--dry-run', '--plan', './a.csv'], said: '--plan and the file of rows name one file' },
  ])('$args: $said', async ({ args, said }) => {
    const { result, text, summary } = await load(await openSandbox(), { files: { 'a.csv': 'id\n' }, args });
    expect({ code: result.code, text, summary }).toEqual({ code: 2, text: '', summary: undefined });
    expect(result.stderr).toContain(said);
    expect(await result.file('a.csv')).toBe('id\n');
  });
});

test('on a terminal stderr shows how far it is, in a line that is taken away', async () => {
  const sandbox = await openSandbox({ latencyMs: 400 });
  const seen: string[] = [];
  const stderr = Object.assign(new Sink(), { isTTY: true, columns: 60 });
  const { result } = await load(sandbox, {
    files: { 'customers.csv': `id,name\n${Array.from({ length: 30 }, (_, n) => `a-${n},N\n`).join('')}` },
    args: ['customers.csv'],
    config: { analytics_api_token: undefined },
    more: { stderr },
  });
  seen.push(...stderr.text.split('\r\u001B[K'));
  expect(result.code).toBe(0);
  expect(seen.at(-1)).toBe('');
  expect(seen.slice(1, -1)).not.toEqual([]);
  for (const line of seen.slice(1, -1)) expect(line).toMatch(/^(\d+\/30 rows, \d+ rows\/s.*)?$/);
});

test('write shows it there too', async () => {
  const sandbox = await openSandbox({ latencyMs: 400 });
  const stderr = Object.assign(new Sink(), { isTTY: true });
  const result = await runCommand(['write', '--config', 'config.json', '--catalog', 'catalog.json'], {
    config: configFor(sandbox, BY_REST),
    catalog: catalogOf('accounts'),
    stdin: Array.from({ length: 30 }, (_, n) => record('accounts', { id: `a-${n}`, name: 'N' })),
    stderr,
  });
  expect(result.code).toBe(0);
  const shown = stderr.text.split('\r\u001B[K');
  expect(shown.at(-1)).toBe('');
  expect(shown.filter((line) => /^\d+ rows, \d+ rows\/s/.test(line))).not.toEqual([]);
});

test('a signal ends it with what was in flight settled', async () => {
  const sandbox = await openSandbox({ latencyMs: 50 });
  let signal: (name: 'SIGTERM') => void = () => {};
  const rows = Array.from({ length: 2000 }, (_, n) => `a-${n},N\n`).join('');
  const running = load(sandbox, {
    files: { 'customers.csv': `id,name\n${rows}` },
    args: ['customers.csv'],
    config: { analytics_api_token: undefined },
    more: {
      onSignal(handler) {
        signal = handler;
        return () => {};
      },
    },
  });
  while (sandbox.accounts.size === 0) await new Promise((done) => setTimeout(done, 5));
  signal('SIGTERM');
  const { result, summary } = await running;
  expect(result.code).toBe(143);
  expect(at(summary, 'status')).toBe('failed');
  const stream = at(summary, 'streams', 0);
  expect(at(stream, 'created')).toBe(sandbox.accounts.size);
  expect(Number(at(stream, 'unsettled'))).toBeGreaterThan(0);
});
