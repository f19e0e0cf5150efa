import { PassThrough, Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProtocolError } from '../../../../src/errors/protocol-error.ts';
import { type IgnoredLine, readMessages } from '../../../../src/protocol/input/read.ts';
import type { InputMessage } from '../../../../src/protocol/messages.ts';

/** 32 MiB: Contract 8. */
const MAX_LINE_BYTES = 33_554_432;
function recordLine(id: number | string): string {
  return JSON.stringify({ type: 'RECORD', record: { stream: 's', data: { id }, emitted_at: 1 } });
}

function inputOf(...chunks: (string | Uint8Array)[]): Readable {
  return Readable.from(
    chunks.map((chunk) => Buffer.from(chunk)),
    { objectMode: false },
  );
}

function idOf(message: InputMessage): unknown {
  return message.type === 'RECORD' ? message.data.id : message.type;
}

/** Not `events.once`: a destroyed input may emit the error that ended it, which is no failure here. */
function closed(input: Readable): Promise<void> {
  return new Promise((resolve) => {
    if (input.closed) resolve();
    else input.once('close', resolve);
  });
}

async function idsOf(messages: AsyncIterable<InputMessage>): Promise<unknown[]> {
  const ids: unknown[] = [];
  for await (const message of messages) ids.push(idOf(message));
  return ids;
}

describe('lines', () => {
  const [one, two] = [recordLine(1), recordLine(2)];

  test.each([
    ['end with LF', `${one}\n${two}\n`, [1, 2]],
    ['end with CRLF', `${one}\r\n${two}\r\n`, [1, 2]],
    ['need no last line end', `${one}\n${two}`, [1, 2]],
    ['may end in a lone CR', `${one}\n${two}\r`, [1, 2]],
    ['may be blank', `\n\r\n   \n${one}\n\n\t\n${two}\n\n`, [1, 2]],
    ['may follow a byte order mark', `\uFEFF${one}\n${two}\n`, [1, 2]],
    ['are none in an empty input', '', []],
    ['are none in a blank input', '\n\n', []],
    ['hold separators of Unicode as text', `${recordLine('\u2028\u0085')}\n`, ['\u2028\u0085']],
  ])('%s', async (_, text, ids) => {
    expect(await idsOf(readMessages(inputOf(text)))).toEqual(ids);
  });

  test('are numbered as in the file, and keep their text without line end and byte order mark', async () => {
    const seen: unknown[] = [];
    for await (const message of readMessages(inputOf(`\uFEFF${one}\r\n\r\n${two}`))) {
      if (message.type === 'RECORD') seen.push([message.line, message.raw]);
    }
    expect(seen).toEqual([
      [1, one],
      [3, two],
    ]);
  });

  test('are the same wherever the chunks are cut', async () => {
    const ids = ['ä', '漢字', '😀😀', '\r\n\t', 'plain', 'é\u0301'];
    const bytes = Buffer.from(`\uFEFF${ids.map(recordLine).join('\r\n')}`);
    const cuts = fc.array(fc.nat(bytes.length), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(cuts, async (offsets) => {
        const sorted = [0, ...offsets.sort((a, b) => a - b), bytes.length];
        const chunks = sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
        expect(await idsOf(readMessages(inputOf(...chunks)))).toEqual(ids);
      }),
    );
  });

  test('are the same byte by byte, and from a stream of text', async () => {
    const text = `${recordLine('漢字😀')}\n${two}\n`;
    const bytes = [...Buffer.from(text)].map((byte) => Uint8Array.of(byte));
    expect(await idsOf(readMessages(inputOf(...bytes)))).toEqual(['漢字😀', 2]);
    expect(await idsOf(readMessages(Readable.from([text])))).toEqual(['漢字😀', 2]);
  });
});

