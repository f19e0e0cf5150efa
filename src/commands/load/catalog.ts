import type { JsonObject } from '../../json/json.ts';
import type { Survey } from './rows.ts';

/**
 * A configured catalog of the files: one stream for each name, with the columns that its files have. Rows are upserted by
 * key where no entry says otherwise (Contract 1).
 */
export function catalogOf(surveys: readonly Pick<Survey, 'file' | 'columns'>[]): JsonObject {
  const columns = new Map<string, Set<string>>();
  for (const { file, columns: found } of surveys) {
    const all = columns.get(file.stream) ?? new Set();
    columns.set(file.stream, all);
    for (const column of found) all.add(column);
  }
  return {
    streams: [...columns].map(([name, names]) => ({
      stream: {
        name,
        json_schema: {
          type: 'object',
          properties: Object.fromEntries([...names].map((column) => [column, {}])),
          additionalProperties: false,
        },
        supported_sync_modes: ['full_refresh'],
      },
      sync_mode: 'full_refresh',
      destination_sync_mode: 'append_dedup',
    })),
  };
}
