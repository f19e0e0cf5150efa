import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { emitFailure, failureTrace } from '../../src/commands/failure.ts';
import { ConfigError } from '../../src/errors/config-error.ts';
import { ProtocolError } from '../../src/errors/protocol-error.ts';
import { TransientError } from '../../src/errors/transient-error.ts';
import { createEmitter } from '../../src/protocol/output/emit.ts';
import { lineWriter } from '../../src/protocol/output/line-writer.ts';
import { OutputClosedError } from '../../src/protocol/output/output-closed-error.ts';
import { Sink } from '../support/run-command.ts';

test.each([
  { error: new ConfigError('mend it'), failureType: 'config_error' },
  { error: new TransientError('try again'), failureType: 'transient_error' },
  { error: new ProtocolError('line 7'), failureType: 'system_error' },
])('$error.name is a $failureType, its words for the user', ({ error, failureType }) => {
  expect(failureTrace(error)).toEqual({ message: error.message, failureType });
});

test.each([ConfigError, TransientError])(
  'the technical half and the stream of a %o are told apart',
  (Class) => {
    const stream = { name: 's', namespace: undefined };
    expect(
      failureTrace(new Class('it fails', { technical: 'POST /x: status 503', stream }), 'Stopped.'),
    ).toMatchObject({
      message: 'it fails. Stopped.',
      internalMessage: 'POST /x: status 503',
      stream,
    });
  },
);

describe('a stranger’s error', () => {
  const error = new TypeError('cannot read "geheim" of row');
  error.stack = `TypeError: cannot read "geheim"\nof row\n    at one (file.ts:1:2)\n    at two (file.ts:3:4)`;

  test('shows its class and place, and never its words', () => {
    const trace = failureTrace(error);
    expect(trace).toMatchObject({ failureType: 'system_error', internalMessage: 'TypeError' });
    expect(trace.stackTrace).toBe('TypeError\n    at one (file.ts:1:2)\n    at two (file.ts:3:4)');
    expect(JSON.stringify(trace)).not.toContain('geheim');
  });

  test.each([
    { thrown: 'geheim', internalMessage: 'string' },
    { thrown: { message: 'geheim' }, internalMessage: 'object' },
    { thrown: undefined, internalMessage: 'undefined' },
  ])('that is none: $internalMessage', ({ thrown, internalMessage }) => {
    const trace = failureTrace(thrown);
    expect(trace).toMatchObject({ failureType: 'system_error', internalMessage });
    expect(JSON.stringify(trace)).not.toContain('geheim');
  });
});

describe('emitting it', () => {
  test('writes one ERROR trace', async () => {
    const sink = new Sink();
    await emitFailure(
      createEmitter(lineWriter(sink), (text) => text.replaceAll('tok', '***')),
      new ConfigError('tok is wrong'),
    );
    expect(JSON.parse(sink.text)).toMatchObject({
      type: 'TRACE',
      trace: { type: 'ERROR', error: { message: '*** is wrong', failure_type: 'config_error' } },
    });
  });

  const failing = (code: string): Writable =>
    new Writable({
      write(_chunk, _encoding, done) {
        done(Object.assign(new Error('no'), { code }));
      },
    });

  test('tells nobody where nobody reads any more', async () => {
    const sink = new Sink();
    await emitFailure(
      createEmitter(lineWriter(sink), (text) => text),
      new OutputClosedError('gone'),
    );
    expect(sink.text).toBe('');
    await emitFailure(
      createEmitter(lineWriter(failing('EPIPE')), (text) => text),
      new ConfigError('x'),
    );
  });

  test('passes on what is wrong with the output otherwise', async () => {
    const emitter = createEmitter(lineWriter(failing('ENOSPC')), (text) => text);
    await expect(emitFailure(emitter, new ConfigError('x'))).rejects.toThrow('no');
  });
});
