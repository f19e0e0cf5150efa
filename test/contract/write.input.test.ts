import { Readable } from 'node:stream';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { BY_REST, catalogOf, configFor, configured, record, state } from '../support/messages.ts';
import { runCommand } from '../support/run-command.ts';
import { at } from '../support/sandbox/client.ts';
import { openSandbox } from '../support/sandboxes.ts';

const WRITE = ['write', '--config', 'config.json', '--catalog', 'catalog.json'];
const ROWS = [record('accounts', { id: 'a', name: 'A' }), record('accounts', { id: 'b', name: 'B' })];
const TEXT = ROWS.map((row) => `${row}\n`).join('');

async function write(stdin: readonly (object | string)[] | Buffer, catalog: object = catalogOf('accounts')) {
  const sandbox = await openSandbox();
  const config = configFor(sandbox, {
    ...BY_REST,
    streams: [{ stream: '*', object: 'account', sync_key: ['id'] }],
  });
  const input = Buffer.isBuffer(stdin) ? Readable.from([stdin]) : stdin;
  const result = await runCommand(WRITE, { config, catalog, stdin: input });
  return { sandbox, result };
}

function swapped(bytes: Buffer): Buffer {
  return Buffer.from(bytes).swap16();
}

describe('an input without an Airbyte message ends the run, and is told by what it looks like', () => {
  const utf16 = Buffer.from(TEXT, 'utf16le');
  const rows = [
    { id: 1, name: 'Ann', type: 'LEAD' },
    { id: 2, name: 'Bob', type: 'LEAD' },
  ];

  test.each<readonly [string, Buffer | readonly (object | string)[], string]>([
    ['CSV', ['id,name,mrr', '1,"Ann, B",3', '2,Bob,4'], 'CSV, with commas'],
    ['CSV by semicolons', ['id;name', '1;Ann'], 'CSV, with semicolons'],
    ['CSV by tabs', ['id\tname', '1\tAnn'], 'CSV, with tabs'],
    ['a sheet of one line', ['id,name'], 'CSV, with commas'],
    ['bare JSON', rows, 'bare JSON'],
    ['bare JSON with a column "state"', [{ id: 1, state: { name: 'Utah' } }], 'bare JSON'],
    ['a list', [JSON.stringify(rows)], 'a JSON array'],
    ['a list over lines', JSON.stringify(rows, null, 1).split('\n'), 'a JSON array'],
    ['an object over lines', JSON.stringify({ a: rows }, null, 1).split('\n'), 'spread over lines'],
    [
      'Singer, its schema alone',
      [{ type: 'SCHEMA', stream: 'users', schema: {}, key_properties: ['id'] }],
      'Singer',
    ],
    ['types in lower case', [{ type: 'log', log: { level: 'INFO', message: 'x' } }], 'not in upper case'],
    ['a page of HTML', ['<!DOCTYPE html>', '<title>502 Bad Gateway</title>'], 'XML or HTML'],
    ['a log', ['Starting', 'Done'], 'plain text'],
    ['messages of a new type alone', [{ type: 'SOMETHING_NEW' }], 'bare JSON'],
    ['gzip', gzipSync(TEXT), 'compressed by gzip'],
    ['zstd', zstdCompressSync(TEXT), 'compressed by zstd'],
    ['UTF-16, little endian', utf16, 'text in UTF-16'],
    ['UTF-16, big endian', swapped(utf16), 'text in UTF-16'],
    [
      'UTF-16, little endian, with a mark',
      Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]),
      'text in UTF-16',
    ],
    [
      'UTF-16, big endian, with a mark',
      Buffer.concat([Buffer.from([0xfe, 0xff]), swapped(utf16)]),
      'text in UTF-16',
    ],
    ['a workbook', Buffer.from('PK\u0003\u0004…'), 'a workbook of Excel'],
  ])('%s', async (_, stdin, says) => {
    const { sandbox, result } = await write(stdin);
    expect(result.code).toBe(1);
    expect(result.failure).toMatch(/^system_error: /);
    expect(result.failure).toContain(says);
    expect(result.failure).not.toMatch(/Ann|Utah|Gateway/);
    expect(result.messagesOf('STATE')).toEqual([]);
    expect(sandbox.requests().filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  test('one message among them is enough', async () => {
    const { result } = await write([
      'id,name',
      JSON.stringify({ type: 'LOG', log: { level: 'INFO', message: 'x' } }),
    ]);
    expect(result.code).toBe(0);
    expect(at(result.summary, 'ignored_lines')).toBe(1);
  });
});

test('lines that are no message are told ten times, then counted', async () => {
  const { result } = await write([
    ...Array.from({ length: 50_000 }, (_, n) => `noise ${n}`),
    ...ROWS,
    state('accounts', 1),
  ]);
  expect(result.code).toBe(0);
  const warnings = result.logs.filter((line) => line.startsWith('WARN'));
  expect(warnings).toHaveLength(10);
  expect(warnings[9]).toContain('line 10 is no Airbyte message (7 characters): ignored; after these 10');
  expect(at(result.summary, 'ignored_lines')).toBe(50_000);
  expect(result.messagesOf('STATE')).toHaveLength(1);
});

describe('bytes that are no UTF-8', () => {
  const latin1 = (line: string): Buffer => Buffer.from(`${line}\n`, 'latin1');

  test.each([
    [
      'a RECORD',
      record('accounts', { id: 'c', name: 'Café' }),
      'line 3 (stream "accounts", column "name") holds a RECORD',
    ],
    ['a RECORD in its key', record('accounts', { id: 'é', name: 'C' }), 'column "id"'],
    [
      'a column’s name',
      record('accounts', { id: 'c', né: 'C' }),
      'line 3 (stream "accounts") holds a RECORD',
    ],
    ['a STATE', state('accounts', 'é'), 'line 3 (stream "accounts") holds a STATE'],
  ])('are never replaced: %s with them ends the run', async (_, value, says) => {
    const { sandbox, result } = await write(Buffer.concat([Buffer.from(TEXT), latin1(value)]));
    expect(result.failure).toMatch(/^system_error: /);
    expect(result.failure).toContain(says);
    expect(result.failure).toContain('no UTF-8');
    expect(Object.keys(sandbox.snapshot().accounts)).toEqual(['a', 'b']);
  });

  test('in noise are noise', async () => {
    const { result } = await write(Buffer.concat([latin1('{"é":1}'), Buffer.from(TEXT)]));
    expect(result.code).toBe(0);
    expect(at(result.summary, 'ignored_lines')).toBe(1);
  });
});

describe('which configured stream a message is about', () => {
  const catalog = catalogOf(configured('orders', { namespace: 'public' }), configured('users'));

  test('one without a namespace belongs to the one stream of its name; texts stay as they came', async () => {
    const { sandbox, result } = await write(
      [
        record('orders', { id: 'o', name: 'O' }),
        record('users', { id: 'u', name: 'U' }),
        state('orders', 1),
        state('users', 1),
      ],
      catalog,
    );
    expect(result.code).toBe(0);
    expect(Object.keys(sandbox.snapshot().accounts).sort()).toEqual(['o', 'u']);
    expect(
      result.messagesOf('STATE').map((message) => at(message, 'state', 'destinationStats', 'recordCount')),
    ).toEqual([1, 1]);
    expect(at(result.messagesOf('STATE')[0], 'state', 'stream', 'stream_descriptor')).toEqual({
      name: 'orders',
    });
  });

  test('of several of its name none is guessed', async () => {
    const several = catalogOf(
      configured('orders', { namespace: 'east' }),
      configured('orders', { namespace: 'west' }),
    );
    for (const message of [record('orders', { id: 'o', name: 'O' }), state('orders', 1)]) {
      const { result } = await write([record('orders', { id: 'e', name: 'E' }, 'east'), message], several);
      expect(result.failure).toMatch(
        /^system_error: line 2 .*"orders" of namespace "east" and "orders" of namespace "west"/,
      );
      expect(result.messagesOf('STATE')).toEqual([]);
    }
  });

  test('an exact match comes first', async () => {
    const both = catalogOf(configured('orders'), configured('orders', { namespace: 'west' }));
    const { result } = await write([record('orders', { id: 'o', name: 'O' })], both);
    expect(result.code).toBe(0);
    expect(result.summary).toMatchObject({
      streams: [
        { namespace: null, received: 1 },
        { namespace: 'west', received: 0 },
      ],
    });
  });

  test.each([
    ['a slip', 'order', record('order', { id: 1 }), 'nearest to it is "orders" of namespace "public"'],
    ['another namespace', 'users', record('users', { id: 1 }, 'east'), 'nearest to it is "users"'],
    ['another name', 'invoices', record('invoices', { id: 1 }), 'no stream of a name like that'],
  ])('a RECORD of none ends the run and names the nearest: %s', async (_, stream, message, says) => {
    const { result } = await write([message], catalog);
    expect(result.failure).toMatch(/^system_error: line 1 is a RECORD of the stream /);
    expect(result.failure).toContain(says);
    expect(at(result.messagesOf('TRACE')[0], 'trace', 'error', 'stream_descriptor', 'name')).toBe(stream);
  });
});
