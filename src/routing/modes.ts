import type { Mode, StreamEntry } from '../config/stream-options.ts';
import { addFault, type Findings } from '../errors/findings.ts';
import type { VitallyObject } from '../objects/object.ts';
import { type ConfiguredStream, titleOf } from '../protocol/configured-catalog.ts';
import { exampleEntry } from './entries.ts';

/** The mode of a mapped stream, as Airbyte's data activation means it. Contract 3, rule 1. */
const MAPPED_MODES = {
  append: 'append',
  append_dedup: 'upsert',
  update: 'update',
  soft_delete: 'delete',
  // A row of it ends the run before a mode is needed.
  overwrite: undefined,
} as const satisfies Record<ConfiguredStream['syncMode'], Mode | undefined>;

/** The mode of a plain stream: plain connections offer nothing but the first three. Contract 3, rule 3. */
const PLAIN_MODES = {
  append: 'upsert',
  append_dedup: 'upsert',
  overwrite: 'upsert',
  update: 'update',
  soft_delete: 'delete',
} as const satisfies Record<ConfiguredStream['syncMode'], Mode>;

/** The mode of a plain stream that has no entry to say it. */
function modeByCatalog(stream: ConfiguredStream, object: VitallyObject): Mode {
  const [only] = object.modes;
  if (object.modes.length === 1 && only !== undefined) return only;
  const mode = PLAIN_MODES[stream.syncMode];
  // What has nothing to change beside its key, a user's account, is only ever added.
  return mode === 'upsert' && !object.modes.includes('upsert') ? 'append' : mode;
}

/** What to do with a stream's rows; `undefined` after a fault. `overwritten` gathers streams to warn of. */
export function resolveMode(
  stream: ConfiguredStream,
  object: VitallyObject,
  entry: StreamEntry | undefined,
  findings: Findings,
  overwritten: ConfiguredStream[],
): Mode | undefined {
  const title = titleOf(stream);
  const asked = entry?.mode;
  const resolved = stream.destinationObject === undefined ? undefined : MAPPED_MODES[stream.syncMode];
  const catalogPath = `${stream.path}/destination_sync_mode`;

  if (resolved !== undefined && asked !== undefined && asked !== resolved) {
    const message = `${title} is mapped in the connection, whose sync mode means ${resolved}; leave "mode" out or change the connection`;
    addFault(findings, `${entry?.path ?? ''}/mode`, message);
    return undefined;
  }
  if (object.byPath === true && resolved === undefined && asked === undefined) {
    const path = entry === undefined ? '/streams' : `${entry.path}/mode`;
    const remedy = entry === undefined ? `add ${exampleEntry(stream, object.name)}` : 'give it';
    const message = `${title}: ${object.plural} have no usual mode: append sends POST, update PUT, delete DELETE; ${remedy}`;
    addFault(findings, path, message);
    return undefined;
  }
  const mode = resolved ?? asked ?? modeByCatalog(stream, object);
  if (!object.modes.includes(mode)) {
    const path = resolved === undefined ? `${entry?.path ?? ''}/mode` : catalogPath;
    const message = `${title}: ${object.plural} take the mode ${object.modes.join(', ')}, not ${mode}`;
    addFault(findings, path, message);
    return undefined;
  }
  if (asked === undefined && stream.syncMode === 'overwrite') overwritten.push(stream);
  return mode;
}
