import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { readMessages } from '../src/protocol/input/read.ts';
import { messages } from './generate.ts';

const ROWS = 100_000;
const CHUNK_BYTES = 64 * 1024;

export interface ReadFigures {
  readonly lines: number;
  readonly linesPerSecond: number;
  /** How many times as long as `JSON.parse` of the same lines. */
  readonly timesJsonParse: number;
}

/** Lines through `protocol/read`, beside the least that anybody must do with them. */
export async function benchRead(): Promise<ReadFigures> {
  const input = await buffer(messages('accounts', ROWS));
  const lines = input.toString().trimEnd().split('\n');
  await readAll(input);
  const parseMs = timed(() => {
    for (const line of lines) JSON.parse(line);
  });
  const startedAt = performance.now();
  await readAll(input);
  const readMs = performance.now() - startedAt;
  return {
    lines: lines.length,
    linesPerSecond: (lines.length / readMs) * 1000,
    timesJsonParse: readMs / parseMs,
  };
}

async function readAll(input: Buffer): Promise<void> {
  const chunks = Array.from({ length: Math.ceil(input.length / CHUNK_BYTES) }, (_, index) =>
    input.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES),
  );
  let count = 0;
  for await (const _ of readMessages(Readable.from(chunks, { objectMode: false }))) count++;
  if (count === 0) throw new Error('nothing was read');
}

function timed(work: () => void): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}
