import { RecordError } from '../errors/record-error.ts';
import type { RecordMessage } from '../protocol/messages.ts';
import { createMapper } from '../routing/columns.ts';
import { keyOf } from '../routing/keys.ts';
import type { Route, Write } from '../routing/route.ts';

/** A route and the mapping made for it once. */
export interface Line {
  readonly route: Route;
  readonly map: (record: RecordMessage) => Mapped;
}

/** A record's row in Vitally's terms, or why it has none; its key is named where it can be. */
export interface Mapped {
  readonly write: Write;
  readonly error?: RecordError;
}

export function lineOf(route: Route): Line {
  const map = createMapper(route);
  return {
    route,
    map(record) {
      try {
        return { write: map(record.data, record.nulled) };
      } catch (error) {
        if (!(error instanceof RecordError)) throw error;
        return { write: { key: keyOrNone(route, record), fields: new Map(), traits: new Map() }, error };
      }
    },
  };
}

function keyOrNone(route: Route, record: RecordMessage): string | undefined {
  try {
    return keyOf(route, record.data, record.nulled);
  } catch (error) {
    if (error instanceof RecordError) return undefined;
    throw error;
  }
}
