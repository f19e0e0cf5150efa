import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { run } from '../../src/cli.ts';
import { COMMANDS } from '../../src/commands/command-line/command-table.ts';
import { BY_REST, configFor, configured, record } from '../support/messages.ts';
import { type Invocation, type Result, runCommand, Sink } from '../support/run-command.ts';
import { at } from '../support/sandbox/client.ts';
import { openSandbox } from '../support/sandboxes.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

async function told(
  args: readonly string[],
  invocation: Invocation = {},
): Promise<Result & { text: string }> {
  const stdout = new Sink();
  const result = await runCommand(args, { ...invocation, stdout });
  return Object.assign(result, { text: stdout.text });
}

const KEPT = { object_storage_config: { storage_type: 'Local', directory: 'kept' } };
const UNREACHABLE = { url: 'http://127.0.0.1:9' };

describe('rejected', () => {
  /** Values of every kind that a cell may change: formulas, apostrophes before them, line ends, nested and missing ones. */
  const HOSTILE = [
    '=cmd|calc',
    "'=x",
    "''-1+2",
    '+49 30',
    '@SUM',
    '-5',
    '\t=x',
    'a\r\nb',
    '"q"',
    ' x ',
    '{"a":1}',
  ];
  const rows = HOSTILE.map((value, n) => ({ name: value, [`=col ${n}`]: value }));

  test('makes a sheet that load takes back: each row is what it was, with the key that was mended', async () => {
    const cwd = temporaryDirectory();
    const sandbox = await openSandbox();
    const config = configFor(sandbox, { ...BY_REST, ...KEPT });
    const env = { WORKER_JOB_ID: '3' };
    const first = await runCommand(['write', '--config', 'config.json', '--catalog', 'catalog.json'], {
      cwd,
      env,
      config,
      catalog: { streams: [configured('accounts')] },
      stdin: rows.map((row) => record('accounts', row)),
    });
    expect(first.code).toBe(1);
    const sheet = await told(['rejected', 'kept/3/accounts.jsonl', '--csv'], { cwd });
    expect({ code: sheet.code, stderr: sheet.stderr }).toEqual({ code: 0, stderr: '' });
    const cells: string[][] = parse(sheet.text, { relax_quotes: false });
    for (const row of cells) for (const cell of row) expect(cell).not.toMatch(/^(?!-?\d+$)[=+\-@\t\r]/);
    const [header = [], ...body] = cells;
    expect(header.slice(-4)).toEqual([
      '_rejection_code',
      '_rejection_message',
      '_rejection_fix',
      '_rejection_absent',
    ]);
    expect(body).toHaveLength(rows.length);
    // The key column was in no row; a person adds it.
    const mended = [['id', ...header], ...body.map((row, n) => [`a-${n}`, ...row])];
    const quoted = mended.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','));
    writeFileSync(join(cwd, 'accounts.csv'), quoted.join('\n'));
    const streams = [{ stream: 'accounts', object: 'account', sync_key: ['id'] }];
    const loaded = await told(['load', 'accounts.csv', '--config', 'config.json'], {
      cwd,
      config: configFor(sandbox, { ...BY_REST, streams }),
    });
    expect({ code: loaded.code, stderr: loaded.stderr }).toEqual({ code: 0, stderr: '' });
    for (const [n, value] of HOSTILE.entries()) {
      const account = sandbox.accounts.byExternalId(`a-${n}`);
      expect([value, at(account, 'name'), at(account, 'traits')]).toEqual([
        value,
        value.trim() === value ? value : at(account, 'name'),
        { [`=col ${n}`]: at(account, 'traits', `=col ${n}`) },
      ]);
      // Columns of other rows are missing in this one, and no null.
      expect(at(account, 'traits', `=col ${n}`)).toBe(value);
    }
  });

  test('shows a table with reason and remedy, and counts', async () => {
    const cwd = temporaryDirectory();
    const rejection = {
      code: 'bad_value',
      message: 'no number',
      fix: 'Give one.',
      field: 'mrr',
      key: 'a-1\u001B[2J',
    };
    const line = JSON.stringify({ type: 'RECORD', record: { stream: 'accounts', data: {} }, rejection });
    writeFileSync(join(cwd, 'a.jsonl'), `${line}\n\n${line}\n`);
    const { code, text } = await told(['rejected', 'a.jsonl'], { cwd });
    expect(code).toBe(0);
    expect(text).toContain('no number. Give one.');
    expect(text).not.toContain('\u001B');
    expect(text).toContain('2 bad_value. To mend them');
  });

  test.each([
    { content: '{"stream":"a","outcome":"updated"}\n', said: 'a.jsonl, line 1: this is no rejected row' },
    { content: 'id,name\n', said: 'a.jsonl, line 1: this is no rejected row' },
  ])('refuses $content', async ({ content, said }) => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, 'a.jsonl'), content);
    const { code, stderr, text } = await told(['rejected', 'a.jsonl'], { cwd });
    expect({ code, text, stderr }).toEqual({ code: 1, text: '', stderr: expect.stringContaining(said) });
  });

  test('makes no sheet of two streams', async () => {
    const cwd = temporaryDirectory();
    const line = (stream: string): string =>
      JSON.stringify({ type: 'RECORD', record: { stream, data: {} }, rejection: {} });
    writeFileSync(join(cwd, 'a.jsonl'), `${line('one')}\n${line('two')}\n`);
    const { code, stderr } = await told(['rejected', 'a.jsonl', '--csv'], { cwd });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('2 streams (one, two)') });
  });
});

