import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RecordError, type RejectionCode } from '../../../src/errors/record-error.ts';
import { readMessages } from '../../../src/protocol/input/read.ts';
import { FileNames } from '../../../src/rejected/file-name.ts';
import {
  createRejections,
  openStore,
  type RejectedRecord,
  type Rejections,
} from '../../../src/rejected/rejections.ts';
import { NO_STORE, type RunStore } from '../../../src/rejected/store.ts';

const REJECTED_AT_MS = Date.UTC(2026, 0, 2, 3, 4, 5);

let directory: string;
let warnings: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rejections-'));
  warnings = [];
});

afterEach(() => rm(directory, { recursive: true }));

function storeIn(run = '42'): RunStore {
  return openStore(
    { storage: { type: 'Local', directory }, outcomeLog: 'none' },
    { id: run, startedAtMs: REJECTED_AT_MS },
    {},
  );
}

function rejectionsTo(store = storeIn()): Rejections {
  return createRejections({
    store,
    files: new FileNames(),
    redact: (text) => text.replaceAll('tok-123', '***'),
    warn: async (message) => {
      warnings.push(message);
    },
    now: () => REJECTED_AT_MS,
  });
}

function recordOf(name: string, data: object = {}, namespace?: string): RejectedRecord {
  const raw = JSON.stringify({ type: 'RECORD', record: { stream: name, namespace, data, emitted_at: 1 } });
  return { line: 7, raw, stream: { name, namespace } };
}

function errorOf(code: RejectionCode = 'bad_value'): RecordError {
  return new RecordError({ code, message: 'It is wrong', fix: 'Mend it' });
}

test('one that is too large is kept without its data, every other with it', async () => {
  const codes: RejectionCode[] = ['too_large', 'refused'];
  for (const code of codes) {
    const rejections = rejectionsTo(storeIn(code));
    const raw = `{"type":"RECORD","record":{"stream":"s","data":{"id":7,"text":"${'x'.repeat(3_000_000)}"},"emitted_at":1}}`;
    await rejections.reject(
      { line: 7, raw, stream: { name: 's', namespace: undefined } },
      '7',
      errorOf(code),
    );
    await rejections.close();
    const line = await readFile(join(directory, code, 's.jsonl'), 'utf8');
    const { record, rejection } = JSON.parse(line);
    expect(rejection).toMatchObject({ code, key: '7' });
    expect({ ...record, data: Object.keys(record.data) }).toEqual({
      stream: 's',
      data: code === 'too_large' ? [] : ['id', 'text'],
      emitted_at: 1,
    });
  }
});

test('a refused record is kept as it came, with what became of it', async () => {
  const rejections = rejectionsTo();
  const raw =
    '{ "type":"RECORD", "record":{"stream":"s","namespace":"mart","data":{"id":9007199254740993}} }';
  const error = new RecordError({
    code: 'refused',
    message: 'Vitally refused the value',
    fix: 'Mend it',
    field: 'mrr',
    httpStatus: 400,
    detail: '"mrr" must be a number, not "many" (tok-123)',
  });
  await rejections.reject(
    { line: 7, raw, stream: { name: 's', namespace: 'mart' } },
    'anna@example.com',
    error,
  );
  await rejections.flush();
  const rejection = {
    code: 'refused',
    message: 'Vitally refused the value: "mrr" must be a number, not "many" (***)',
    field: 'mrr',
    http_status: 400,
    stream: 's',
    key: 'anna@example.com',
    rejected_at: '2026-01-02T03:04:05.000Z',
    fix: 'Mend it',
    detail: '"mrr" must be a number, not "many" (***)',
  };
  const line = await readFile(join(directory, '42', 'mart.s.jsonl'), 'utf8');
  expect(line).toBe(`${raw.slice(0, -2)},"rejection":${JSON.stringify(rejection)} }\n`);
});

test('what is not known is null', async () => {
  const rejections = rejectionsTo();
  await rejections.reject(recordOf('s'), undefined, errorOf('missing_key'));
  await rejections.close();
  const { rejection } = JSON.parse(await readFile(join(directory, '42', 's.jsonl'), 'utf8'));
  expect(rejection).toMatchObject({
    code: 'missing_key',
    message: 'It is wrong',
    field: null,
    http_status: null,
    key: null,
  });
});

