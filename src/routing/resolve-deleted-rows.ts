import type { RoutingSettings } from '../config/settings.ts';
import type { StreamEntry } from '../config/stream-options.ts';
import { addFault, type Findings } from '../errors/findings.ts';
import { keySource } from '../mapping/key-source.ts';
import type { Route } from '../mapping/route.ts';
import { type ConfiguredStream, titleOf } from '../protocol/configured-catalog.ts';

const TOKEN_OF = { rest: 'rest_api_token', analytics: 'analytics_api_token' } as const;

/**
 * What becomes of rows that change data capture marks as deleted. Contract 3. To delete them the object must
 * have a mode delete, and the API that deletes needs its token, even if the other API writes the other rows.
 */
export function resolveDeletedRows(
  stream: ConfiguredStream,
  { object, mode, keyColumns, deletedRows }: Pick<Route, 'object' | 'mode' | 'keyColumns' | 'deletedRows'>,
  entry: StreamEntry | undefined,
  settings: Pick<RoutingSettings, 'restAuthorization' | 'analyticsAuthorization'>,
  findings: Findings,
): Route['deletedRows'] {
  // In mode delete every row deletes, marked or not.
  if (deletedRows !== 'delete' || mode === 'delete') return 'skip';
  const path = `${entry?.path ?? ''}/deleted_rows`;
  const title = titleOf(stream);
  if (object.byPath === true) {
    const message = `${title}: a row is sent as its stream says, marked or not; leave "deleted_rows" out, and write the deletes in a stream of mode delete`;
    addFault(findings, path, message);
    return 'delete';
  }
  if (!object.modes.includes('delete')) {
    const message = `${title}: ${object.plural} cannot be deleted in Vitally; leave "deleted_rows" out, and rows that are marked as deleted are skipped`;
    addFault(findings, path, message);
    return 'delete';
  }
  if (keySource({ object, mode, keyColumns }) === 'content') {
    const message = `${title}: rows whose key is derived from their content cannot be deleted by it; name the column that identifies a row in "sync_key", or leave "deleted_rows" out`;
    addFault(findings, path, message);
    return 'delete';
  }
  const [transport = 'rest'] = object.transports?.delete ?? ['rest'];
  const token = transport === 'rest' ? settings.restAuthorization : settings.analyticsAuthorization;
  if (token === undefined) {
    const message = `${title}: deleting the rows that are marked as deleted needs "${TOKEN_OF[transport]}"; give it, or leave "deleted_rows" out`;
    addFault(findings, path, message);
  }
  return 'delete';
}

/** A limit that is a share needs an object whose records can be counted. */
export function resolveDeleteLimit(
  stream: ConfiguredStream,
  { object, mode, deleteLimit, deletedRows }: Pick<Route, 'object' | 'mode' | 'deleteLimit' | 'deletedRows'>,
  entry: StreamEntry | undefined,
  findings: Findings,
): void {
  const deletes = mode === 'delete' || deletedRows === 'delete';
  const isCountable = object.rest !== undefined && object.byPath !== true;
  if (!(deletes || object.byPath === true) || !('percent' in deleteLimit) || isCountable) return;
  const message = `${titleOf(stream)}: Vitally lists no ${object.plural}, so that a share of them is not known; give the limit as a count: {"count": 1000}`;
  addFault(findings, `${entry?.path ?? ''}/delete_limit`, message);
}