describe('the plan as a sheet', () => {
  test('has a row for each of the plan, in its order, with changes that a person reads', async () => {
    const cwd = temporaryDirectory();
    const sandbox = await openSandbox();
    sandbox.seed('accounts', [{ externalId: 'a-1', name: 'One', traits: { plan: 'free' } }]);
    writeFileSync(join(cwd, 'accounts.csv'), 'id,name,plan\na-1,One,=pro\n,Two,\na-3,Three,\n');
    const streams = [{ stream: 'accounts', object: 'account', sync_key: ['id'] }];
    const args = ['load', 'accounts.csv', '--config', 'config.json', '--dry-run', '--plan'];
    const config = configFor(sandbox, { streams });
    const sheet = await told([...args, 'plan.csv'], { cwd, config });
    const plain = await told([...args, 'plan.jsonl'], { cwd, config });
    const rows: Record<string, string>[] = parse(await sheet.file('plan.csv'), { columns: true });
    const lines: unknown[] = (await plain.file('plan.jsonl'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.map(({ line, key, outcome }) => [line, key, outcome])).toEqual(
      lines.map((line) => [String(at(line, 'line')), at(line, 'key') ?? '', at(line, 'outcome')]),
    );
    expect(rows[0]?.changes).toBe('traits.plan: "free" → "=pro"');
    expect(rows[1]).toMatchObject({ rejection_code: 'missing_key', request_method: '' });
    expect(JSON.parse(rows[2]?.request_body ?? '')).toEqual(at(lines[2], 'request', 'body'));
  });
});

describe('catalog', () => {
  const streams = [
    { stream: 'crm', namespace: 'mart', object: 'account', sync_key: ['uid'] },
    { stream: 'track_events', object: 'event' },
    { stream: '*', object: 'account', sync_key: ['id'] },
  ];

  test('of the entries is one that write takes', async () => {
    const sandbox = await openSandbox();
    const config = configFor(sandbox, { streams });
    const { code, text, stderr } = await told(['catalog', '--config', 'config.json'], { config });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const catalog: unknown = JSON.parse(text);
    expect(at(catalog, 'streams')).toMatchObject([
      { stream: { name: 'crm', namespace: 'mart' }, primary_key: [['uid']] },
      { stream: { name: 'track_events' } },
    ]);
    const result = await runCommand(['write', '--config', 'config.json', '--catalog', 'catalog.json'], {
      config,
      catalog,
      stdin: [
        record('crm', { uid: 'a-1', name: 'One' }, 'mart'),
        record('track_events', { event: 'E', userId: 'u' }),
      ],
    });
    expect({ code: result.code, errors: result.errors }).toEqual({ code: 0, errors: [] });
  });

  test.each([{ how: 'a message among others' }, { how: 'a bare catalog over lines' }])(
    "of a source's discover, as $how, has the streams that have a route",
    async ({ how }) => {
      const found = {
        streams: [
          { name: 'accounts', source_defined_primary_key: [['id']], supported_sync_modes: ['full_refresh'] },
          {
            name: 'crm',
            namespace: 'mart',
            supported_sync_modes: ['full_refresh', 'incremental'],
            default_cursor_field: ['at'],
          },
          { name: 'invoices', supported_sync_modes: ['full_refresh'] },
        ],
      };
      const stdin =
        how === 'a bare catalog over lines'
          ? [JSON.stringify(found, null, 2)]
          : ['{"type":"LOG","log":{}}', 'noise', JSON.stringify({ type: 'CATALOG', catalog: found })];
      const { code, text, stderr } = await told(['catalog', '--config', 'config.json'], {
        config: configFor(UNREACHABLE, { streams: streams.slice(0, 1) }),
        stdin,
      });
      expect(code).toBe(0);
      expect(stderr).toContain('"invoices"');
      expect(JSON.parse(text)).toEqual({
        streams: [
          {
            stream: found.streams[0],
            sync_mode: 'full_refresh',
            destination_sync_mode: 'append_dedup',
            primary_key: [['id']],
          },
          {
            stream: found.streams[1],
            sync_mode: 'incremental',
            cursor_field: ['at'],
            destination_sync_mode: 'append_dedup',
          },
        ],
      });
    },
  );

  test.each([
    { streams: [], stdin: [], said: 'no stream has a route' },
    {
      streams: [],
      stdin: ['{"type":"CATALOG","catalog":{"streams":[{"name":"x"}]}}'],
      said: 'no stream has a route',
    },
    { streams: [], stdin: ['id,name'], said: 'stdin holds no catalog' },
    { streams: [{ stream: 'crm', object: 'account' }], stdin: [], said: '"sync_key"' },
    { streams: [{ stream: 'crm', object: 'acount' }], stdin: [], said: 'did you mean "account"?' },
  ])('of $streams and $stdin: $said', async ({ streams: entries, stdin, said }) => {
    const config = configFor(UNREACHABLE, { streams: entries });
    const { code, text, stderr } = await told(['catalog', '--config', 'config.json'], { config, stdin });
    expect({ code, text, stderr }).toEqual({ code: 1, text: '', stderr: expect.stringContaining(said) });
  });
});

describe('check --offline', () => {
  const sound = { streams: [{ stream: 'crm', object: 'account', sync_key: ['uid'] }] };

  test.each([
    { args: [], catalog: undefined, status: 'SUCCEEDED', said: 'Nothing was asked' },
    {
      args: ['--catalog', 'catalog.json'],
      catalog: { streams: [configured('crm')] },
      status: 'SUCCEEDED',
      said: 'is sound',
    },
    {
      args: ['--catalog', 'catalog.json'],
      catalog: { streams: [configured('x')] },
      status: 'FAILED',
      said: 'no object of Vitally',
    },
    { args: ['--catalog', 'catalog.json'], catalog: '{', status: 'FAILED', said: 'is not JSON' },
  ])('$args $catalog: $status', async ({ args, catalog, status, said }) => {
    const result = await runCommand(['check', '--config', 'config.json', '--offline', ...args], {
      config: configFor(UNREACHABLE, { ...sound, ...KEPT }),
      ...(catalog !== undefined && { catalog }),
    });
    expect(result.code).toBe(0);
    expect(result.messages.map((message) => message.connectionStatus)).toEqual([
      { status, message: expect.stringContaining(said) },
    ]);
  });
});

describe('completion', () => {
  const complete = async (...words: string[]): Promise<string[]> => {
    const { text } = await told(['completion']);
    const script = `${text}COMP_WORDS=(destination-vitally ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}; _destination_vitally; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', script]).toString().trim().split('\n').filter(Boolean);
  };

  test('knows commands, and the flags of each', async () => {
    expect(await complete('')).toEqual([...Object.keys(COMMANDS), '--help', '--version']);
    expect(await complete('lo')).toEqual(['load']);
    for (const [command, { flags }] of Object.entries(COMMANDS))
      expect(await complete(command, '--')).toEqual(
        [...Object.keys(flags), 'help', 'version'].map((flag) => `--${flag}`),
      );
    expect(await complete('load', 'acc')).toEqual([]);
  });
});

test.each(Object.keys(COMMANDS))(
  '%s --help shows examples that the program takes, and exit codes',
  async (command) => {
    const { code, text } = await told([command, '--help']);
    expect(code).toBe(0);
    const { flags, examples = [], files } = COMMANDS[command] ?? { flags: {} };
    for (const flag of Object.keys(flags)) expect(text).toContain(`--${flag}`);
    if (files !== undefined) expect(text).toContain(files);
    if (command !== 'sandbox') expect(text).toContain('Exit codes: 0: it succeeded');
    for (const example of examples) {
      expect(text.replaceAll(/\s+/g, ' ')).toContain(example.replaceAll(/\s+/g, ' '));
      const [words = ''] = example.split(/ [<>]/);
      const stderr = new Sink();
      const code = await run(words.split(' '), {
        stdin: new (await import('node:stream')).PassThrough().end(),
        stdout: new Sink(),
        stderr,
        env: {},
        cwd: temporaryDirectory(),
        onSignal: () => () => {},
      });
      // The files are not there, and that is all that is wrong.
      expect([example, code, stderr.text]).not.toEqual([example, 2, stderr.text]);
    }
  },
);
