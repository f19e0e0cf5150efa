import type { JsonObject } from '../json/json.ts';

/** Name and namespace of a stream; `namespace` null, "" and absent are the same: `undefined`. */
export interface StreamDescriptor {
  readonly name: string;
  readonly namespace: string | undefined;
}

/** A RECORD as read from stdin. */
export interface RecordMessage {
  readonly type: 'RECORD';
  /** 1-based number of its line. */
  readonly line: number;
  /** The line's own text, without its line end. */
  readonly raw: string;
  readonly stream: StreamDescriptor;
  /** Lossless: see `json/json.ts`. */
  readonly data: JsonObject;
  /** Fields that `meta.changes` says were NULLED: unknown, not empty. */
  readonly nulled: ReadonlySet<string>;
  /**
   * Set where the line was too long to be held: its bytes. Then `data` has the columns that were short enough to be
   * read in passing, so that the key can be told, and `raw` has no data.
   */
  readonly tooLongBytes?: number;
}

/** A STATE as read from stdin. Its text is kept: it goes out as it came, `destinationStats` added. */
export interface StateMessage {
  readonly type: 'STATE';
  readonly line: number;
  readonly raw: string;
  /** Where its text lies while it waits and memory is full; `raw` is empty then. */
  readonly place?: { readonly offset: number; readonly bytes: number };
  /** It takes no room of what may be read ahead. */
  readonly isBeyondReadAhead?: true;
  /** The stream it acknowledges; `undefined` for GLOBAL and LEGACY, which acknowledge every stream. */
  readonly stream: StreamDescriptor | undefined;
}

/** A stream's status as the source or the platform reports it. */
export interface StatusMessage {
  readonly type: 'STREAM_STATUS';
  readonly stream: StreamDescriptor;
  readonly status: string;
}

export type InputMessage = RecordMessage | StateMessage | StatusMessage;

/** A stream's identity as a map key. */
export function streamId(stream: StreamDescriptor): string {
  return JSON.stringify([stream.namespace ?? '', stream.name]);
}
