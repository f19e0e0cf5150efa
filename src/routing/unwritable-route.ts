import type { RoutingSettings } from '../config/settings.ts';
import { rowOptions } from '../config/stream-options.ts';
import { ConfigError } from '../errors/config-error.ts';
import { addWarning, type Findings } from '../errors/findings.ts';
import type { Route } from '../mapping/route.ts';
import { type ConfiguredStream, titleOf } from '../protocol/configured-catalog.ts';
import { usualMatch } from './key-columns.ts';
import type { ResolvedObject } from './resolve-object.ts';

/**
 * The route of a mapped stream that would overwrite. A Clear sets every stream to overwrite and sends no rows: only
 * its first row is a fault, and its key and columns are not checked. Contract 3, rule 1.
 */
export function unwritableRoute(
  stream: ConfiguredStream,
  resolved: ResolvedObject,
  settings: RoutingSettings,
  findings: Findings,
): Route {
  const title = titleOf(stream);
  const remedy = 'choose append, append_dedup, update or soft_delete in the connection';
  const why = `${title} cannot overwrite, since Vitally's records cannot be replaced as a whole`;
  addWarning(findings, `${why}: without rows nothing happens, and its first row ends the run; ${remedy}`);
  const { object } = resolved;
  const [mode = 'append'] = object.modes;
  const byRest = object.rest !== undefined && settings.restAuthorization !== undefined;
  return {
    stream: stream.name,
    namespace: stream.namespace,
    ...rowOptions(settings.streamDefaults),
    otherColumns: settings.streamDefaults.otherColumns,
    ...resolved,
    mode,
    matchOn: usualMatch(object),
    keyColumns: [],
    transport: byRest ? 'rest' : 'analytics',
    mapped: true,
    unknownKey: 'reject',
    unwritable: { path: `${stream.path}/destination_sync_mode`, message: `${why}; ${remedy}` },
  };
}

/** @throws ConfigError for a route whose rows can't be written */
export function assertWritable({ unwritable }: Route): void {
  if (unwritable !== undefined) throw ConfigError.of([unwritable]);
}
