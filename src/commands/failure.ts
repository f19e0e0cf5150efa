import type { Writable } from 'node:stream';
import { ConfigError } from '../errors/config-error.ts';
import { ProtocolError } from '../errors/protocol-error.ts';
import { TransientError } from '../errors/transient-error.ts';
import type { Emitter, ErrorTrace } from '../protocol/output/emit.ts';
import { OutputClosedError } from '../protocol/output/output-closed-error.ts';

/**
 * The one ERROR trace of a run that failed. The class of the error decides who must act. Contract 8.
 *
 * @param standing what is written and what is left, as the message's last words
 */
export function failureTrace(error: unknown, standing?: string): ErrorTrace {
  const trace = traceOf(error);
  if (standing === undefined) return trace;
  const { message, internalMessage = message } = trace;
  return { ...trace, message: `${sentence(message)} ${standing}`, internalMessage };
}

function traceOf(error: unknown): ErrorTrace {
  if (error instanceof ConfigError) return told(error, 'config_error');
  if (error instanceof TransientError) return told(error, 'transient_error');
  if (error instanceof ProtocolError) return told(error, 'system_error');
  // The message of an unknown error may quote a row: so its class and place are shown, and its words are not.
  const stack = error instanceof Error ? placesOf(error) : undefined;
  return {
    message: 'destination-vitally has a fault of its own and stopped; please report it with the stack trace.',
    internalMessage: error instanceof Error ? error.name : typeof error,
    failureType: 'system_error',
    ...(stack !== undefined && { stackTrace: stack }),
  };
}

function told(
  { message, technical, stream }: ConfigError | TransientError | ProtocolError,
  failureType: ErrorTrace['failureType'],
): ErrorTrace {
  return {
    message,
    failureType,
    ...(technical !== undefined && { internalMessage: technical }),
    ...(stream !== undefined && { stream }),
  };
}

/** Emits the trace. Where the output is closed, it has no reader, and nothing is emitted. */
export async function emitFailure(emitter: Emitter, error: unknown, standing?: string): Promise<void> {
  if (error instanceof OutputClosedError) return;
  try {
    await emitter.error(failureTrace(error, standing));
  } catch (closed) {
    if (!(closed instanceof OutputClosedError)) throw closed;
  }
}

/**
 * The same for a person, as lines of stderr.
 *
 * @param shown takes secrets and control characters out
 */
export function failToStderr(
  error: unknown,
  stderr: Writable,
  shown: (text: string, keep?: 'lines') => string,
  standing?: string,
): void {
  if (error instanceof OutputClosedError) return;
  const { message, internalMessage, stackTrace } = failureTrace(error, standing);
  const parts = [message, internalMessage === message ? undefined : internalMessage, stackTrace];
  for (const part of parts) if (part !== undefined) stderr.write(`${shown(part, 'lines')}\n`);
}

/** A text with a full stop, where it has none. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function placesOf(error: Error): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [error.name, ...frames].join('\n');
}