test('the file is valid input, and a record refused again bears its newest rejection alone', async () => {
  const first = rejectionsTo();
  for (const id of ['1', '2\u2028', 'drei 漢字😀'])
    await first.reject(recordOf('s', { id }, 'mart'), id, errorOf());
  await first.close();
  const kept = await readFile(join(directory, '42', 'mart.s.jsonl'));

  const second = rejectionsTo(storeIn('43'));
  const ids: unknown[] = [];
  for await (const message of readMessages(Readable.from([kept]))) {
    if (message.type !== 'RECORD') continue;
    ids.push(message.data.id);
    await second.reject(message, undefined, errorOf('refused'));
  }
  await second.close();
  expect(ids).toEqual(['1', '2\u2028', 'drei 漢字😀']);
  const again = (await readFile(join(directory, '43', 'mart.s.jsonl'), 'utf8')).trimEnd().split('\n');
  expect(again.map((line) => JSON.parse(line).rejection.code)).toEqual(['refused', 'refused', 'refused']);
  expect(again.every((line) => line.split('"rejection"').length === 2)).toBe(true);
});

test('every stream has its file, where the file system knows no case too', async () => {
  const rejections = rejectionsTo();
  for (const name of ['users', 'Users', 'USERS', 'a/b', 'a.b'])
    await rejections.reject(recordOf(name), 'k', errorOf());
  await rejections.reject(recordOf('b', {}, 'a'), 'k', errorOf());
  await rejections.reject(recordOf('Users'), 'k', errorOf());
  await rejections.close();
  const files = await readdir(join(directory, '42'));
  expect(files.sort()).toEqual(
    ['users.jsonl', 'Users~2.jsonl', 'USERS~3.jsonl', 'a%2fb.jsonl', 'a.b.jsonl', 'a.b~2.jsonl'].sort(),
  );
  expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(6);
  expect((await readFile(join(directory, '42', 'Users~2.jsonl'), 'utf8')).split('\n')).toHaveLength(3);
});

test.each([
  ['../up', '%2e%2e%2fup'],
  ['..', '%2e%2e'],
  ['', '_'],
  ['2026-01-01T00-00-00Z', '2026-01-01T00-00-00Z'],
])('run %j has the folder %s', async (run, folder) => {
  const rejections = rejectionsTo(storeIn(run));
  await rejections.reject(recordOf('s'), 'k', errorOf());
  await rejections.close();
  expect(await readdir(directory)).toEqual([folder]);
});

describe('the log', () => {
  test('shows the first ten of each code and stream', async () => {
    const rejections = rejectionsTo(NO_STORE);
    for (let count = 0; count < 25; count++) {
      await rejections.reject(recordOf('s'), `s-${count}`, errorOf('bad_value'));
      await rejections.reject(recordOf('s', {}, 'mart'), `m-${count}`, errorOf('bad_value'));
      await rejections.reject(recordOf('s'), `r-${count}`, errorOf('refused'));
    }
    for (const [prefix, code] of [
      ['s', 'bad_value'],
      ['m', 'bad_value'],
      ['r', 'refused'],
    ] as const) {
      const shown = warnings.filter((warning) => warning.includes(`key ${prefix}-`));
      expect(shown).toHaveLength(10);
      expect(shown.every((warning) => warning.includes(code))).toBe(true);
      expect(shown.filter((warning) => warning.includes('only counted'))).toEqual(shown.slice(-1));
    }
    expect(warnings).toHaveLength(30);
  });

  test('shows no value of the row but its key, e-mails masked', async () => {
    const rejections = rejectionsTo();
    const error = new RecordError({
      code: 'refused',
      message: 'Refused',
      fix: 'Mend it',
      detail: 'marker in detail',
    });
    await rejections.reject(recordOf('s', { name: 'marker in row' }), 'anna@example.com', error);
    await rejections.close();
    expect(warnings).toEqual(['Rejected refused in s (line 7, key a***@example.com): Refused. Mend it.']);
  });
});

test('without a store nothing is written and everything is logged', async () => {
  const rejections = rejectionsTo(
    openStore({ storage: { type: 'None' }, outcomeLog: 'none' }, { id: '42', startedAtMs: 0 }, {}),
  );
  await rejections.reject(recordOf('s'), 'k', errorOf());
  await rejections.flush();
  await rejections.close();
  await openStore(
    { storage: { type: 'None' }, outcomeLog: 'none' },
    { id: '42', startedAtMs: 0 },
    {},
  ).probe();
  expect([await readdir(directory), warnings.length]).toEqual([[], 1]);
});

test('a failing store fails the flush that comes before a STATE', async () => {
  const rejections = rejectionsTo();
  await rejections.reject(recordOf('s'), 'k', errorOf());
  await rejections.flush();
  await rm(join(directory, '42'), { recursive: true });
  await rejections.flush();
  await rejections.reject(recordOf('s'), 'k', errorOf());
  await expect(rejections.flush()).rejects.toThrow(`Rejected records can't be kept in ${directory}`);
});
