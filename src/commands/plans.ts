import { type ParsedSettings, redacted } from '../config/parse-settings.ts';
import type { Settings } from '../config/settings.ts';
import { ConfigError, type Fault } from '../errors/config-error.ts';
import type { JsonValue } from '../json/json.ts';
import type { Route } from '../mapping/route.ts';
import { parseCatalog } from '../protocol/configured-catalog.ts';
import { resolveRoutesOrFaults } from '../routing/routes.ts';
import { faultsIn, readConfig } from './configuration.ts';
import type { Flags, Runtime } from './runtime.ts';

/** Everything settled about a run before its first record. */
export interface Plans {
  readonly settings: Settings;
  readonly routes: readonly Route[];
  readonly warnings: readonly string[];
  /** The sync's id as the catalog has it. */
  readonly syncId: string | undefined;
}

/**
 * Reads the config, and brings it together with the configured catalog. Throws one {@link ConfigError} with everything
 * that is wrong with either.
 */
export async function plansOf(
  flags: Flags,
  runtime: Runtime,
  given: Promise<JsonValue>,
  scope?: 'some',
): Promise<Plans> {
  const [parsed, catalog] = await bothRead(readConfig(flags, runtime), given);
  const { routes, warnings, syncId, faults } = resolveRoutesOrFaults(
    parsed.settings ?? parsed.routing,
    catalog,
    scope,
  );
  if (parsed.settings === undefined || faults.length > 0) {
    throw ConfigError.of(distinct([...parsed.faults, ...redacted(faults, parsed.redact)]));
  }
  return {
    settings: parsed.settings,
    routes,
    warnings: [...parsed.warnings, ...warnings],
    syncId,
  };
}

/** Reads config and catalog. Where one can't be read, the faults of the other are told too. */
async function bothRead(
  config: Promise<ParsedSettings>,
  catalog: Promise<JsonValue>,
): Promise<readonly [ParsedSettings, JsonValue]> {
  const [parsed, read] = await Promise.allSettled([config, catalog]);
  if (parsed.status === 'fulfilled' && read.status === 'fulfilled') return [parsed.value, read.value];
  const byItself = read.status === 'rejected' ? faultsIn(read.reason) : parseCatalog(read.value).faults;
  throw ConfigError.of([
    ...(parsed.status === 'rejected' ? faultsIn(parsed.reason) : parsed.value.faults),
    ...byItself,
  ]);
}

/** A fault that was found on both ways is told once: a token that is missing, say. */
function distinct(faults: readonly Fault[]): Fault[] {
  return [...new Map(faults.map((fault) => [`${fault.path} ${fault.message}`, fault])).values()];
}
