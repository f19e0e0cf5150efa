import type { Fault } from '../errors/config-error.ts';
import { addFault, createFindings, type Findings } from '../errors/findings.ts';
import { quoted } from '../errors/quoted.ts';

const SYNC_MODES = ['append', 'append_dedup', 'overwrite', 'update', 'soft_delete'] as const;

/** Airbyte protocol, `DestinationSyncMode`. */
export type DestinationSyncMode = (typeof SYNC_MODES)[number];

/** A stream of the configured catalog, checked. */
export interface ConfiguredStream {
  readonly name: string;
  /** `undefined` where the catalog has none, null or "". */
  readonly namespace: string | undefined;
  /** Its place, for faults: `catalog/streams/0`. */
  readonly path: string;
  readonly syncMode: DestinationSyncMode;
  /** Columns of the primary key; empty where the catalog has none, or one that can't be used. */
  readonly primaryKey: readonly string[];
  /** Its primary key is nested or no list of columns: a fault where a key is needed and nothing else says it. */
  readonly hasUnusableKey: boolean;
  /** Columns of the key that the source itself knows: a hint for the reader of a fault, never used as a key. */
  readonly sourceKey: readonly string[];
  /** The object of a mapped stream (Airbyte's data activation); `undefined` on plain streams. */
  readonly destinationObject: string | undefined;
  /** Columns that `json_schema` lists; `undefined` where it lists none. */
  readonly columns: ReadonlySet<string> | undefined;
  /** Its `json_schema` rules out columns that it doesn't list. */
  readonly isClosed: boolean;
  /** The id of the sync as text, where the catalog has one: a number in Airbyte's. */
  readonly syncId: string | undefined;
}

export interface ParsedCatalog {
  /** The streams that have no fault. */
  readonly streams: readonly ConfiguredStream[];
  /** Paths begin with `catalog`, to tell them from paths of the config. */
  readonly faults: readonly Fault[];
}

/**
 * Reads a configured catalog (Airbyte protocol, `ConfiguredAirbyteCatalog`). Tools null-fill optional fields: null is
 * the same as absent. An empty list of streams is legal.
 */
export function parseCatalog(json: unknown): ParsedCatalog {
  const findings = createFindings();
  if (!isObject(json)) {
    addFault(findings, 'catalog', 'the catalog must be a JSON object with a list "streams"');
    return { streams: [], faults: findings.faults };
  }
  const items = json.streams;
  if (!Array.isArray(items)) {
    addFault(findings, 'catalog/streams', '"streams" must be a list of configured streams (it may be empty)');
    return { streams: [], faults: findings.faults };
  }
  const streams: ConfiguredStream[] = [];
  const seen = new Map<string, string>();
  for (const [index, item] of items.entries()) {
    const stream = parseStream(item, `catalog/streams/${index}`, findings);
    if (stream === undefined) continue;
    const identity = JSON.stringify([stream.namespace ?? '', stream.name]);
    const first = seen.get(identity);
    if (first === undefined) {
      seen.set(identity, stream.path);
      streams.push(stream);
    } else {
      addFault(findings, stream.path, `${titleOf(stream)} is configured twice: here and at ${first}`);
    }
  }
  return { streams, faults: findings.faults };
}

/** A stream in a message: `stream "a"` or `stream "a" of namespace "b"`. */
export function titleOf(stream: { readonly name: string; readonly namespace: string | undefined }): string {
  const namespace = stream.namespace === undefined ? '' : ` of namespace ${quoted(stream.namespace)}`;
  return `stream ${quoted(stream.name)}${namespace}`;
}

function parseStream(item: unknown, path: string, findings: Findings): ConfiguredStream | undefined {
  if (!isObject(item)) {
    addFault(findings, path, 'a configured stream must be a JSON object');
    return undefined;
  }
  const stream = item.stream;
  if (!isObject(stream)) {
    addFault(findings, `${path}/stream`, 'a configured stream needs an object "stream" with its name');
    return undefined;
  }
  const name = textOf(stream.name);
  if (name === undefined) {
    addFault(findings, `${path}/stream/name`, 'a stream needs a name: a text that is not empty');
    return undefined;
  }
  const namespace = textOf(stream.namespace);
  const title = titleOf({ name, namespace });
  const faultsBefore = findings.faults.length;

  const syncMode = SYNC_MODES.find((mode) => mode === item.destination_sync_mode);
  if (syncMode === undefined) {
    const message = `the destination sync mode of ${title} is unknown; it must be one of ${SYNC_MODES.join(', ')}`;
    addFault(findings, `${path}/destination_sync_mode`, message);
  }
  const primaryKey = columnPaths(item.primary_key);
  const destinationObject = optionalText(item.destination_object_name);
  if (destinationObject === undefined) {
    const message = `the destination object of ${title} must be a text`;
    addFault(findings, `${path}/destination_object_name`, message);
  }
  if (item.include_files === true) {
    const message = `${title} carries files, which Vitally cannot take; turn files off for this stream`;
    addFault(findings, `${path}/include_files`, message);
  }
  if (syncMode === undefined || findings.faults.length > faultsBefore) return undefined;
  return {
    name,
    namespace,
    path,
    syncMode,
    primaryKey: primaryKey ?? [],
    hasUnusableKey: primaryKey === undefined,
    sourceKey: columnPaths(stream.source_defined_primary_key) ?? [],
    destinationObject: textOf(destinationObject),
    columns: columnsOf(stream.json_schema),
    isClosed: isObject(stream.json_schema) && stream.json_schema.additionalProperties === false,
    syncId: numberOrText(item.sync_id),
  };
}

/** `[["a"],["b"]]` as `["a","b"]`; null and absent as none; `undefined` when a path is nested or no list of names. */
function columnPaths(value: unknown): string[] | undefined {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) return undefined;
  const columns: string[] = [];
  for (const path of value) {
    if (!Array.isArray(path) || path.length > 1) return undefined;
    const [column]: unknown[] = path;
    if (column === undefined) continue;
    if (typeof column !== 'string') return undefined;
    columns.push(column);
  }
  return columns;
}

function columnsOf(schema: unknown): ReadonlySet<string> | undefined {
  if (!isObject(schema) || !isObject(schema.properties)) return undefined;
  const columns = Object.keys(schema.properties);
  return columns.length === 0 ? undefined : new Set(columns);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** "" for null and absent, `undefined` for what is no text. */
function optionalText(value: unknown): string | undefined {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : undefined;
}

function numberOrText(value: unknown): string | undefined {
  return typeof value === 'number' ? String(value) : textOf(value);
}