describe('long lines', () => {
  const envelope = recordLine('').length;

  test('are read up to the limit, in chunks as a pipe gives them', async () => {
    const line = Buffer.from(recordLine('x'.repeat(MAX_LINE_BYTES - envelope)));
    expect(line.length).toBe(MAX_LINE_BYTES);
    const chunks: Buffer[] = [];
    for (let at = 0; at < line.length; at += 65_536) chunks.push(line.subarray(at, at + 65_536));
    const ids = await idsOf(readMessages(inputOf(...chunks, '\r\n', recordLine('after'))));
    expect(ids.map((id) => String(id).length)).toEqual([MAX_LINE_BYTES - envelope, 5]);
  });

  /** Reading in passing is the same work for each byte, however many there are. */
  const maxLineBytes = 2 * 1024 * 1024;
  const long = 'é'.repeat(maxLineBytes / 2 + 1);
  const rest = '"emitted_at":1,"namespace":"mart","meta":{"changes":[null,{"a":"}"}]}';

  test.each([
    [
      'stream first',
      `{"type":"RECORD","record":{"stream":"s","data":{"id":7,"text":"${long}","last":"z"},${rest}}}`,
    ],
    [
      'stream last',
      `{"record":{"data":{"id":7,"text":["${long}"],"last":"z"},${rest},"stream":"s"},"type":"RECORD"}`,
    ],
    [
      'in blanks',
      ` {"type" : "RECORD","record":{"stream" : "s" ,${rest},"data":{"id" : 7 ,"text":"\\"${long}","last":"z"}} } \r`,
    ],
    [
      'in many columns',
      `{"type":"RECORD","record":{"stream":"s",${rest},"data":{"id":7,"last":"z",${'"c":"éééééé",'.repeat(140_000)}"last":"z"}}}`,
    ],
  ])('above it are RECORDs without their data, and the run goes on: %s', async (_, line) => {
    for (const chunkBytes of [65_536, Number.POSITIVE_INFINITY]) {
      const chunks = chunksOf(Buffer.from(`${recordLine(1)}\n${line}\n${recordLine(3)}`), chunkBytes);
      const seen: InputMessage[] = [];
      for await (const message of readMessages(inputOf(...chunks), { maxLineBytes })) seen.push(message);
      expect(seen.map(idOf)).toEqual([1, 7, 3]);
      expect(seen[1]).toMatchObject({
        line: 2,
        raw: '{"type":"RECORD","record":{"stream":"s","namespace":"mart","data":{}}}',
        stream: { name: 's', namespace: 'mart' },
        data: { id: 7, last: 'z' },
        tooLongBytes: expect.any(Number),
      });
    }
  });

  test.each([
    ['no RECORD', 'x'],
    ['a RECORD without a stream', '{"type":"RECORD","record":{"data":{"a":"'],
    ['a RECORD that is cut', recordLine('').slice(0, -10)],
    ['a STATE', '{"type":"STATE","state":{"data":{"a":"'],
    ['a list', '[{"type":"RECORD","record":{"stream":"s","data":{"a":"'],
  ])('above it end the run, after what came before: %s', async (_, head) => {
    const end = head.startsWith('{"type":"STATE"') || head.includes('"data":{"a":"') ? '"}}}' : '';
    const line = `${head}${long}${end}`;
    const messages = readMessages(
      inputOf(`${recordLine(1)}\n\n`, ...chunksOf(Buffer.from(line), 65_536), '\n'),
      { maxLineBytes },
    )[Symbol.asyncIterator]();
    expect(await messages.next()).toMatchObject({ value: { data: { id: 1 } } });
    const failure = messages.next();
    await expect(failure).rejects.toThrow(ProtocolError);
    await expect(failure).rejects.toThrow(
      new RegExp(`^line 3 (?:.stream "s". )?is longer than the limit of ${maxLineBytes} bytes`),
    );
  });

  test('above it end the run where two messages share a line', async () => {
    const line = `${recordLine(long)}${recordLine(2)}`;
    const messages = readMessages(inputOf(line), { maxLineBytes });
    await expect(idsOf(messages)).rejects.toThrow('line 1 (stream "s") is longer than');
  });

  test('above it are skipped where they are of no use', async () => {
    const line = `{"type":"LOG","log":{"level":"INFO","message":"${long}"}}`;
    const messages = readMessages(inputOf(`${line}\n${recordLine(2)}`), { maxLineBytes });
    expect(await idsOf(messages)).toEqual([2]);
  });
});

function chunksOf(bytes: Buffer, chunkBytes: number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) chunks.push(bytes.subarray(at, at + chunkBytes));
  return chunks;
}

test('an input without line ends is not read to its end', async () => {
  const chunk = Buffer.alloc(1024 * 1024, 'x');
  let taken = 0;
  const endless = new Readable({
    read() {
      taken++;
      this.push(taken > 100 ? null : chunk);
    },
  });
  await expect(idsOf(readMessages(endless))).rejects.toThrow('line 1 is longer than the limit');
  await closed(endless);
  expect(taken).toBeLessThan(40);
});

