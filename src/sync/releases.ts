import type { StateMessage } from '../protocol/messages.ts';
import type { Ledger } from './ledger.ts';
import type { Rejections } from './rejections.ts';

export interface ReleasesOptions {
  readonly ledger: Ledger;
  readonly rejections: Rejections;
  /** Emits a STATE that is safe now. */
  readonly acknowledge: (
    raw: string,
    counts: { readonly recordCount: number; readonly rejectedRecordCount: number },
  ) => Promise<void>;
  /** A STATE is out. */
  readonly onReleased: (state: StateMessage) => void;
  readonly onCrash: (error: unknown) => void;
}

/** Emits the STATEs that became safe, in order; the rejected records that they cover are on disk first. */
export class Releases {
  readonly #options: ReleasesOptions;
  #running: Promise<void> | undefined;

  constructor(options: ReleasesOptions) {
    this.#options = options;
  }

  /** Called when the ledger has something to give. */
  begin(): void {
    this.#running ??= this.#releaseAll()
      .catch(this.#options.onCrash)
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** Resolves when nothing is being emitted. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #releaseAll(): Promise<void> {
    for (;;) {
      const releases = this.#options.ledger.takeReleasable();
      if (releases.length === 0) return;
      await this.#options.rejections.flush();
      for (const release of releases) {
        await this.#options.acknowledge(release.state.raw, release);
        this.#options.onReleased(release.state);
      }
    }
  }
}
