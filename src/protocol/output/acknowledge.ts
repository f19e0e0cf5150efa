import { spliceMember } from '../../json/splice.ts';

/** The records that a STATE covers: how many count as loaded, and how many were rejected. */
export interface DestinationStats {
  readonly recordCount: number;
  readonly rejectedRecordCount: number;
}

/**
 * A STATE's own text with `destinationStats` put into its `state`, every other character as it came: a state is
 * opaque and may hold integers that no double can. The counts are written as decimals, as the Airbyte protocol's
 * schema has them (`AirbyteStateStats`, type number).
 *
 * @param raw the text of a STATE message whose `state` is an object
 */
export function acknowledge(raw: string, stats: DestinationStats): string {
  const recordCount = stats.recordCount.toFixed(1);
  const rejectedRecordCount = stats.rejectedRecordCount.toFixed(1);
  const value = `{"recordCount":${recordCount},"rejectedRecordCount":${rejectedRecordCount}}`;
  return spliceMember(raw, ['state', 'destinationStats'], value);
}
