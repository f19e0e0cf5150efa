/** Only the REST token: upserts go by REST. */
export const BY_REST = { analytics_api_token: undefined };

/** A config for a sandbox with its default tokens, or for anything else that listens at a URL. */
export function configFor(server: { readonly url: string }, more: object = {}): Record<string, unknown> {
  return {
    data_center: { region: 'custom', rest_url: server.url, analytics_url: server.url },
    rest_api_token: 'rest-token',
    analytics_api_token: 'analytics-token',
    requests_per_minute: 100_000,
    ...more,
  };
}

export interface StreamOptions {
  readonly namespace?: string | null;
  readonly mode?: string;
  /** `null`: the catalog names no primary key. */
  readonly key?: string | null;
  readonly columns?: readonly string[];
}

/** A stream of a configured catalog. */
export function configured(name: string, options: StreamOptions = {}): Record<string, unknown> {
  const { namespace, mode = 'append_dedup', key = 'id', columns = [] } = options;
  const properties = Object.fromEntries(columns.map((column) => [column, { type: 'string' }]));
  return {
    stream: {
      name,
      ...(namespace !== undefined && { namespace }),
      json_schema: { type: 'object', properties },
    },
    sync_mode: 'full_refresh',
    destination_sync_mode: mode,
    ...(key !== null && { primary_key: [[key]] }),
  };
}

export function catalogOf(...streams: readonly (string | object)[]): { readonly streams: object[] } {
  return { streams: streams.map((one) => (typeof one === 'string' ? configured(one) : one)) };
}

export function record(stream: string, data: object, namespace?: string): string {
  const place = namespace === undefined ? {} : { namespace };
  return JSON.stringify({
    type: 'RECORD',
    record: { stream, ...place, data, emitted_at: 1_767_225_600_000 },
  });
}

/** A STATE of one stream that holds a cursor. */
export function state(name: string, cursor: unknown, namespace?: string): string {
  const stream_descriptor = { name, namespace };
  return JSON.stringify({
    type: 'STATE',
    state: { type: 'STREAM', stream: { stream_descriptor, stream_state: { cursor } } },
  });
}

export function globalState(cursor: unknown): string {
  const stream_states: unknown[] = [];
  return JSON.stringify({
    type: 'STATE',
    state: { type: 'GLOBAL', global: { shared_state: { cursor }, stream_states } },
  });
}

/** The source's word on how it has read a stream. */
export function streamStatus(name: string, status = 'COMPLETE', namespace?: string): string {
  const stream_status = { stream_descriptor: { name, namespace }, status };
  return JSON.stringify({ type: 'TRACE', trace: { type: 'STREAM_STATUS', emitted_at: 1, stream_status } });
}
