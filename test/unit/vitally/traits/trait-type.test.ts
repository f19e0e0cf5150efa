import { expect, test } from 'vitest';
import { traitType } from '../../../../src/vitally/traits/trait-type.ts';

test.each([
  ['text', ['string', 'String', 'TEXT', 'long_text', 'url', 'URL', 'email']],
  ['number', ['number', 'currency', 'percentage', 'integer', 'Float']],
  ['boolean', ['boolean', 'checkbox', 'BOOL']],
  ['date', ['date', 'Date']],
  ['datetime', ['datetime', 'date_time', 'date-time', 'dateTime', 'timestamp']],
  ['select', ['select', 'singleSelect', 'single-select', 'enum', 'dropdown']],
  ['multiselect', ['multiselect', 'multi_select', 'multiSelect', 'Multi Select']],
  ['json', ['json', 'object', 'array']],
  ['unknown', ['user', 'team member', 'formula', '', null, undefined, 7, {}, 'constructor', '__proto__']],
])('%s goes by the names %j', (type, names) => {
  expect(names.map(traitType)).toEqual(names.map(() => type));
});
