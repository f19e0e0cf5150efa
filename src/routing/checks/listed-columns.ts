import { nearestName } from '../../config/schema/nearest-name.ts';
import { addFault, addWarning, type Findings } from '../../errors/findings.ts';
import { quoted, quotedList } from '../../errors/quoted.ts';
import { foldedName } from '../../mapping/columns/spelling.ts';
import { type ConfiguredStream, titleOf } from '../../protocol/configured-catalog.ts';

/**
 * Whether the key's columns may come at all. One that the catalog lacks in every spelling can't where its schema is
 * closed; where it is open, rows may bring more than the catalog lists.
 *
 * @param path where the key is named
 */
export function areListed(
  keyColumns: readonly string[],
  stream: ConfiguredStream,
  path: string,
  findings: Findings,
): boolean {
  const { columns } = stream;
  if (columns === undefined) return true;
  const spelled = new Set([...columns].map(foldedName));
  const unlisted = keyColumns.filter((column) => !spelled.has(foldedName(column)));
  if (unlisted.length === 0) return true;
  const title = titleOf(stream);
  if (!stream.isClosed) {
    const message = `${title}: the catalog lists no column ${quotedList(unlisted)}, which is the key; rows without it are rejected`;
    addWarning(findings, message);
    return true;
  }
  for (const column of unlisted) {
    const nearest = nearestName(column, [...columns]);
    const remedy =
      nearest === undefined ? `it has ${quotedList([...columns])}` : `did you mean ${quoted(nearest)}?`;
    addFault(findings, path, `${title} has no column ${quoted(column)}, which is the key; ${remedy}`);
  }
  return false;
}

/** Whether the catalog lists a column, in any spelling; where it lists none, all columns may come. */
export function isListed({ columns }: Pick<ConfiguredStream, 'columns'>, column: string): boolean {
  if (columns === undefined || columns.has(column)) return true;
  const wanted = foldedName(column);
  return [...columns].some((listed) => foldedName(listed) === wanted);
}
