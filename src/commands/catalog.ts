import { redacted } from '../config/parse-settings.ts';
import type { StreamEntry } from '../config/stream-options.ts';
import { ConfigError, type Fault } from '../errors/config-error.ts';
import { quotedList } from '../errors/quoted.ts';
import { isJsonObject, own } from '../json/guards.ts';
import type { JsonObject, JsonValue } from '../json/json.ts';
import { parseLossless } from '../json/parse.ts';
import { splitLines } from '../protocol/input/lines.ts';
import { textLog } from '../protocol/output/emit.ts';
import { lineWriter } from '../protocol/output/line-writer.ts';
import { WILDCARD } from '../routing/entries.ts';
import { NO_OBJECT } from '../routing/resolve-object.ts';
import { resolveRoutesOrFaults } from '../routing/routes.ts';
import { readConfig } from './configuration.ts';
import { failToStderr } from './failure.ts';
import { EXIT_CODES, type Flags, type Runtime } from './runtime.ts';

const NONE =
  'no stream has a route: give "streams" an entry for each stream that is to be written, or pipe the output of a source\'s discover into this command';

/**
 * Prints a configured catalog, as `write --catalog` takes it: of the CATALOG message of a source's discover on stdin, or
 * where nothing comes there of the entries of `streams`. Streams that are mapped to no object are left out. Contract 1.
 */
export async function catalog(flags: Flags, runtime: Runtime): Promise<number> {
  const shown = textLog((text) => text);
  try {
    const { settings, routing, faults, redact } = await readConfig(flags, runtime);
    const discovered = await discoveredStreams(runtime);
    const given = discovered ?? routing.streams.flatMap((entry) => streamOf(entry));
    const streams = given.map((stream) => configured(stream));
    const routed: JsonObject[] = [];
    const left: string[] = [];
    const found: Fault[] = [];
    for (const stream of streams) {
      const resolved = resolveRoutesOrFaults(settings ?? routing, { streams: [stream] }, 'some');
      if (resolved.faults.some(({ message }) => message.includes(NO_OBJECT))) left.push(nameIn(stream));
      else if (resolved.faults.length > 0) found.push(...redacted(resolved.faults, redact));
      else routed.push(stream);
    }
    if (faults.length > 0 || found.length > 0) throw ConfigError.of([...faults, ...found]);
    if (routed.length === 0) throw new ConfigError(NONE);
    await lineWriter(runtime.stdout)(JSON.stringify({ streams: routed }));
    if (left.length > 0)
      runtime.stderr.write(
        `${shown(`left out, since no entry of "streams" maps them to an object: ${quotedList(left)}`)}\n`,
      );
    return EXIT_CODES.succeeded;
  } catch (error) {
    failToStderr(error, runtime.stderr, shown);
    return EXIT_CODES.failed;
  }
}

/** The streams of the last CATALOG message, or of a bare catalog; `undefined` where nothing comes. */
async function discoveredStreams({ stdin }: Runtime): Promise<JsonObject[] | undefined> {
  if ('isTTY' in stdin && stdin.isTTY === true) return undefined;
  let text = '';
  let found: JsonValue | undefined;
  for await (const group of splitLines(stdin)) {
    for (const line of group) {
      if (typeof line !== 'string') continue;
      text += `${line}\n`;
      found = catalogIn(line) ?? found;
    }
  }
  if (text.trim() === '') return undefined;
  const streams = found ?? catalogIn(text);
  if (Array.isArray(streams)) return streams.filter(isJsonObject);
  throw new ConfigError(
    "stdin holds no catalog: pipe the output of a source's discover into this command, or give it nothing (< /dev/null)",
  );
}

function catalogIn(text: string): JsonValue | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  let value: JsonValue;
  try {
    value = parseLossless(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(value)) return undefined;
  const message = own(value, 'catalog');
  return own(isJsonObject(message) ? message : value, 'streams');
}

function streamOf(entry: StreamEntry | undefined): JsonObject[] {
  if (entry === undefined || entry.stream === WILDCARD) return [];
  const { stream, namespace, syncKey } = entry;
  return [
    {
      name: stream,
      ...(namespace !== undefined && { namespace }),
      json_schema: { type: 'object', properties: {} },
      supported_sync_modes: ['full_refresh'],
      ...(syncKey !== undefined && { source_defined_primary_key: syncKey.map((column) => [column]) }),
    },
  ];
}

/** A discovered stream with the modes in which it is read and written; one that is configured already stays so. */
function configured(given: JsonObject): JsonObject {
  if (isJsonObject(own(given, 'stream'))) return given;
  const modes = own(given, 'supported_sync_modes');
  const cursor = own(given, 'default_cursor_field');
  const hasCursor =
    own(given, 'source_defined_cursor') === true || (Array.isArray(cursor) && cursor.length > 0);
  const isIncremental = hasCursor && Array.isArray(modes) && modes.includes('incremental');
  const key = own(given, 'source_defined_primary_key');
  return {
    stream: given,
    sync_mode: isIncremental ? 'incremental' : 'full_refresh',
    ...(isIncremental && Array.isArray(cursor) && { cursor_field: cursor }),
    destination_sync_mode: 'append_dedup',
    ...(Array.isArray(key) && key.length > 0 && { primary_key: key }),
  };
}

function nameIn(stream: JsonObject): string {
  const inner = own(stream, 'stream');
  const name = isJsonObject(inner) ? own(inner, 'name') : undefined;
  return typeof name === 'string' ? name : '';
}
