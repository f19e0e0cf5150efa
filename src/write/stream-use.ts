import type { Route, Transport } from '../mapping/route.ts';
import { streamId } from '../protocol/messages.ts';
import { noReads, type Reads } from '../vitally/http/read-scope.ts';

/** What the rows of one stream made the run do. */
export interface Use {
  readonly reads: Reads;
  /** The APIs that carried rows. */
  readonly carriers: Set<Transport>;
}

/** By stream, what was read for its rows and which APIs carried them. */
export class StreamUse {
  /** A stream's route is made anew once its traits are known, so it takes two maps to be found fast. */
  readonly #byRoute = new WeakMap<Route, Use>();
  readonly #byStream = new Map<string, Use>();

  of(route: Route): Use {
    const known = this.#byRoute.get(route);
    if (known !== undefined) return known;
    const stream = streamId({ name: route.stream, namespace: route.namespace });
    const use = this.#byStream.get(stream) ?? { reads: noReads(), carriers: new Set() };
    this.#byStream.set(stream, use);
    this.#byRoute.set(route, use);
    return use;
  }
}
