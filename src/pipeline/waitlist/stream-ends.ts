import type { Ledger } from '../../checkpoint/ledger.ts';
import type { Route } from '../../mapping/route.ts';
import { type StatusMessage, type StreamDescriptor, streamId } from '../../protocol/messages.ts';

/** Statuses after which a stream sends no more rows (Airbyte protocol, `AirbyteStreamStatus`). */
const ENDS: ReadonlySet<string> = new Set(['COMPLETE', 'INCOMPLETE']);

/**
 * Which objects this run creates no more of: every stream that could has said that it is complete, and its rows have
 * their outcomes. Every method is one synchronous step.
 */
export class StreamEnds {
  readonly #ledger: Ledger;
  /** By object: its streams that have not ended. */
  readonly #open = new Map<string, Map<string, StreamDescriptor>>();
  readonly #ended = new Set<string>();

  constructor(routes: readonly Route[], ledger: Ledger) {
    this.#ledger = ledger;
    for (const { mode, object, stream, namespace } of routes) {
      if (mode !== 'upsert' && mode !== 'append') continue;
      const descriptor = { name: stream, namespace };
      const open = this.#open.get(object.name) ?? new Map<string, StreamDescriptor>();
      this.#open.set(object.name, open.set(streamId(descriptor), descriptor));
    }
  }

  status({ stream, status }: StatusMessage): void {
    if (ENDS.has(status)) this.#ended.add(streamId(stream));
  }

  /** The objects that have ended since the last call. */
  takeEnded(): string[] {
    if (this.#ended.size === 0) return [];
    const taken: string[] = [];
    for (const [object, streams] of this.#open) {
      const goesOn = [...streams].some(
        ([id, stream]) => !this.#ended.has(id) || this.#ledger.unsettled(stream) > 0,
      );
      if (goesOn) continue;
      this.#open.delete(object);
      taken.push(object);
    }
    return taken;
  }
}
