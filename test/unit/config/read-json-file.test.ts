import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readJsonFile } from '../../../src/config/read-json-file.ts';
import { ConfigError } from '../../../src/errors/config-error.ts';

const SECRET = 'sk_live_do_not_show';
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'read-json-file-'));
});

afterAll(() => rm(directory, { recursive: true }));

async function readText(text: string | Uint8Array): Promise<unknown> {
  const path = join(directory, 'file');
  await writeFile(path, text);
  return (await readJsonFile(path, 'config', 1)).value;
}

async function failure(reading: Promise<unknown>): Promise<Error> {
  return reading.then(
    () => expect.unreachable(),
    (error: unknown) => (error instanceof Error ? error : expect.unreachable()),
  );
}

test.each([
  { name: 'an object', text: '{"a": [1, null]}', value: { a: [1, null] } },
  { name: 'a byte order mark', text: '\uFEFF{"a": 1}\r\n', value: { a: 1 } },
  { name: 'multibyte characters', text: '{"é": "日本"}', value: { é: '日本' } },
])('reads $name', async ({ text, value }) => {
  expect(await readText(text)).toEqual(value);
});

test('keeps every digit of a number', async () => {
  expect(JSON.stringify(await readText('{"value": 12345678901234567890}'))).toBe(
    '{"value":12345678901234567890}',
  );
});

test.each([
  { text: `{"token": "${SECRET}",}`, place: /: line 1, column \d+$/ },
  { text: `{\n  "token": ${SECRET}\n}`, place: /: line 2, column 12$/ },
  { text: `{"token": "${SECRET}"`, place: /: line 1, column \d+$/ },
  { text: SECRET, place: /: line 1, column 1$/ },
  { text: `{"token": "${SECRET}"} {}`, place: /: line 1, column \d+$/ },
  { text: `// ${SECRET}\n{}`, place: /: line 1, column 1$/ },
  { text: '', place: /: it is empty$/ },
  { text: ' \n', place: /: it is empty$/ },
  { text: '['.repeat(100_000), place: /is not JSON/ },
])('$text is not JSON, and the message shows none of it', async ({ text, place }) => {
  const error = await failure(readText(text));
  expect(error).toBeInstanceOf(ConfigError);
  expect(error.message).toMatch(/^the config file .* is not JSON/);
  expect(error.message).toMatch(place);
  expect(JSON.stringify([String(error), error.stack, error.cause])).not.toContain(SECRET);
});

test.each([
  {
    name: 'UTF-16 with a mark',
    bytes: Buffer.from('\uFEFF{"a": 1}', 'utf16le'),
    says: 'is written in UTF-16',
  },
  { name: 'UTF-16 without one', bytes: Buffer.from('{"a": 1}', 'utf16le'), says: 'is written in UTF-16' },
  {
    name: 'big-endian UTF-16',
    bytes: Buffer.from('\uFEFF{"a": 1}', 'utf16le').swap16(),
    says: 'is written in UTF-16',
  },
  { name: 'Latin-1', bytes: Buffer.from('{"a": "é"}', 'latin1'), says: 'holds bytes that are no UTF-8' },
])('$name is told, with what to save it as', async ({ bytes, says }) => {
  const error = await failure(readText(bytes));
  expect(error).toBeInstanceOf(ConfigError);
  expect(error.message).toContain(`${says}; save it as UTF-8`);
});

test('a file that never ends is no config', async () => {
  const error = await failure(readJsonFile('/dev/zero', 'config', 1));
  expect(error).toBeInstanceOf(ConfigError);
  expect(error.message).toContain('larger than 1 MiB');
});

test.each([
  { name: 'a missing file', path: () => join(directory, 'missing.json'), says: 'is not there' },
  { name: 'a directory', path: () => directory, says: 'is a directory' },
  { name: 'a file taken for a directory', path: () => join(directory, 'plain', 'x.json'), says: 'is a file' },
  {
    name: 'a name that no file can have',
    path: () => join(directory, 'x'.repeat(5000)),
    says: "can't be read (ENAMETOOLONG)",
  },
])('$name is a config error that names the kind of file and its path', async ({ path, says }) => {
  await writeFile(join(directory, 'plain'), '');
  const error = await failure(readJsonFile(path(), 'catalog'));
  expect(error).toBeInstanceOf(ConfigError);
  expect(error.message).toContain(`the catalog file ${path()}`);
  expect(error.message).toContain(says);
});
