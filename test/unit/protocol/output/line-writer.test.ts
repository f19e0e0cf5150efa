import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { lineWriter } from '../../../../src/protocol/output/line-writer.ts';
import { OutputClosedError } from '../../../../src/protocol/output/output-closed-error.ts';

test('lines are written whole and in order', async () => {
  const output = new PassThrough();
  const write = lineWriter(output);
  await Promise.all([write('one'), write('zwei 漢字'), write('')]);
  output.end();
  expect(await text(output)).toBe('one\nzwei 漢字\n\n');
});

test('a write waits until the stream has taken the line', async () => {
  const release: (() => void)[] = [];
  const taken: string[] = [];
  const slow = new Writable({
    highWaterMark: 1,
    write(chunk, _, done) {
      taken.push(String(chunk));
      release.push(done);
    },
  });
  const write = lineWriter(slow);
  let fulfilled = 0;
  const writes = ['a', 'b'].map((line) => write(line).then(() => fulfilled++));
  await new Promise(setImmediate);
  expect([taken, fulfilled]).toEqual([['a\n'], 0]);
  release.shift()?.();
  await writes[0];
  expect([taken, fulfilled]).toEqual([['a\n', 'b\n'], 1]);
  release.shift()?.();
  await writes[1];
});

describe('a closed output is an OutputClosedError', () => {
  test('when it was destroyed before', async () => {
    const output = new PassThrough();
    const write = lineWriter(output);
    output.destroy();
    await expect(write('x')).rejects.toThrow(OutputClosedError);
    await expect(write('y')).rejects.toThrow(OutputClosedError);
  });

  test('when it was ended before', async () => {
    const output = new PassThrough();
    const write = lineWriter(output);
    output.end();
    await expect(write('x')).rejects.toThrow(OutputClosedError);
  });

  test('when its reader goes away during a write', async () => {
    const output = new Writable({ write: () => {} });
    const written = lineWriter(output)('x');
    output.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    await expect(written).rejects.toThrow(OutputClosedError);
    await expect(written).rejects.toMatchObject({ cause: { code: 'EPIPE' } });
  });

  test('when it is closed during a write without an error', async () => {
    const output = new Writable({ write: () => {} });
    const written = lineWriter(output)('x');
    output.destroy();
    await expect(written).rejects.toThrow(OutputClosedError);
  });

  test('when a process writes to a pipe that nobody reads', async () => {
    const module = new URL('../../../../src/protocol/output/line-writer.ts', import.meta.url).href;
    const script = `
      import { lineWriter } from ${JSON.stringify(module)};
      const write = lineWriter(process.stdout);
      try {
        for (;;) await write('x'.repeat(1000));
      } catch (error) {
        process.stderr.write(error.name);
        process.exitCode = 7;
      }`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script]);
    const closed = once(child, 'close');
    const stderr = text(child.stderr);
    await once(child.stdout, 'readable');
    child.stdout.destroy();
    expect([await closed, await stderr]).toEqual([[7, null], 'OutputClosedError']);
  });
});

test('another failure stays what it is', async () => {
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
  const output = new Writable({ write: (_chunk, _encoding, done) => done(full) });
  await expect(lineWriter(output)('x')).rejects.toBe(full);
});
