import { ConfigError, type Fault } from '../errors/config-error.ts';
import { addFault, createFindings, type Findings } from '../errors/findings.ts';
import { isJsonObject, own } from '../json/guards.ts';
import { isSharedPlatform } from '../net/refused-address.ts';
import { checkEntries } from './check-entries.ts';
import { parseCredentials } from './connection/credentials.ts';
import { parseDataCenter } from './connection/data-center.ts';
import { headerValuesIn } from './connection/headers.ts';
import { type Redact, redactor, type Secret } from './connection/redact.ts';
import { type Environment, givenToken } from './environment-tokens.ts';
import { fieldMappings } from './field-mappings.ts';
import { type ConfigSchema, compileConfigSchema } from './schema/compile.ts';
import type { Config } from './schema/config.ts';
import { faultOf, repeatedFault } from './schema/faults.ts';
import type { RoutingSettings, Settings } from './settings.ts';
import { LACKS_STORAGE_FAULT, lacksStorage, parseStorage, storageSecrets } from './storage.ts';
import { type StreamEntry, streamEntry, type WriteVia } from './stream-options.ts';

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
  /** Takes the config's tokens out of what else is said about it: a user may have put one in the place of a name. */
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
 * @param env has tokens where the config has none, and says whether the platform is shared
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
  const isShared = isSharedPlatform(env);
  const findings = createFindings([...errors.map(faultOf), ...unknownNames, ...repeated.map(repeatedFault)]);
  const { sound, unsound } = entriesIn(document.streams, schema, findings);
  const hosts = schema.isDataCenter(document.data_center)
    ? parseDataCenter(document.data_center, '/data_center', findings, isShared)
    : undefined;
  const { secrets: tokenForms, ...tokens } = parseCredentials(
    givenToken(document, 'rest_api_token', env),
    givenToken(document, 'analytics_api_token', env),
    findings,
    // Vitally's two tokens always differ; those of a proxy or sandbox need not.
    { mayBeSame: hosts?.region === 'custom' },
  );
  checkEntries(sound, findings);
  const storage = schema.isStorage(document.object_storage_config)
    ? parseStorage(document.object_storage_config, findings, isShared)
    : undefined;
  if (lacksStorage(document)) addFault(findings, '/outcome_log', LACKS_STORAGE_FAULT);

  const { faults } = findings;
  const headerValues = headerValuesIn(document.data_center).map((whole) => ({ whole }));
  const secrets: readonly Secret[] = [
    ...tokenForms,
    ...headerValues,
    ...storageSecrets(document.object_storage_config),
  ];
  const redact = redactor(secrets);
  const common = { ...tokens, streams: sound, streamDefaults: schema.streamDefaults };
  const isSound =
    faults.length === 0 && hosts !== undefined && storage !== undefined && schema.isConfig(document);
  return {
    settings: isSound ? { ...hosts, ...common, storage, secrets, ...options(document) } : undefined,
    routing: { ...common, unsound, writeVia: writeViaOf(document.write_via) },
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
    outcomeLog: config.outcome_log,
    verifyAccepted: config.verify_accepted,
  };
}

function rejectedRecords(config: Config['rejected_records']): Settings['rejectedRecords'] {
  return config.policy === 'continue'
    ? { policy: config.policy, maxPercent: config.max_percent }
    : { policy: config.policy };
}

/** The entries of a config that nothing is wrong with in themselves. */
interface Entries {
  readonly sound: readonly StreamEntry[];
  /** Streams named by the other entries: what else is wrong with them can't be told yet. */
  readonly unsound: ReadonlySet<string>;
}

function entriesIn(streams: unknown, schema: ConfigSchema, findings: Findings): Entries {
  const sound: StreamEntry[] = [];
  const unsound = new Set<string>();
  for (const [index, written] of (Array.isArray(streams) ? streams : []).entries()) {
    const path = `/streams/${index}`;
    const hasFault = findings.faults.some((fault) => `${fault.path}/`.startsWith(`${path}/`));
    const entry = !hasFault && schema.isEntry(written) ? written : undefined;
    const fields = entry && fieldMappings(entry.fields, `${path}/fields`, findings);
    if (entry !== undefined && fields !== undefined) sound.push(streamEntry(entry, path, fields));
    else {
      const name = isJsonObject(written) ? own(written, 'stream') : undefined;
      if (typeof name === 'string') unsound.add(name);
    }
  }
  return { sound, unsound };
}

function writeViaOf(given: unknown): WriteVia | undefined {
  return given === 'auto' || given === 'rest' || given === 'analytics' ? given : undefined;
}

/** Faults without tokens: a user may have put one in the place of a name, and names are shown. */
export function redacted(faults: readonly Fault[], redact: Redact): readonly Fault[] {
  return faults.map(({ path, message }) => ({ path: redact(path), message: redact(message) }));
}
