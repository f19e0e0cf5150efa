import { CallCounter } from '../../vitally/http/call-counter.ts';
import { SendAborted } from '../../vitally/http/send-aborted.ts';
import type { JobEnd } from './lanes.ts';

/** The jobs that run now. */
export class UnderWay {
  readonly #jobs = new Set<Promise<JobEnd>>();
  /** Jobs that are on their way without any code that runs. */
  readonly posted = new CallCounter();

  track(work: Promise<JobEnd>): Promise<JobEnd> {
    // A request given up because the run stops leaves its rows unsettled; that is no error of its own.
    const tracked = work.catch((error: unknown): JobEnd => {
      if (error instanceof SendAborted) return 'settled';
      throw error;
    });
    this.#jobs.add(tracked);
    const forget = (): void => {
      this.#jobs.delete(tracked);
    };
    tracked.then(forget, forget);
    return tracked;
  }

  /** Resolves when those that run now have ended. */
  async idle(): Promise<void> {
    await Promise.allSettled([...this.#jobs, this.posted.idle()]);
  }
}
