import { type StreamEntry, sourceOf } from '../../config/stream-options.ts';
import { addFault, type Findings } from '../../errors/findings.ts';
import { createFieldNames } from '../../mapping/field-names.ts';
import type { Route } from '../../mapping/route.ts';
import { isSourceColumn } from '../../mapping/source-columns.ts';
import { isAppendOnly } from '../../objects/index.ts';
import { type ConfiguredStream, titleOf } from '../../protocol/configured-catalog.ts';

type Keyed = Pick<Route, 'object' | 'matchOn' | 'keyColumns'>;

/**
 * An event needs a name and one of three ids. Where the catalog rules out columns that it doesn't list, and neither its
 * columns nor the entry can give them, no row of the stream could be sent. Contract 4.
 */
export function reportUnsendableEvents(
  stream: ConfiguredStream,
  { object, matchOn, keyColumns }: Keyed,
  entry: StreamEntry | undefined,
  findings: Findings,
): void {
  if (!isAppendOnly(object) || !stream.isClosed || stream.columns === undefined) return;
  const names = createFieldNames(object, matchOn);
  const { fields = [], constants = [] } = entry ?? {};
  const mapped = new Set<string | undefined>([...fields.map(sourceOf), ...keyColumns]);
  const byName = [...stream.columns].filter((column) => !mapped.has(column) && !isSourceColumn(column));
  const filled = new Set(
    [
      ...byName.map((column) => names.field(column)),
      ...[...fields, ...constants.filter(({ value }) => value !== null)].map(({ destination }) =>
        names.named(destination),
      ),
    ].flatMap((destination) => (destination?.kind === 'field' ? [destination.name] : [])),
  );
  const path = entry === undefined ? `${stream.path}/stream/json_schema` : `${entry.path}/fields`;
  for (const need of object.requiredToCreate) {
    const wanted = [need].flat();
    if (wanted.some((name) => filled.has(name))) continue;
    const message = `${titleOf(stream)}: no column and no constant gives its events ${wanted.join(' or ')}, which Vitally needs; send a column there in "fields", or set a constant`;
    addFault(findings, path, message);
  }
}
