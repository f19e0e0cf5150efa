import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../src/json/json.ts';
import { isDeletedInSource, isNameless, isSourceColumn } from '../../../src/mapping/source-columns.ts';

describe('columns that Airbyte and its sources add for themselves', () => {
  test.each([
    '_airbyte_raw_id',
    '_ab_cdc_lsn',
    '_ab_cdc_updated_at',
    '_ab_cdc_deleted_at',
    '_AB_CDC_CURSOR',
    '_ab_source_file_url',
    '_ab_source_file_last_modified',
    '_ab_additional_properties',
  ])('%s', (name) => expect(isSourceColumn(name)).toBe(true));

  test.each(['ab_cdc_lsn', '_ab_test', '_ab_additional_properties_2', 'x_airbyte_', '_airbyte'])(
    'not %s',
    (name) => expect(isSourceColumn(name)).toBe(false),
  );
});

describe('a row that was deleted in the source', () => {
  test.each<[string, JsonValue, boolean]>([
    ['_ab_cdc_deleted_at', '2026-03-01T10:00:00Z', true],
    ['_AB_CDC_DELETED_AT', 1, true],
    ['_ab_cdc_deleted_at', null, false],
    ['_ab_cdc_deleted_at', '', false],
    ['_ab_cdc_deleted_at', ' \t', false],
    ['deleted_at', '2026-03-01T10:00:00Z', false],
  ])('%s %j: %s', (column, value, deleted) => {
    expect(isDeletedInSource({ id: 1, [column]: value })).toBe(deleted);
  });

  test('blank names name nothing', () => {
    expect(['', ' ', '\t\u00a0'].map(isNameless)).toEqual([true, true, true]);
    expect(isNameless('_')).toBe(false);
  });
});
