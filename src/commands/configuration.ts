import { resolve } from 'node:path';
import { ConfigError } from '../errors/config-error.ts';
import type { JsonValue } from '../json/json.ts';
import { parseSettings } from '../settings/parse-settings.ts';
import { readJsonFile } from '../settings/read-json-file.ts';
import type { Settings } from '../settings/settings.ts';
import { readSpec } from './project.ts';
import type { Flags, Runtime } from './runtime.ts';

/** A file that a flag names. Throws {@link ConfigError} when the flag is missing or the file is no JSON. */
export async function readFlagFile(
  flags: Flags,
  flag: 'config' | 'catalog',
  runtime: Runtime,
): Promise<JsonValue> {
  const path = flags[flag];
  if (path === undefined || path === '') {
    throw new ConfigError(`--${flag} is missing: name the ${flag} file, as in --${flag} ${flag}.json`);
  }
  return await readJsonFile(resolve(runtime.cwd, path), flag);
}

/** The settings of a config file. Throws {@link ConfigError} with every fault. */
export function settingsOf(config: JsonValue, runtime: Runtime): Settings {
  return placed(parseSettings(config, readSpec()), runtime);
}

/** Settings whose storage directory is taken from where the caller stands. */
export function placed(settings: Settings, runtime: Runtime): Settings {
  const { storage } = settings;
  if (storage.type !== 'Local') return settings;
  return { ...settings, storage: { ...storage, directory: resolve(runtime.cwd, storage.directory) } };
}
