import { ProtocolError } from '../../errors/protocol-error.ts';
import type { InputMessage, StreamDescriptor } from '../messages.ts';
import { StreamMap } from '../stream-map.ts';
import { titleOfStream } from './malformed.ts';

export interface StreamResolverOptions {
  /** The configured catalog's streams, no two of them the same. */
  readonly streams: readonly StreamDescriptor[];
  /** The one of some names that was probably meant. */
  readonly nearest: (name: string, known: readonly string[]) => string | undefined;
}

/**
 * Which configured stream a message is about: the only place that decides it, for records, states and statuses alike.
 * A descriptor that matches exactly is that stream's. One without a namespace belongs to the one configured stream of
 * its name: PyAirbyte leaves namespaces out. Contract 3.
 */
export class StreamResolver {
  readonly #options: StreamResolverOptions;
  readonly #exact: StreamMap<StreamDescriptor>;
  readonly #byName: ReadonlyMap<string, readonly StreamDescriptor[]>;

  constructor(options: StreamResolverOptions) {
    this.#options = options;
    this.#exact = new StreamMap(options.streams.map((stream) => [stream, stream]));
    this.#byName = Map.groupBy(options.streams, ({ name }) => name);
  }

  /**
   * The message with the configured stream's descriptor; its text stays as it came. A STATE or status of a stream
   * that the catalog lacks keeps its own.
   *
   * @throws ProtocolError for a RECORD of a stream that the catalog lacks, and where several streams may be meant
   */
  resolve(message: InputMessage): InputMessage {
    if (message.stream === undefined) return message;
    const found = this.#find(message.stream, message);
    if (found !== undefined) return { ...message, stream: found } as typeof message;
    if (message.type === 'RECORD') throw this.#unknown(message.line, message.stream);
    return message;
  }

  #find(stream: StreamDescriptor, message: InputMessage): StreamDescriptor | undefined {
    const exact = this.#exact.get(stream);
    if (exact !== undefined || stream.namespace !== undefined) return exact;
    const [only, ...others] = this.#byName.get(stream.name) ?? [];
    if (others.length === 0) return only;
    throw this.#ambiguous(stream, message);
  }

  #ambiguous(stream: StreamDescriptor, message: InputMessage): ProtocolError {
    const of = (this.#byName.get(stream.name) ?? []).map(titleOfStream).join(' and ');
    const place =
      message.type === 'STREAM_STATUS' ? 'A stream status' : `line ${message.line} is a ${message.type} that`;
    return new ProtocolError(
      `${place} names the stream ${titleOfStream(stream)} without a namespace, and the catalog has several of that name: ${of}. ` +
        'Let the source give the namespace with every message, or configure one of the streams. Nothing from there on is read.',
      { stream, technical: 'ambiguous stream descriptor' },
    );
  }

  #unknown(line: number, stream: StreamDescriptor): ProtocolError {
    const sameName = this.#byName.get(stream.name) ?? [];
    const names = [...this.#byName.keys()];
    const nearest = sameName.length > 0 ? stream.name : this.#options.nearest(stream.name, names);
    const meant = nearest === undefined ? [] : (this.#byName.get(nearest) ?? []);
    const hint =
      meant.length > 0
        ? `nearest to it is ${meant.map(titleOfStream).join(' and ')}`
        : names.length > 0
          ? 'it has no stream of a name like that'
          : 'it has no stream at all';
    return new ProtocolError(
      `line ${line} is a RECORD of the stream ${titleOfStream(stream)}, which the catalog does not have; ${hint}. ` +
        'Add the stream to the catalog, or let the source send the streams that it lists. ' +
        `Nothing from line ${line} on is read.`,
      { stream, technical: `line ${line}: no configured stream` },
    );
  }
}
