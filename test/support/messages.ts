import type { Sandbox } from '../../src/sandbox/index.ts';
import type { Message } from './program.ts';
import { at } from './sandbox/client.ts';

/** A config for a sandbox with its default tokens, or for anything else that listens at a URL. */
export function configFor(server: { readonly url: string }, more: object = {}): object {
  return {
    data_center: { region: 'custom', rest_url: server.url, analytics_url: server.url },
    rest_api_token: 'rest-token',
    analytics_api_token: 'analytics-token',
    requests_per_minute: 100_000,
    ...more,
  };
}

/** A sandbox's options that leave the rate limit out of the way. */
export const UNLIMITED = { requestsPerMinute: 1_000_000 };

export interface StreamOptions {
  readonly namespace?: string | null;
  readonly mode?: string;
  readonly key?: string | null;
}

export function stream(name: string, options: StreamOptions = {}): object {
  const { mode = 'append_dedup', key = 'id' } = options;
  return {
    stream: {
      name,
      json_schema: {},
      ...('namespace' in options && { namespace: options.namespace }),
    },
    sync_mode: 'incremental',
    destination_sync_mode: mode,
    ...(key !== null && { primary_key: [[key]] }),
  };
}

export function catalogOf(...streams: readonly (string | object)[]): object {
  return { streams: streams.map((one) => (typeof one === 'string' ? stream(one) : one)) };
}

export function record(name: string, data: object, namespace?: string): string {
  const place = namespace === undefined ? {} : { namespace };
  return JSON.stringify({
    type: 'RECORD',
    record: { stream: name, ...place, emitted_at: 1_767_225_600_000, data },
  });
}

/** A STATE of one stream that holds a cursor. */
export function state(name: string, cursor: unknown): string {
  return JSON.stringify({
    type: 'STATE',
    state: { type: 'STREAM', stream: { stream_descriptor: { name }, stream_state: { cursor } } },
  });
}

export function globalState(cursor: unknown): string {
  const stream_states: unknown[] = [];
  return JSON.stringify({
    type: 'STATE',
    state: { type: 'GLOBAL', global: { shared_state: { cursor }, stream_states } },
  });
}

/** Stream and cursor of a STATE made by {@link state} or, with `undefined` for the stream, {@link globalState}. */
export function cursorOf(message: Message): {
  readonly stream: string | undefined;
  readonly cursor: unknown;
} {
  const name = at(message, 'state', 'stream', 'stream_descriptor', 'name');
  return typeof name === 'string'
    ? { stream: name, cursor: at(message, 'state', 'stream', 'stream_state', 'cursor') }
    : { stream: undefined, cursor: at(message, 'state', 'global', 'shared_state', 'cursor') };
}

/** The counts that a STATE acknowledges: records that count as loaded, and refused ones. */
export function statsOf(message: Message | undefined): readonly [unknown, unknown] {
  const stats = at(message, 'state', 'destinationStats');
  return [at(stats, 'recordCount'), at(stats, 'rejectedRecordCount')];
}

const OUTCOMES = [
  'created',
  'updated',
  'deleted',
  'accepted',
  'unchanged',
  'superseded',
  'skipped',
  'rejected',
] as const;

type Counts = Partial<Record<(typeof OUTCOMES)[number] | 'received' | 'unsettled', number>>;

/** What a summary says of a stream: every count that isn't zero. */
export function countsOf(summary: unknown, name: string): Counts {
  const streams = at(summary, 'streams');
  if (!Array.isArray(streams)) throw new Error('the summary has no streams');
  const found: unknown = streams.find((one: unknown) => at(one, 'stream') === name);
  const counts: Counts = {};
  for (const kind of ['received', ...OUTCOMES, 'unsettled'] as const) {
    const count = at(found, kind);
    if (typeof count === 'number' && count !== 0) counts[kind] = count;
  }
  return counts;
}

/** Records of a stream that the outcomes of a summary leave over: 0 in every run that came to its end. */
export function imbalance(summary: unknown, name: string): number {
  const { received = 0, ...others } = countsOf(summary, name);
  return received - Object.values(others).reduce((sum, count) => sum + count, 0);
}

/** Vitally's content after everything is applied. */
export async function contentOf(sandbox: Sandbox) {
  await sandbox.settle();
  return sandbox.snapshot();
}
