import type { JsonValue } from '../../json/json.ts';
import type { Send } from '../http/answer.ts';
import { ListScan, type ScanEnd } from './list-scan.ts';

export interface ReadPage {
  readonly records: readonly JsonValue[];
  /** On the last page, how the list ended. */
  readonly end: ScanEnd | undefined;
}

/**
 * The pages of a list, for a caller who reads all of it at once. A list that is read bit by bit between other requests
 * is a {@link ListScan}.
 *
 * @param filter further query, e.g. `status=activeOrChurned`
 */
export async function* pages(send: Send, path: string, filter?: string): AsyncGenerator<ReadPage, void> {
  const scan = new ListScan(send, path, filter);
  while (scan.end === undefined) {
    const records = await scan.next();
    yield { records, end: scan.end };
  }
}