describe('what is no message', () => {
  test('is counted and reported by place and length, never by content', async () => {
    const ignored: IgnoredLine[] = [];
    const input = inputOf(`hello\n${recordLine(1)}\n{"type":"LOG","log":{}}\n\n{"a":\n${recordLine(2)}`);
    const messages = readMessages(input, { onIgnored: (line) => ignored.push(line) });
    expect(await idsOf(messages)).toEqual([1, 2]);
    expect(ignored).toEqual([
      { line: 1, characters: 5, isLastTold: false },
      { line: 5, characters: 5, isLastTold: false },
    ]);
    expect(messages.stats).toEqual({ lines: 6, ignoredLines: 2, wasEmpty: false });
  });

  test('is fatal where it looks like a record, after what came before', async () => {
    const messages = readMessages(inputOf(`${recordLine(1)}\n{"type":"RECORD",\n`))[Symbol.asyncIterator]();
    expect(await messages.next()).toMatchObject({ value: { data: { id: 1 } } });
    await expect(messages.next()).rejects.toThrow(/^line 2 holds a RECORD/);
    expect(await messages.next()).toEqual({ done: true, value: undefined });
  });
});

test('messages come in order, with states and statuses among the records', async () => {
  const stateLine = '{"type":"STATE","state":{"data":{}}}';
  const statusLine = JSON.stringify({
    type: 'TRACE',
    trace: { type: 'STREAM_STATUS', stream_status: { stream_descriptor: { name: 's' }, status: 'COMPLETE' } },
  });
  const ids = await idsOf(
    readMessages(inputOf([recordLine(1), stateLine, statusLine, recordLine(2)].join('\n'))),
  );
  expect(ids).toEqual([1, 'STATE', 'STREAM_STATUS', 2]);
});

test.each(['\u00a0', '\uFEFF', '\v', '\f', '\u2028', '\0', '\u0085'])(
  'a blank that JSON has none of makes a message malformed: %j',
  async (blank) => {
    for (const line of [`${recordLine(2)}${blank}`, `${blank}${recordLine(2)}`]) {
      const input = inputOf(`${recordLine(1)}\n${line}\n${recordLine(3)}\n`);
      await expect(idsOf(readMessages(input))).rejects.toThrow(/^line 2 /);
    }
  },
);

describe('while the input is open', () => {
  test('a message is there as soon as its line is complete', async () => {
    const input = new PassThrough();
    const messages = readMessages(input)[Symbol.asyncIterator]();
    input.write(`${recordLine(1)}\n${recordLine(2).slice(0, 20)}`);
    expect(await messages.next()).toMatchObject({ value: { data: { id: 1 } } });
    const second = messages.next();
    input.write(`${recordLine(2).slice(20)}\n`);
    expect(await second).toMatchObject({ value: { data: { id: 2 } } });
    input.destroy();
  });

  test('lines are taken only as they are asked for', async () => {
    let taken = 0;
    const line = Buffer.from(`${recordLine('x'.repeat(10_000))}\n`);
    const input = new Readable({
      read() {
        taken++;
        this.push(line);
      },
    });
    const messages = readMessages(input)[Symbol.asyncIterator]();
    for (let asked = 0; asked < 100; asked++) await messages.next();
    await new Promise(setImmediate);
    expect(taken).toBeLessThan(200);
    await messages.return?.();
    await closed(input);
    expect(input.destroyed).toBe(true);
  });

  test('an error of the input is passed on', async () => {
    const input = new PassThrough();
    const ids = idsOf(readMessages(input));
    input.destroy(new Error('read failed'));
    await expect(ids).rejects.toThrow('read failed');
  });
});

describe('a signal ends the messages', () => {
  test('while input is waited for', async () => {
    const input = new PassThrough();
    const stop = new AbortController();
    const messages = readMessages(input, { signal: stop.signal })[Symbol.asyncIterator]();
    input.write(`${recordLine(1)}\n`);
    await messages.next();
    const waiting = messages.next();
    stop.abort();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await closed(input);
    expect(input.destroyed).toBe(true);
  });

  test('while more lines are at hand', async () => {
    const stop = new AbortController();
    const messages = readMessages(inputOf(`${recordLine(1)}\n${recordLine(2)}\n`), { signal: stop.signal });
    const ids: unknown[] = [];
    for await (const message of messages) {
      ids.push(idOf(message));
      stop.abort();
    }
    expect(ids).toEqual([1]);
  });

  test('before the first', async () => {
    expect(await idsOf(readMessages(inputOf(recordLine(1)), { signal: AbortSignal.abort() }))).toEqual([]);
  });
});
