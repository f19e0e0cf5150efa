import { describe, expect, test } from 'vitest';
import type { StreamEntry } from '../../../src/config/stream-options.ts';
import type { JsonObject } from '../../../src/json/json.ts';
import type { Route } from '../../../src/mapping/route.ts';
import { createRowMapper } from '../../../src/mapping/row-mapper.ts';
import { OBJECTS } from '../../../src/objects/index.ts';
import { RowNotes } from '../../../src/report/row-notes.ts';
import { resolveRoutesOrFaults } from '../../../src/routing/routes.ts';
import {
  catalogOf,
  entryOf,
  expectRejection,
  NOTHING_NULLED,
  routeOf,
  settingsOf,
} from '../../support/routes.ts';

const SPELLINGS = [
  'accountId',
  'account_id',
  'ACCOUNT ID',
  'account-ids',
  'organizationId',
  'organisation_id',
];
const rejecting = OBJECTS.filter(
  ({ foreignPlaces }) => foreignPlaces?.fate === 'reject' && foreignPlaces.only === undefined,
).map(({ name }) => name);
const cases = rejecting.flatMap((object) => SPELLINGS.map((column) => ({ object, column })));

function mapped(route: Route, data: JsonObject) {
  return createRowMapper(route)(data, NOTHING_NULLED);
}

function resolve(object: string, columns: readonly string[], entry: Partial<StreamEntry> = {}) {
  const streams = [entryOf({ stream: 'rows', object, ...entry })];
  return resolveRoutesOrFaults(
    settingsOf({ streams }),
    catalogOf({ name: 'rows', columns, key: [['externalId']] }),
  );
}

test('the objects whose accounts Vitally takes from who takes part', () => {
  expect(rejecting.sort()).toEqual(['conversation', 'meeting', 'meeting_transcript', 'message']);
});

describe('an instance of a custom object is written with one account or organization', () => {
  const route = routeOf('custom_object', { customObject: 'site' });

  test.each(['accountIds', 'account_ids', 'Organization IDs'])('%s is rejected with the reason', (column) => {
    const row = { externalId: 'x', [column]: ['a1', 'a2'] };
    const error = expectRejection(() => mapped(route, row), 'unknown_column', 'a1');
    expect(error.message).toContain('one account or organization');
    const { faults } = resolve('custom_object', ['externalId', column], { customObject: 'site' });
    expect(faults.map(({ message }) => message)).toEqual([expect.stringContaining(JSON.stringify(column))]);
  });

  test.each(['accountId', 'account_id', 'organization_id'])('%s is taken', (column) => {
    expect(mapped(route, { externalId: 'x', [column]: 'a1' }).fields.size).toBe(1);
    expect(resolve('custom_object', ['externalId', column], { customObject: 'site' }).faults).toEqual([]);
  });
});

describe.each(cases)('$column of a $object', ({ object, column }) => {
  test('rejects a row that holds something there; null and blank are left out', () => {
    const route = routeOf(object);
    const error = expectRejection(
      () => mapped(route, { externalId: 'x', [column]: 'a1' }),
      'unknown_column',
      'a1',
    );
    expect(error.field).toBe(column);
    for (const nothing of [null, '', ' ']) {
      expect(mapped(route, { externalId: 'x', [column]: nothing }).traits).toEqual(new Map());
    }
  });

  test('is a fault where the catalog lists it', () => {
    const { faults } = resolve(object, ['externalId', column]);
    expect(faults).toHaveLength(1);
    expect(faults[0]?.message).toContain(JSON.stringify(column));
    expect(faults[0]?.message).toContain('other_columns');
  });

  test('goes where the entry says', () => {
    expect(resolve(object, ['externalId', column], { otherColumns: 'drop' }).faults).toEqual([]);
    const dropping = routeOf(object, { otherColumns: 'drop', foreignIds: 'drop' });
    expect(mapped(dropping, { externalId: 'x', [column]: 'a1' }).traits).toEqual(new Map());
    expect(mapped(routeOf(object, { keyColumns: [column] }), { [column]: 'a1' }).key).toBe('a1');
    if (routeOf(object).object.others === 'nowhere') return;
    const fields = [{ source: column, destination: 'traits.home' }];
    expect(resolve(object, ['externalId', column], { fields }).faults).toEqual([]);
    expect(mapped(routeOf(object, { fields }), { externalId: 'x', [column]: 'a1' }).traits).toEqual(
      new Map([['home', 'a1']]),
    );
  });

  test('is not read where rows are deleted by their key', () => {
    expect(
      resolve(object, ['externalId', column], { mode: 'delete' }).faults.map(({ path }) => path),
    ).not.toContain('/streams/0/other_columns');
    expect(mapped(routeOf(object, { mode: 'delete' }), { externalId: 'x', [column]: 'a1' }).key).toBe('x');
  });
});

test.each(['account_name', 'accountant_id', 'account', 'parentAccountId'])(
  '%s is a column like any other',
  (column) => {
    expect(mapped(routeOf('conversation'), { externalId: 'x', [column]: 'a1' }).traits).toEqual(
      new Map([[column, 'a1']]),
    );
  },
);

test('on an NPS response it is left out, with one warning', () => {
  const notes = new RowNotes();
  const map = createRowMapper(routeOf('nps_response', { otherColumns: 'drop' }), undefined, notes);
  for (const id of ['a1', 'a2']) map({ externalId: 'x', account_id: id, organizationId: id }, NOTHING_NULLED);
  expect(notes.warnings('nps')).toEqual([
    expect.stringMatching(/"account_id", "organizationId" were left out/),
  ]);
  expect(
    resolve('nps_response', ['externalId', 'userId', 'score', 'respondedAt', 'account_id']).warnings,
  ).toEqual([]);
});

test('a status of a task is told with the way to it', () => {
  const notes = new RowNotes();
  const map = createRowMapper(routeOf('task'), undefined, notes);
  expect(map({ externalId: 'x', Status: 'done' }, NOTHING_NULLED).traits).toEqual(
    new Map([['Status', 'done']]),
  );
  expect(notes.warnings('tasks')).toEqual([expect.stringContaining('completedAt')]);
});
