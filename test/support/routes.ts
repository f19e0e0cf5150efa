import { expect } from 'vitest';
import { compileConfigSchema } from '../../src/config/schema/compile.ts';
import type { Settings } from '../../src/config/settings.ts';
import { rowOptions, type StreamEntry } from '../../src/config/stream-options.ts';
import { ConfigError } from '../../src/errors/config-error.ts';
import { RecordError, type RejectionCode } from '../../src/errors/record-error.ts';
import type { Route } from '../../src/mapping/route.ts';
import { objectByName } from '../../src/objects/index.ts';
import type { ObjectName } from '../../src/objects/object.ts';
import { spec } from './spec.ts';

const { streamDefaults } = compileConfigSchema(spec);

export const NOTHING_NULLED: ReadonlySet<string> = new Set();

/** Settings with both tokens and no entries. */
export function settingsOf(overrides: Partial<Settings> = {}): Settings {
  return {
    region: 'us',
    restUrl: 'https://acme.rest.vitally.io',
    analyticsUrl: 'https://acme.api.vitally.io',
    headers: {},
    restAuthorization: 'Basic cmVzdDo=',
    analyticsAuthorization: 'Basic analytics',
    streamDefaults,
    writeVia: 'auto',
    skipUnchanged: true,
    requestsPerMinute: 1_000,
    rejectedRecords: { policy: 'fail_at_end' },
    storage: { type: 'None' },
    outcomeLog: 'none',
    verifyAccepted: 'sample',
    secrets: [],
    ...overrides,
    streams: (overrides.streams ?? []).map((entry, index) => ({ ...entry, path: `/streams/${index}` })),
  };
}

/** An entry of the config; `settingsOf` gives it its place. */
export function entryOf(
  overrides: Partial<StreamEntry> & Pick<StreamEntry, 'stream' | 'object'>,
): StreamEntry {
  return { ...streamDefaults, path: '/streams/0', ...overrides };
}

export interface CatalogStream {
  readonly name: string;
  readonly namespace?: string | null;
  readonly columns?: readonly string[];
  readonly key?: unknown;
  readonly sourceKey?: unknown;
  readonly syncMode?: unknown;
  readonly object?: unknown;
  readonly files?: unknown;
  /** Its schema rules out columns that it doesn't list. */
  readonly closed?: boolean;
}

/** A configured stream as Airbyte sends it, optional fields filled with null. */
export function streamOf(stream: CatalogStream): Record<string, unknown> {
  const properties = Object.fromEntries((stream.columns ?? []).map((column) => [column, { type: 'string' }]));
  return {
    stream: {
      name: stream.name,
      namespace: stream.namespace ?? null,
      json_schema: {
        type: 'object',
        properties,
        ...(stream.closed === true && { additionalProperties: false }),
      },
      source_defined_primary_key: stream.sourceKey ?? null,
    },
    sync_mode: 'full_refresh',
    cursor_field: null,
    destination_sync_mode: stream.syncMode ?? 'append_dedup',
    primary_key: stream.key ?? null,
    destination_object_name: stream.object ?? null,
    generation_id: null,
    minimum_generation_id: null,
    sync_id: null,
    include_files: stream.files ?? null,
  };
}

export function catalogOf(...streams: readonly CatalogStream[]): unknown {
  return { streams: streams.map(streamOf) };
}

/** A route of its own, to map rows with. */
export function routeOf(object: ObjectName, overrides: Partial<Route> = {}): Route {
  return {
    stream: 'rows',
    namespace: undefined,
    object: objectByName(object),
    mode: object === 'event' ? 'append' : 'upsert',
    matchOn: 'externalId',
    keyColumns: object === 'event' ? [] : ['externalId'],
    transport: object === 'event' ? 'analytics' : 'rest',
    mapped: false,
    ...rowOptions(streamDefaults),
    otherColumns: streamDefaults.otherColumns,
    unknownKey: 'skip',
    ...overrides,
  };
}

/** The RecordError that `act` throws; anything else fails the test. */
export function rejectionOf(act: () => unknown): RecordError {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(RecordError);
    if (error instanceof RecordError) return error;
  }
  throw new Error('nothing was rejected');
}

export function expectRejection(act: () => unknown, code: RejectionCode, marker?: string): RecordError {
  const error = rejectionOf(act);
  expect(error.code).toBe(code);
  expect(error.fix).not.toBe('');
  if (marker !== undefined) expect(`${error.message} ${error.fix}`).not.toContain(marker);
  return error;
}

export function configErrorOf(act: () => unknown): ConfigError {
  try {
    act();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('no ConfigError was thrown');
}
