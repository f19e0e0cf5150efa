import type { StreamDescriptor } from '../messages.ts';
import { visible } from './visible.ts';

/** Lengths at which Airbyte's platform cuts an error trace, in characters. */
const MAX_MESSAGE_CHARACTERS = 50_000;
const MAX_STACK_TRACE_CHARACTERS = 100_000;

const ELLIPSIS = '…';

export type LogLevel = 'FATAL' | 'ERROR' | 'WARN' | 'INFO' | 'DEBUG' | 'TRACE';

/** Who must act, in Airbyte's words. `config_error` stops the platform's automatic retries. */
export type FailureType = 'config_error' | 'transient_error' | 'system_error';

export interface ErrorTrace {
  /** For the user. */
  readonly message: string;
  /** The technical part; the message again where there is nothing to add. */
  readonly internalMessage?: string;
  readonly failureType: FailureType;
  readonly stackTrace?: string;
  readonly stream?: StreamDescriptor;
}

export interface ConnectionStatus {
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly message?: string;
}

/**
 * The Airbyte messages a destination may emit, one line each, in the order of the calls. Every promise is fulfilled
 * when its line has been handed on, and rejected when it can't be.
 */
export interface Emitter {
  /**
   * Line breaks in the message are folded: the platform's log has one line an entry. Here and in every text for a
   * reader other control characters are shown as escapes.
   */
  log(level: LogLevel, message: string): Promise<void>;
  error(trace: ErrorTrace): Promise<void>;
  /** @param line a STATE's text, which goes out exactly so; see `acknowledge`. */
  state(line: string): Promise<void>;
  spec(spec: object): Promise<void>;
  connectionStatus(status: ConnectionStatus): Promise<void>;
  destinationCatalog(catalog: object): Promise<void>;
}

/**
 * @param write writes one line; see `lineWriter`
 * @param redact takes secrets out of a text; it is applied to the texts of LOG, TRACE and CONNECTION_STATUS before
 *   they become JSON, and never to a STATE
 * @param now milliseconds since the epoch
 */
export function createEmitter(
  write: (line: string) => Promise<void>,
  redact: (text: string) => string,
  now: () => number = Date.now,
): Emitter {
  const send = (message: object): Promise<void> => write(JSON.stringify(message));
  const clean = (text: string, maxCharacters = MAX_MESSAGE_CHARACTERS): string =>
    cut(visible(redact(text)), maxCharacters);

  return {
    log: (level, message) => send({ type: 'LOG', log: { level, message: clean(coalesce(message)) } }),
    error: ({ message, internalMessage, failureType, stackTrace, stream }) =>
      send({
        type: 'TRACE',
        trace: {
          type: 'ERROR',
          emitted_at: now(),
          error: {
            message: clean(message),
            internal_message: clean(internalMessage ?? message),
            failure_type: failureType,
            // JSON leaves out what is undefined.
            stack_trace: stackTrace === undefined ? undefined : clean(stackTrace, MAX_STACK_TRACE_CHARACTERS),
            stream_descriptor: stream,
          },
        },
      }),
    state: (line) => write(line),
    spec: (spec) => send({ type: 'SPEC', spec }),
    connectionStatus: ({ status, message }) => {
      const text = message === undefined ? undefined : clean(message);
      return send({ type: 'CONNECTION_STATUS', connectionStatus: { status, message: text } });
    },
    destinationCatalog: (catalog) => send({ type: 'DESTINATION_CATALOG', destination_catalog: catalog }),
  };
}

/**
 * The same for a reader who sees plain text: what is hidden is shown, and a message is one line unless it is to keep its
 * lines.
 */
export function textLog(redact: (text: string) => string): (text: string, keep?: 'lines') => string {
  return (text, keep) =>
    cut(visible(redact(keep === 'lines' ? text : coalesce(text))), MAX_MESSAGE_CHARACTERS);
}

function coalesce(text: string): string {
  const lines = text.split(/[\r\n\u2028\u2029]+/).map((line) => line.trim());
  return lines.filter((line) => line !== '').join(' · ');
}

function cut(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const kept = text.slice(0, maxCharacters - ELLIPSIS.length);
  // A surrogate pair cut in two would be no valid text.
  return (/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept) + ELLIPSIS;
}
