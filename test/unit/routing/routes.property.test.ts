import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSettingsOrFaults } from '../../../src/config/parse-settings.ts';
import type { JsonValue } from '../../../src/json/json.ts';
import { createRowMapper } from '../../../src/mapping/row-mapper.ts';
import { OBJECTS } from '../../../src/objects/index.ts';
import { resolveRoutesOrFaults } from '../../../src/routing/routes.ts';
import { streamOf } from '../../support/routes.ts';
import { spec } from '../../support/spec.ts';

const RUNS = 600;

const COLUMNS = [
  'id',
  'Id',
  'externalId',
  'email',
  'name',
  'accountId',
  'user_id',
  'event',
  'traits',
  '_airbyte_x',
  '',
];
const STREAMS = ['accounts', 'Accounts', 'users', 'events', 's', 'S', '*', '__proto__'];
const objects = fc.constantFrom(
  ...OBJECTS.map(({ name }) => name),
  'custom_object:Site',
  'spaceship',
  'constructor',
);
const column = fc.constantFrom(...COLUMNS);
const destination = fc.constantFrom(...COLUMNS, 'traits.', 'traits.x', 'nmae', 'properties.y');
const any: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 1 }),
  fc.constant(JSON.rawJSON('1e400')),
);
/** Mostly what fits, now and then anything. */
const mostly = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary, weight: 12 }, { arbitrary: any, weight: 1 });

const entry = fc.record(
  {
    stream: mostly(fc.constantFrom(...STREAMS)),
    namespace: mostly(fc.constantFrom('mart', '')),
    object: mostly(objects),
    custom_object: mostly(fc.constant('Site')),
    mode: mostly(fc.constantFrom('upsert', 'update', 'append', 'delete')),
    sync_key: mostly(fc.array(column, { maxLength: 2 })),
    match_on: mostly(fc.constantFrom('externalId', 'id', 'email')),
    fields: mostly(fc.array(fc.record({ source: column, destination }), { maxLength: 2 })),
    constants: mostly(fc.array(fc.record({ destination, value: any }), { maxLength: 2 })),
    if_empty: mostly(fc.array(destination, { maxLength: 2 })),
    relations: mostly(fc.constantFrom('add', 'replace')),
    deleted_rows: mostly(fc.constantFrom('skip', 'delete')),
    write_via: mostly(fc.constantFrom('auto', 'rest', 'analytics')),
    delete_limit: mostly(fc.constantFrom({ count: 1 }, { percent: 1 }, {})),
    prevent_new_traits: mostly(fc.boolean()),
    surprise: any,
  },
  { requiredKeys: ['stream', 'object'] },
);

const stream = fc.record({
  name: fc.constantFrom(...STREAMS),
  namespace: fc.constantFrom(null, 'mart'),
  columns: fc.subarray(COLUMNS),
  key: fc.oneof(fc.constantFrom([['id']], [['externalId']], [['a', 'b']], null, []), any),
  syncMode: fc.constantFrom('append', 'append_dedup', 'overwrite', 'update', 'soft_delete'),
  object: fc.oneof(fc.constant(null), objects),
  closed: fc.boolean(),
});

const config = fc.record({
  data_center: fc.constant({ region: 'eu' }),
  rest_api_token: fc.constantFrom('rest-token-0123456789', undefined),
  analytics_api_token: fc.constantFrom('analytics-token-0123', undefined),
  streams: mostly(fc.array(entry, { maxLength: 3 })),
  write_via: fc.constantFrom('auto', 'rest', 'analytics', undefined),
});

test('whatever config and catalog say, it becomes routes that map rows, or faults with a place', () => {
  let routed = 0;
  fc.assert(
    fc.property(config, fc.array(stream, { maxLength: 3 }), (given, streams) => {
      const members = Object.entries(given).filter(([, value]) => value !== undefined);
      const parsed = parseSettingsOrFaults(Object.fromEntries(members), spec);
      const catalog = { streams: streams.map((one) => streamOf(one)) };
      const { routes, faults, warnings } = resolveRoutesOrFaults(parsed.settings ?? parsed.routing, catalog);
      for (const { path, message } of [...parsed.faults, ...faults]) {
        expect(path).toMatch(/^(?:\/|catalog)/);
        expect(message.length).toBeGreaterThan(10);
      }
      for (const warning of warnings) expect(warning.length).toBeGreaterThan(10);
      const row: { [name: string]: JsonValue } = Object.fromEntries(COLUMNS.map((name) => [name, 'x']));
      for (const route of routes) {
        routed++;
        expect(route.object.modes).toContain(route.mode);
        try {
          createRowMapper(route)(row, new Set());
        } catch (error) {
          expect(error).toMatchObject({ name: 'RecordError' });
        }
      }
    }),
    { numRuns: RUNS },
  );
  expect(routed).toBeGreaterThan(RUNS / 20);
});
