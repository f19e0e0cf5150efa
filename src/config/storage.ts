import { isJsonObject, own } from '../json/guards.ts';
import type { Config } from './schema/config.ts';
import type { Settings } from './settings.ts';

/** The object of a config that has `storage_type`. */
export const STORAGE_PATH = '/object_storage_config';

/** Whether a config, sound or not, asks for S3. */
export function asksForS3(storage: unknown): boolean {
  return isJsonObject(storage) && own(storage, 'storage_type') === 'S3';
}

export const S3_FAULT =
  'this version keeps rejected records in a local directory only: ' +
  'write {"storage_type": "Local", "directory": "/local/rejected"}, or {"storage_type": "None"}';

/** Whether a config, sound or not, asks for an outcome log and for no storage to keep it in. */
export function lacksStorage(config: Readonly<Record<string, unknown>>): boolean {
  const { outcome_log: log, object_storage_config: storage } = config;
  if (log !== 'changed' && log !== 'all') return false;
  return isJsonObject(storage) && own(storage, 'storage_type') === 'None';
}

export const LACKS_STORAGE_FAULT =
  'needs a storage to be kept in: set object_storage_config, such as {"storage_type": "Local", "directory": "/local/rejected"}, ' +
  'or write "none"';

/** @throws TypeError for S3, which is a fault before: {@link asksForS3}. */
export function storageSettings(config: Config['object_storage_config']): Settings['storage'] {
  switch (config.storage_type) {
    case 'None':
      return { type: 'None' };
    case 'Local':
      return { type: 'Local', directory: config.directory };
    case 'S3':
      throw new TypeError('S3 is a fault before this');
  }
}
