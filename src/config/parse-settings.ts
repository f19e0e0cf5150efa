import { ConfigError, type Fault } from '../errors/config-error.ts';
import { isJsonObject, own } from '../json/guards.ts';
import { parseCredentials } from './connection/credentials.ts';
import { parseDataCenter } from './connection/data-center.ts';
import { type Redact, redactor } from './connection/redact.ts';
import { type Environment, givenToken } from './environment-tokens.ts';
import type { Report } from './report.ts';
import { type ConfigSchema, compileConfigSchema } from './schema/compile.ts';
import type { Config, StreamConfig } from './schema/config.ts';
import { faultOf, repeatedFault } from './schema/faults.ts';
import type { RoutingSettings, Settings, StreamSettings } from './settings.ts';
import { asksForS3, S3_REFUSED, STORAGE_PATH, storageSettings } from './storage.ts';
import { parseStreams, type StreamEntry } from './stream-settings.ts';

/** What a config means, as far as it is sound. */
export interface ParsedSettings {
  /** `undefined` where there is any fault. */
  readonly settings: Settings | undefined;
  /** What routes are resolved by, so that their faults can be told together with the config's. */
  readonly routing: RoutingSettings;
  /** Each with its place in the config; none quotes a value of it. */
  readonly faults: readonly Fault[];
  /** What is ignored, each to be said once. */
  readonly warnings: readonly string[];
  /** Takes the config's tokens out of what else is said about it: one may stand where a name belongs. */
  readonly redact: Redact;
}

/**
 * Turns a config into settings: held against the schema, defaults filled in, tokens and addresses brought into
 * their one right form.
 *
 * @param config the parsed config file
 * @param spec the body of the SPEC message (`spec.json`), which holds the schema
 * @throws ConfigError with every fault at once; none quotes a value of the config
 */
export function parseSettings(config: unknown, spec: unknown): Settings {
  const { settings, faults } = parseSettingsOrFaults(config, spec);
  if (settings === undefined) throw ConfigError.of(faults);
  return settings;
}

/**
 * As {@link parseSettings}, with the faults as values, for a caller who has more of them to report.
 *
 * @param repeated pointers to members that the config's text has twice
 * @param env has tokens where the config has none
 * @throws ConfigError for a config that is no object: there is nothing more to be found in it
 */
export function parseSettingsOrFaults(
  config: unknown,
  spec: unknown,
  repeated: readonly string[] = [],
  env: Environment = {},
): ParsedSettings {
  if (!isJsonObject(config)) {
    throw ConfigError.of([
      {
        path: '',
        message: 'the config must be a JSON object that begins like {"data_center": {"region": "us", …',
      },
    ]);
  }
  const schema = compileConfigSchema(spec);
  const { document, errors, faults: unknownNames, warnings } = schema.judge(config);
  const refusesS3 = asksForS3(document.object_storage_config);
  const faults = [...errors.map(faultOf), ...unknownNames, ...repeated.map(repeatedFault)]
    // What else is wrong with a choice that is refused as a whole is not worth mending.
    .filter(({ path }) => !(refusesS3 && path.startsWith(STORAGE_PATH)));
  const soundness = soundnessOf(schema, faults);
  const report: Report = (path, message) => faults.push({ path, message });

  const hosts = schema.isDataCenter(document.data_center)
    ? parseDataCenter(document.data_center, '/data_center', report)
    : undefined;
  const credentials = parseCredentials(
    givenToken(document, 'rest_api_token', env),
    givenToken(document, 'analytics_api_token', env),
    report,
    // Vitally's two tokens always differ; those of a proxy or sandbox need not.
    { mayBeSame: hosts?.region === 'custom' },
  );
  const entries = soundEntries(document.streams, soundness);
  const streams = parseStreams(entries, report);
  if (refusesS3) report(`${STORAGE_PATH}/storage_type`, S3_REFUSED);

  const { restAuthorization, analyticsAuthorization, secrets } = credentials;
  const redact = redactor(secrets);
  const tokens = { restAuthorization, analyticsAuthorization };
  const sound = faults.length === 0 && hosts !== undefined && schema.isConfig(document);
  return {
    settings: sound ? { ...hosts, ...tokens, secrets, streams, ...options(document) } : undefined,
    routing: {
      ...tokens,
      streams: inPlace(document.streams, entries, streams),
      unsound: unsoundStreams(document.streams, soundness),
      writeVia: writeViaOf(document.write_via),
    },
    faults: redacted(faults, redact),
    warnings: redacted(warnings, redact).map(({ path, message }) => `${path} ${message}`.trim()),
    redact,
  };
}

function options(config: Config) {
  return {
    writeVia: config.write_via,
    skipUnchanged: config.skip_unchanged,
    requestsPerMinute: config.requests_per_minute,
    rejectedRecords: rejectedRecords(config.rejected_records),
    storage: storageSettings(config.object_storage_config),
  };
}

function rejectedRecords(config: Config['rejected_records']): Settings['rejectedRecords'] {
  return config.policy === 'continue'
    ? { policy: config.policy, maxPercent: config.max_percent }
    : { policy: config.policy };
}

/** Whether nothing is wrong with an entry in itself. */
type Soundness = (entry: unknown, path: string) => entry is StreamConfig;

function soundnessOf(schema: ConfigSchema, faults: readonly Fault[]): Soundness {
  const paths = faults.map(({ path }) => `${path}/`);
  return (entry, path): entry is StreamConfig =>
    schema.isStream(entry) && !paths.some((faulty) => faulty.startsWith(`${path}/`));
}

/** The entries that nothing is wrong with, each with its place. */
function soundEntries(streams: unknown, isSound: Soundness): readonly StreamEntry[] {
  if (!Array.isArray(streams)) return [];
  return streams.flatMap((config: unknown, index) => {
    const path = `/streams/${index}`;
    return isSound(config, path) ? [{ path, config }] : [];
  });
}

/** Each entry at its place in the config, `undefined` where it is wrong in itself. */
function inPlace(
  given: unknown,
  entries: readonly StreamEntry[],
  streams: readonly StreamSettings[],
): readonly (StreamSettings | undefined)[] {
  const byPath = new Map(entries.map(({ path }, index) => [path, streams[index]]));
  return Array.isArray(given) ? given.map((_, index) => byPath.get(`/streams/${index}`)) : [];
}

/** Streams named by entries that something is wrong with: what else is wrong with them can't be told yet. */
function unsoundStreams(streams: unknown, isSound: Soundness): ReadonlySet<string> {
  if (!Array.isArray(streams)) return new Set();
  const unsound = streams.filter((config: unknown, index) => !isSound(config, `/streams/${index}`));
  const names = unsound.map((config: unknown) => (isJsonObject(config) ? own(config, 'stream') : undefined));
  return new Set(names.filter((name) => typeof name === 'string'));
}

function writeViaOf(given: unknown): Settings['writeVia'] {
  return given === 'rest' || given === 'analytics' ? given : 'auto';
}

/** Faults without tokens: one may stand where a name belongs, and names are shown. */
export function redacted(faults: readonly Fault[], redact: Redact): readonly Fault[] {
  return faults.map(({ path, message }) => ({ path: redact(path), message: redact(message) }));
}
