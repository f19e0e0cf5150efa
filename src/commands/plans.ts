import { isJsonObject, own } from '../json/guards.ts';
import type { JsonValue } from '../json/json.ts';
import type { Route } from '../routing/route.ts';
import { settleRoutes } from '../routing/routes.ts';
import type { Settings } from '../settings/settings.ts';
import { readFlagFile, settingsOf } from './configuration.ts';
import type { Flags, Runtime } from './runtime.ts';

/** Everything settled about a run before its first record. */
export interface Plans {
  readonly settings: Settings;
  readonly routes: readonly Route[];
  readonly warnings: readonly string[];
  /** The sync's id as the catalog has it. */
  readonly syncId: string | undefined;
}

/** Reads config and catalog. Throws one {@link ConfigError} with everything that is wrong with either. */
export async function plansOf(flags: Flags, runtime: Runtime): Promise<Plans> {
  const config = await readFlagFile(flags, 'config', runtime);
  const catalog = await readFlagFile(flags, 'catalog', runtime);
  const settings = settingsOf(config, runtime);
  const { routes, warnings } = settleRoutes(settings, catalog);
  return { settings, routes, warnings, syncId: syncIdOf(catalog) };
}

function syncIdOf(catalog: JsonValue): string | undefined {
  const streams = isJsonObject(catalog) ? own(catalog, 'streams') : undefined;
  if (!Array.isArray(streams)) return undefined;
  const ids = streams.map((stream) => (isJsonObject(stream) ? own(stream, 'sync_id') : undefined));
  const id = ids.find((candidate) => typeof candidate === 'number' || typeof candidate === 'string');
  return id === undefined ? undefined : String(id);
}
