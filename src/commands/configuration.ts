import { resolve } from 'node:path';
import { type ParsedSettings, parseSettingsOrFaults } from '../config/parse-settings.ts';
import { type JsonFile, readJsonFile } from '../config/read-json-file.ts';
import type { Settings } from '../config/settings.ts';
import { tlsWarnings } from '../config/tls-variable.ts';
import { ConfigError, type Fault } from '../errors/config-error.ts';
import { repeatedNames } from '../json/repeated-names.ts';
import { readProxies } from '../vitally/http/way/proxy-variables.ts';
import { readSpec } from './project.ts';
import type { Flags, Runtime } from './runtime.ts';

/** The first few members that are there twice are told: a file with more of them was written by a program. */
const MAX_REPEATED = 10;

/** A file that a flag names. Throws {@link ConfigError} when the flag is missing or the file is no JSON. */
export async function readFlagFile(
  flags: Flags,
  flag: 'config' | 'catalog',
  runtime: Runtime,
): Promise<JsonFile> {
  const path = flags[flag];
  if (path === undefined || path === '') {
    throw new ConfigError(`--${flag} is missing: name the ${flag} file, as in --${flag} ${flag}.json`);
  }
  return await readJsonFile(resolve(runtime.cwd, path), flag);
}

/**
 * What the config file means, as far as it is sound, with the faults of the environment. Throws {@link ConfigError}
 * when the file is no JSON object.
 */
export async function readConfig(flags: Flags, runtime: Runtime): Promise<ParsedSettings> {
  const outside = proxyFaults(runtime.env);
  try {
    const parsed = await readConfigFile(flags, runtime);
    const warnings = [...parsed.warnings, ...tlsWarnings(runtime.env)];
    if (outside.length === 0) return { ...parsed, warnings };
    return { ...parsed, settings: undefined, faults: [...parsed.faults, ...outside], warnings };
  } catch (error) {
    if (outside.length === 0) throw error;
    throw ConfigError.of([...faultsIn(error), ...outside]);
  }
}

/** The faults that an error of config or catalog tells; any other error is thrown again. */
export function faultsIn(reason: unknown): readonly Fault[] {
  if (!(reason instanceof ConfigError)) throw reason;
  return reason.faults.length > 0 ? reason.faults : [{ path: '', message: reason.message }];
}

/** The faults of proxy variables, told together with those of the config before anything is read or sent. */
function proxyFaults(env: Runtime['env']): readonly Fault[] {
  try {
    readProxies(env);
    return [];
  } catch (error) {
    return faultsIn(error);
  }
}

async function readConfigFile(flags: Flags, runtime: Runtime): Promise<ParsedSettings> {
  const { text, value } = await readFlagFile(flags, 'config', runtime);
  const parsed = parseSettingsOrFaults(value, readSpec(), repeatedNames(text, MAX_REPEATED), runtime.env);
  const { settings } = parsed;
  return settings === undefined ? parsed : { ...parsed, settings: placed(settings, runtime) };
}

/** The settings and their warnings. Throws {@link ConfigError} with every fault. */
export async function readSettings(
  flags: Flags,
  runtime: Runtime,
): Promise<{ readonly settings: Settings; readonly warnings: readonly string[] }> {
  const { settings, faults, warnings } = await readConfig(flags, runtime);
  if (settings === undefined) throw ConfigError.of(faults);
  return { settings, warnings };
}

/** Settings whose storage directory is resolved from the caller's working directory. */
function placed(settings: Settings, runtime: Runtime): Settings {
  const { storage } = settings;
  if (storage.type !== 'Local') return settings;
  return { ...settings, storage: { ...storage, directory: resolve(runtime.cwd, storage.directory) } };
}
