import type { Sandbox } from '../../src/sandbox/index.ts';

/** A config that leads to a sandbox, with both tokens; a member that is `undefined` is left out. */
export function configFor(
  sandbox: Pick<Sandbox, 'url'>,
  overrides: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    data_center: { region: 'custom', rest_url: sandbox.url, analytics_url: sandbox.url },
    rest_api_token: 'rest-token',
    analytics_api_token: 'analytics-token',
    requests_per_minute: 100_000,
    ...overrides,
  };
}

/** Only the REST token: upserts go by REST. */
export const BY_REST = { analytics_api_token: undefined };

export interface StreamOptions {
  readonly key?: string;
  readonly mode?: string;
  readonly namespace?: string;
  readonly columns?: readonly string[];
}

/** A configured stream as Airbyte sends it. */
export function configured(name: string, options: StreamOptions = {}): Record<string, unknown> {
  const { key = 'id', mode = 'append_dedup', namespace, columns = [] } = options;
  const properties = Object.fromEntries(columns.map((column) => [column, { type: 'string' }]));
  return {
    stream: { name, namespace: namespace ?? null, json_schema: { type: 'object', properties } },
    sync_mode: 'full_refresh',
    destination_sync_mode: mode,
    primary_key: [[key]],
  };
}

export function catalogOf(
  ...streams: readonly (string | Record<string, unknown>)[]
): Record<string, unknown> {
  return { streams: streams.map((one) => (typeof one === 'string' ? configured(one) : one)) };
}

export function record(stream: string, data: object, namespace?: string): Record<string, unknown> {
  return { type: 'RECORD', record: { stream, namespace, data, emitted_at: 1 } };
}

export function state(stream: string, cursor: number): Record<string, unknown> {
  return {
    type: 'STATE',
    state: { type: 'STREAM', stream: { stream_descriptor: { name: stream }, stream_state: { cursor } } },
  };
}
