import type { Route } from '../../mapping/route.ts';
import type { RecordMessage } from '../../protocol/messages.ts';
import { StreamMap } from '../../protocol/stream-map.ts';
import type { ReadTraits } from './known-traits-reader.ts';
import { type Mapped, StreamMapper } from './stream-mapper.ts';

/** The mappers of a run's streams, each for its own. */
export class StreamMappers {
  /** In the order of the routes. */
  readonly all: readonly StreamMapper[];
  readonly #byStream: StreamMap<StreamMapper>;

  /** @param readTraits `undefined` where Vitally cannot be asked */
  constructor(routes: readonly Route[], readTraits: ReadTraits | undefined) {
    this.all = routes.map((route) => new StreamMapper(route, readTraits));
    this.#byStream = new StreamMap(
      this.all.map((mapper) => [{ name: mapper.route.stream, namespace: mapper.route.namespace }, mapper]),
    );
  }

  /** As {@link StreamMapper.admitted}. */
  admitted(record: RecordMessage): RecordMessage {
    return this.#of(record).admitted(record);
  }

  /** Maps a record as {@link StreamMapper.map} does. */
  map(record: RecordMessage): Mapped | Promise<Mapped> {
    return this.#of(record).map(record);
  }

  #of(record: RecordMessage): StreamMapper {
    const mapper = this.#byStream.get(record.stream);
    if (mapper === undefined) throw new Error('a record came of a stream that has no route');
    return mapper;
  }
}
