import { maskKey } from '../../../rejected/mask-key.ts';
import { nameOf } from '../../../report/summary.ts';
import type { Finding } from './judge.ts';

/** Keys that a line names. */
const MAX_SHOWN_KEYS = 10;

export interface FindingLine {
  readonly level: 'INFO' | 'WARN';
  readonly message: string;
}

/** What the log says of the rows that Vitally does not show as they were sent: a line for each stream and kind. */
export function findingLines(
  findings: readonly Finding[],
  scope: 'sample' | 'all',
  redact: (text: string) => string,
): FindingLine[] {
  const groups = Map.groupBy(findings, ({ row: { route }, kind }) =>
    JSON.stringify([kind, route.namespace, route.stream]),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const isOther = first.kind === 'differs';
    const what = isOther ? 'which Vitally shows with other values' : 'not shown yet';
    const rows = group.length === 1 ? '1 accepted record' : `${group.length} accepted records`;
    const named = group.slice(0, MAX_SHOWN_KEYS).map(({ row, fields }) => {
      const key = maskKey(redact(row.key));
      return fields.length === 0 ? key : `${key} (${fields.map(redact).join(', ')})`;
    });
    const level = isOther || scope === 'all' ? 'WARN' : 'INFO';
    return [{ level, message: `stream ${nameOf(first.row.route)}: ${rows}, ${what}: ${named.join('; ')}` }];
  });
}
