import type { StreamEntry } from '../../config/stream-options.ts';
import { addFault, addWarning, type Findings } from '../../errors/findings.ts';
import { quoted } from '../../errors/quoted.ts';
import { objectNamed, objectOfStream } from '../../objects/index.ts';
import { type ConfiguredStream, titleOf } from '../../protocol/configured-catalog.ts';
import { WILDCARD } from '../entries.ts';

/** As many are named in a warning. */
const MAX_NAMED = 10;

/**
 * Reports entries that decide no stream. One that was surely meant for a stream of the catalog is a fault: without it
 * the stream would be written otherwise than its author said. The others are told once: one destination may serve
 * several connections.
 *
 * @param withoutEntry streams that no entry decides, not even `*`
 * @param scope `some`: the catalog lacks streams that other runs have, so only slips are told
 * @returns those of them that an unused entry was meant for
 */
export function reportUnused(
  entries: readonly StreamEntry[],
  used: ReadonlySet<StreamEntry>,
  withoutEntry: readonly ConfiguredStream[],
  findings: Findings,
  scope: 'all' | 'some',
): ReadonlySet<ConfiguredStream> {
  const missed = new Set<ConfiguredStream>();
  const unused = entries.filter((entry) => entry.stream !== WILDCARD && !used.has(entry));
  const others = unused.filter((entry) => {
    const meant = withoutEntry.filter(
      (stream) => isSlip(entry, stream) || (scope === 'all' && isRival(entry, stream)),
    );
    for (const stream of meant) {
      missed.add(stream);
      reportMissed(entry, stream, findings);
    }
    return meant.length === 0;
  });
  if (others.length > 0 && scope === 'all') warnOf(others, findings);
  return missed;
}

/** The stream has the entry's name, in another case or namespace. */
function isSlip(entry: StreamEntry, stream: ConfiguredStream): boolean {
  return entry.stream.toLowerCase() === stream.name.toLowerCase();
}

/** The stream would go by its name alone to the object that the entry means. */
function isRival(entry: StreamEntry, stream: ConfiguredStream): boolean {
  const object = stream.destinationObject === undefined ? objectOfStream(stream.name) : undefined;
  return object !== undefined && object === objectNamed(entry.object.split(':', 1)[0] ?? '');
}

function reportMissed(entry: StreamEntry, stream: ConfiguredStream, findings: Findings): void {
  const title = titleOf(stream);
  if (!isSlip(entry, stream)) {
    const message = `the catalog has no stream of this name, and its ${title}, which has no entry, would be written to the same object by its name alone; write "stream": ${quoted(stream.name)} here, or give it an entry of its own`;
    addFault(findings, `${entry.path}/stream`, message);
  } else if (entry.stream === stream.name) {
    const remedy =
      stream.namespace === undefined
        ? 'leave "namespace" out'
        : `write "namespace": ${quoted(stream.namespace)}, or leave it out`;
    addFault(
      findings,
      `${entry.path}/namespace`,
      `the catalog has ${title}, which this entry misses; ${remedy}`,
    );
  } else {
    const message = `the catalog has ${title}, which this entry misses; write "stream": ${quoted(stream.name)}`;
    addFault(findings, `${entry.path}/stream`, message);
  }
}

function warnOf(unused: readonly StreamEntry[], findings: Findings): void {
  const named = unused.slice(0, MAX_NAMED).map(({ path, stream, namespace }) => {
    const title = titleOf({ name: stream, namespace });
    return `${path} (${title.replace(/^stream /, '')})`;
  });
  const more = unused.length > MAX_NAMED ? ` and ${unused.length - MAX_NAMED} more` : '';
  addWarning(findings, `the catalog has no stream for ${named.join(', ')}${more}: not used`);
}
