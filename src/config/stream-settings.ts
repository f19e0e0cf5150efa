import type { Report } from './report.ts';
import type { StreamConfig } from './schema/config.ts';
import type { StreamSettings } from './settings.ts';

/** An entry of `streams[]` and its place. */
export interface StreamEntry {
  readonly path: string;
  readonly config: StreamConfig;
}

/** The entries as the rest of the program knows them. Entries and destinations that are there twice are faults. */
export function parseStreams(entries: readonly StreamEntry[], report: Report): readonly StreamSettings[] {
  reportDuplicates(
    entries.map(({ path, config }) => ({
      path,
      name: JSON.stringify([config.stream, config.namespace ?? '']),
    })),
    (first) => `is for the same stream and namespace as ${first}; keep one of them`,
    report,
  );
  for (const { path, config } of entries) {
    if (config.delete_limit.count !== undefined && config.delete_limit.percent !== undefined) {
      report(`${path}/delete_limit`, 'must hold one of "count" and "percent", not both; take one out');
    }
    reportDuplicates(
      [
        ...destinationsIn(`${path}/fields`, config.fields),
        ...destinationsIn(`${path}/constants`, config.constants),
      ],
      (first) => `is the same destination as ${first}; a destination takes one value, keep one of them`,
      report,
    );
  }
  return entries.map(({ config }) => streamSettings(config));
}

interface Place {
  readonly path: string;
  readonly name: string;
}

function destinationsIn(path: string, list: readonly { readonly destination: string }[]): readonly Place[] {
  return list.map(({ destination }, index) => ({ path: `${path}/${index}/destination`, name: destination }));
}

function reportDuplicates(
  places: readonly Place[],
  message: (first: string) => string,
  report: Report,
): void {
  const firsts = new Map<string, string>();
  for (const { path, name } of places) {
    const first = firsts.get(name);
    if (first === undefined) firsts.set(name, path);
    else report(path, message(first));
  }
}

function streamSettings(config: StreamConfig): StreamSettings {
  return {
    stream: config.stream,
    namespace: config.namespace === '' ? undefined : config.namespace,
    object: config.object,
    customObject: config.custom_object,
    mode: config.mode,
    syncKey: config.sync_key,
    matchOn: config.match_on,
    fields: config.fields,
    constants: config.constants,
    otherColumns: config.other_columns,
    nulls: config.nulls,
    unknownKey: config.unknown_key,
    relations: config.relations,
    unknownAccounts: config.unknown_accounts,
    ifEmpty: config.if_empty,
    preventNewTraits: config.prevent_new_traits,
    deleteLimit: deleteLimit(config.delete_limit),
    deletedRows: config.deleted_rows,
    writeVia: config.write_via,
  };
}

/** The limit that was given; an entry with two has been refused. */
function deleteLimit({ count, percent }: StreamConfig['delete_limit']): StreamSettings['deleteLimit'] {
  if (percent !== undefined) return { percent };
  if (count === undefined) throw new TypeError('the schema fills a limit in');
  return { count };
}
