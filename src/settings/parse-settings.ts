import { ConfigError, type Fault } from '../errors/config-error.ts';
import { isJsonObject } from '../json/guards.ts';
import type { Config } from './config.ts';
import { type ConfigSchema, compileConfigSchema } from './config-schema.ts';
import { parseCredentials } from './credentials.ts';
import { parseDataCenter } from './data-center.ts';
import { redactor } from './redact.ts';
import type { Report } from './report.ts';
import { faultOf } from './schema-faults.ts';
import type { Settings } from './settings.ts';
import { asksForS3, S3_REFUSED, STORAGE_PATH, storageSettings } from './storage.ts';
import { parseStreams, type StreamEntry } from './stream-settings.ts';

/**
 * Turns a config into settings: held against the schema, defaults filled in, tokens and addresses brought into
 * their one right form.
 *
 * @param config the parsed config file
 * @param spec the body of the SPEC message (`spec.json`), which holds the schema
 * @throws ConfigError with every fault at once; none quotes a value of the config
 */
export function parseSettings(config: unknown, spec: unknown): Settings {
  if (!isJsonObject(config)) {
    throw ConfigError.of([
      {
        path: '',
        message: 'the config must be a JSON object that begins like {"data_center": {"region": "us", …',
      },
    ]);
  }
  const schema = compileConfigSchema(spec);
  const { document, errors } = schema.judge(config);
  const refusesS3 = asksForS3(document.object_storage_config);
  // What else is wrong with a choice that is refused as a whole is not worth mending.
  const faults = errors.map(faultOf).filter(({ path }) => !(refusesS3 && path.startsWith(STORAGE_PATH)));
  const report: Report = (path, message) => faults.push({ path, message });

  const hosts = schema.isDataCenter(document.data_center)
    ? parseDataCenter(document.data_center, '/data_center', report)
    : undefined;
  const credentials = parseCredentials(document.rest_api_token, document.analytics_api_token, report);
  const streams = parseStreams(soundEntries(document.streams, schema), report);
  if (refusesS3) report(`${STORAGE_PATH}/storage_type`, S3_REFUSED);

  if (faults.length > 0 || hosts === undefined || !schema.isConfig(document)) {
    throw ConfigError.of(withoutSecrets(faults, credentials.secrets));
  }
  const { restAuthorization, analyticsAuthorization, secrets } = credentials;
  return { ...hosts, restAuthorization, analyticsAuthorization, secrets, streams, ...options(document) };
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

/** The entries that the schema finds nothing wrong with, each with its place. */
function soundEntries(streams: unknown, schema: ConfigSchema): readonly StreamEntry[] {
  if (!Array.isArray(streams)) return [];
  return streams.flatMap((config: unknown, index) =>
    schema.isStream(config) ? [{ path: `/streams/${index}`, config }] : [],
  );
}

/** A token may stand where an option's name belongs, and such names are shown. */
function withoutSecrets(faults: readonly Fault[], secrets: readonly string[]): readonly Fault[] {
  const redact = redactor(secrets);
  return faults.map(({ path, message }) => ({ path: redact(path), message: redact(message) }));
}
