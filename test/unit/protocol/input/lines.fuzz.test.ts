import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProtocolError } from '../../../../src/errors/protocol-error.ts';
import { readMessages } from '../../../../src/protocol/input/read.ts';
import { FUZZ_TIMEOUT_MS, fuzz } from '../../../support/fuzz.ts';
import { chunked, type FuzzLine, fuzzLines, inputOf } from '../../../support/input-lines.ts';

interface Reading {
  readonly raws: readonly string[];
  /** 1-based numbers of lines that were told to be no message. */
  readonly told: readonly number[];
  readonly ignored: number;
  readonly error: string | undefined;
}

async function read(chunks: readonly Buffer[]): Promise<Reading> {
  const raws: string[] = [];
  const told: number[] = [];
  const messages = readMessages(Readable.from(chunks, { objectMode: false }), {
    onIgnored: ({ line }) => told.push(line),
  });
  let error: string | undefined;
  try {
    for await (const message of messages) if (message.type !== 'STREAM_STATUS') raws.push(message.raw);
  } catch (thrown) {
    if (!(thrown instanceof ProtocolError)) throw thrown;
    error = thrown.message;
  }
  return { raws, told, ignored: messages.stats.ignoredLines, error };
}

/** Where the reading ended: the index of a line, or the end of input. */
function endOf(lines: readonly FuzzLine[], error: string | undefined): number {
  const [, line] = /^line (\d+)\b/.exec(error ?? '') ?? [];
  return line === undefined ? lines.length : Number(line) - 1;
}

function withoutBlanks({ bytes }: FuzzLine): string {
  return bytes.toString().replaceAll(/[ \t\r]+$/g, '');
}

test(
  'no RECORD or STATE vanishes without a word, and none passes behind a line that is malformed',
  async () => {
    const cases = fc.record({
      // A file's own beginning tells of its encoding; that is tried elsewhere.
      lines: fc
        .array(fuzzLines, { maxLength: 25 })
        .map((lines) => [{ kind: 'idle', bytes: Buffer.from('{"type":"LOG"}') } as const, ...lines]),
      lineEnd: fc.constantFrom('\n', '\r\n'),
      endsOpen: fc.boolean(),
      cuts: fc.array(fc.nat(65_535), { maxLength: 30 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ lines, lineEnd, endsOpen, cuts }) => {
        const reading = await read(chunked(inputOf(lines, lineEnd, endsOpen), cuts));
        const end = endOf(lines, reading.error);
        const before = lines.slice(0, end);
        // Everything before the end was delivered, as it came and in order, and nothing else.
        const torn = before.filter(({ kind }) => kind === 'torn').map(withoutBlanks);
        expect(reading.raws.filter((raw) => !torn.includes(raw))).toEqual(
          before
            .filter(({ kind }) => kind === 'message')
            .map(withoutBlanks)
            .filter((raw) => !torn.includes(raw)),
        );
        // The end is where it must be: at the first malformed line, or at one that is torn.
        expect(before.filter(({ kind }) => kind === 'malformed')).toEqual([]);
        if (end < lines.length) expect(lines[end]?.kind).toMatch(/malformed|torn/);
        else expect(reading.error).toBeUndefined();
        // What is no message was counted; a piece of one is counted too, unless it is whole or blank.
        const noise = before.filter(({ kind }) => kind === 'noise').length;
        expect(reading.ignored).toBeGreaterThanOrEqual(noise);
        expect(reading.ignored).toBeLessThanOrEqual(noise + torn.length);
        expect(reading.told).toHaveLength(Math.min(reading.ignored, 10));
        // No chunk's border makes a difference.
        expect(await read([inputOf(lines, lineEnd, endsOpen)])).toEqual(reading);
      }),
      fuzz(1_000),
    );
  },
  FUZZ_TIMEOUT_MS,
);
