import { describe, expect, test } from 'vitest';
import { createEmitter, type Emitter, type LogLevel } from '../../../../src/protocol/output/emit.ts';

const SECRET = 'tok-123';

function emitterTo(lines: string[]): Emitter {
  const write = async (line: string): Promise<void> => {
    lines.push(line);
  };
  const redact = (text: string): string => text.replaceAll(SECRET, '***');
  return createEmitter(write, redact, () => 1_767_225_600_123);
}

async function emitted(emit: (emitter: Emitter) => Promise<void>): Promise<string> {
  const lines: string[] = [];
  await emit(emitterTo(lines));
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain('\n');
  return lines[0] ?? '';
}

describe('each message has its envelope', () => {
  test.each<[string, (emitter: Emitter) => Promise<void>, object]>([
    ['LOG', (to) => to.log('INFO', 'hello'), { type: 'LOG', log: { level: 'INFO', message: 'hello' } }],
    ['SPEC', (to) => to.spec({ a: 1 }), { type: 'SPEC', spec: { a: 1 } }],
    [
      'CONNECTION_STATUS',
      (to) => to.connectionStatus({ status: 'SUCCEEDED' }),
      { type: 'CONNECTION_STATUS', connectionStatus: { status: 'SUCCEEDED' } },
    ],
    [
      'CONNECTION_STATUS with its reason',
      (to) => to.connectionStatus({ status: 'FAILED', message: 'no\ntoken' }),
      { type: 'CONNECTION_STATUS', connectionStatus: { status: 'FAILED', message: 'no\ntoken' } },
    ],
    [
      'DESTINATION_CATALOG',
      (to) => to.destinationCatalog({ operations: [] }),
      { type: 'DESTINATION_CATALOG', destination_catalog: { operations: [] } },
    ],
    [
      'TRACE ERROR',
      (to) => to.error({ message: 'refused', failureType: 'config_error' }),
      {
        type: 'TRACE',
        trace: {
          type: 'ERROR',
          emitted_at: 1_767_225_600_123,
          error: { message: 'refused', internal_message: 'refused', failure_type: 'config_error' },
        },
      },
    ],
    [
      'TRACE ERROR with everything',
      (to) =>
        to.error({
          message: 'down',
          internalMessage: 'GET / -> 503',
          failureType: 'transient_error',
          stackTrace: 'Error\n  at x',
          stream: { name: 's', namespace: 'n' },
        }),
      {
        type: 'TRACE',
        trace: {
          type: 'ERROR',
          emitted_at: 1_767_225_600_123,
          error: {
            message: 'down',
            internal_message: 'GET / -> 503',
            failure_type: 'transient_error',
            stack_trace: 'Error\n  at x',
            stream_descriptor: { name: 's', namespace: 'n' },
          },
        },
      },
    ],
  ])('%s', async (_, emit, message) => {
    expect(JSON.parse(await emitted(emit))).toEqual(message);
  });

  test.each<LogLevel>(['FATAL', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE'])(
    'LOG at level %s',
    async (level) => {
      expect(JSON.parse(await emitted((to) => to.log(level, 'x')))).toMatchObject({ log: { level } });
    },
  );
});

test.each([
  ['two\nlines', 'two · lines'],
  ['\r\nwindows\r\n  indented\r\n', 'windows · indented'],
  ['a\n\n\n \nb\u2028c', 'a · b · c'],
  ['tabs\tand  spaces stay', 'tabs\tand  spaces stay'],
  ['\n', ''],
])('a LOG message is one line: %j', async (message, folded) => {
  expect(JSON.parse(await emitted((to) => to.log('INFO', message))).log.message).toBe(folded);
});

describe('what controls a terminal or turns writing round', () => {
  const HOSTILE = '\u001b[2J\u0007\u0000\u007f\u009b\u202e\u2066\u061c\u2028 end';

  test.each<[string, (emitter: Emitter) => Promise<void>]>([
    ['LOG', (to) => to.log('INFO', HOSTILE)],
    ['TRACE', (to) => to.error({ message: HOSTILE, internalMessage: HOSTILE, failureType: 'config_error' })],
    ['stack trace', (to) => to.error({ message: '', stackTrace: HOSTILE, failureType: 'config_error' })],
    ['CONNECTION_STATUS', (to) => to.connectionStatus({ status: 'FAILED', message: HOSTILE })],
  ])('is shown as escapes in %s', async (_, emit) => {
    const texts: string[] = [];
    JSON.parse(await emitted(emit), (_name, value) => {
      if (typeof value === 'string') texts.push(value);
      return value;
    });
    expect(texts.join()).not.toMatch(/[\p{Cc}\p{Bidi_C}\u2028\u2029]/u);
    expect(texts.join()).toContain('\\u001b[2J\\u0007\\u0000\\u007f\\u009b\\u202e\\u2066\\u061c');
  });

  test('leaves JSON in a LOG the same JSON', async () => {
    const name = '\u202eevil\u009b';
    const message = JSON.parse(await emitted((to) => to.log('INFO', JSON.stringify({ name })))).log.message;
    expect(message).not.toContain(name);
    expect(JSON.parse(message)).toEqual({ name });
  });
});

describe('a secret leaves in no text', () => {
  test.each<[string, (emitter: Emitter) => Promise<void>]>([
    ['LOG', (to) => to.log('INFO', `with ${SECRET}`)],
    ['LOG that is cut', (to) => to.log('INFO', `${'x'.repeat(49_996)}${SECRET}`)],
    ['TRACE message', (to) => to.error({ message: `with ${SECRET}`, failureType: 'config_error' })],
    [
      'TRACE in its inner texts',
      (to) =>
        to.error({
          message: '',
          internalMessage: SECRET,
          stackTrace: `at ${SECRET}`,
          failureType: 'system_error',
        }),
    ],
    ['CONNECTION_STATUS', (to) => to.connectionStatus({ status: 'FAILED', message: `the ${SECRET}` })],
  ])('%s', async (_, emit) => {
    const line = await emitted(emit);
    expect(line).not.toContain('tok');
    expect(line).toContain('**');
  });

  test('but a STATE goes out as it is', async () => {
    const line = `{"type":"STATE","state":{"cursor":"${SECRET}", "n":9007199254740993}}`;
    expect(await emitted((to) => to.state(line))).toBe(line);
  });
});

describe('long texts are cut', () => {
  const long = 'x'.repeat(200_000);

  test('to what the platform keeps', async () => {
    const { log } = JSON.parse(await emitted((to) => to.log('INFO', long)));
    expect(log.message).toHaveLength(50_000);
    expect(log.message.endsWith('x…')).toBe(true);
    const { trace } = JSON.parse(
      await emitted((to) => to.error({ message: long, stackTrace: long, failureType: 'system_error' })),
    );
    expect(trace.error.message).toHaveLength(50_000);
    expect(trace.error.internal_message).toHaveLength(50_000);
    expect(trace.error.stack_trace).toHaveLength(100_000);
  });

  test.each([0, 1])('never through a character (%i)', async (offset) => {
    const { log } = JSON.parse(
      await emitted((to) => to.log('INFO', 'y'.repeat(offset) + '😀'.repeat(40_000))),
    );
    expect(log.message.isWellFormed()).toBe(true);
    expect(log.message.length).toBeLessThanOrEqual(50_000);
  });

  test('and short ones are not', async () => {
    const text = 'x'.repeat(50_000);
    expect(JSON.parse(await emitted((to) => to.log('INFO', text))).log.message).toBe(text);
  });
});

test('lines leave in the order of the calls, and a failed write is passed on', async () => {
  const lines: string[] = [];
  const emitter = emitterTo(lines);
  await Promise.all([emitter.log('INFO', 'a'), emitter.state('{"type":"STATE"}'), emitter.log('INFO', 'b')]);
  expect(lines.map((line) => JSON.parse(line).type)).toEqual(['LOG', 'STATE', 'LOG']);

  const broken = createEmitter(
    () => Promise.reject(new Error('closed')),
    (text) => text,
  );
  await expect(broken.log('INFO', 'x')).rejects.toThrow('closed');
  await expect(broken.state('{}')).rejects.toThrow('closed');
});
