import type { RoutingSettings } from '../config/settings.ts';
import type { DestinationOperation } from '../objects/schema.ts';
import { resolveRoutesOrFaults } from './routes.ts';

/** Names a stream that exists for the time of one question. */
const PROBE = 'mapped';

/**
 * The operations that `write` takes with these tokens and this `write_via`, each with the keys and properties that it
 * takes. Routing itself is asked, so that a mapping screen never offers what the sync then refuses.
 */
export function writableOperations(
  offered: readonly DestinationOperation[],
  settings: RoutingSettings,
): DestinationOperation[] {
  return offered.flatMap((operation) => {
    const { matching_keys: keys, json_schema: schema } = operation;
    const takes = (key: readonly string[], columns: readonly string[]): boolean =>
      isTaken(operation, key, [...schema.required, ...key, ...columns], settings);
    const taken = (keys ?? [[]]).filter((key) => takes(key, []));
    const [first] = taken;
    if (first === undefined) return [];
    const properties = Object.entries(schema.properties);
    const isWhole = takes(first, Object.keys(schema.properties));
    const left = isWhole ? properties : properties.filter(([name]) => isTrait(name) || takes(first, [name]));
    return [
      {
        ...operation,
        ...(keys !== undefined && { matching_keys: taken }),
        json_schema: { ...schema, properties: Object.fromEntries(left) },
      },
    ];
  });
}

/** A workspace may have a thousand; either API takes them all. */
function isTrait(name: string): boolean {
  return name.startsWith('traits.');
}

function isTaken(
  operation: DestinationOperation,
  key: readonly string[],
  columns: readonly string[],
  settings: RoutingSettings,
): boolean {
  const stream = {
    stream: {
      name: PROBE,
      json_schema: { properties: Object.fromEntries(columns.map((name) => [name, {}])) },
    },
    destination_sync_mode: operation.sync_mode,
    destination_object_name: operation.object_name,
    primary_key: key.map((name) => [name]),
  };
  return resolveRoutesOrFaults({ ...settings, streams: [] }, { streams: [stream] }).faults.length === 0;
}
