import type { JsonObject } from '../json.ts';
import type { Stored } from '../store/records.ts';
import type { Table } from '../store/table.ts';

/** A look at the records of one kind, as REST shows them, without a request. */
export interface Inspection {
  readonly size: number;
  /** In the order of creation. */
  all(): JsonObject[];
  byExternalId(externalId: string): JsonObject | undefined;
}

export function inspect<R extends Stored>(table: Table<R>, show: (record: R) => JsonObject): Inspection {
  return {
    get size() {
      return table.size;
    },
    all: () => [...table.all()].map(show),
    byExternalId(externalId) {
      const record = table.byExternalId(externalId);
      return record === undefined ? undefined : show(record);
    },
  };
}
