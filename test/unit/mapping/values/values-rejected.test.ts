import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RecordError } from '../../../../src/errors/record-error.ts';
import type { JsonValue } from '../../../../src/json/json.ts';
import { parseLossless } from '../../../../src/json/parse.ts';

import { coerce, coerceObject, coerceTrait, type PlainType } from '../../../../src/mapping/values/values.ts';
import { expectRejection } from '../../../support/routes.ts';

const PLACE = { column: 'c', destination: 'f' };

/** What a JSON text becomes, as JSON text: shows every digit and the type. */
function coerced(type: PlainType, json: string): string {
  return JSON.stringify(coerce(type, parseLossless(json), PLACE));
}

function nested(levels: number): string {
  return '['.repeat(levels) + ']'.repeat(levels);
}

describe('nesting has a bound', () => {
  test.each<[string, (value: JsonValue) => JsonValue]>([
    ['in a trait', (value) => coerceTrait(value, PLACE)],
    ['in a text', (value) => coerce('text', value, PLACE)],
  ])('%s', (_, take) => {
    const deepest = parseLossless(nested(100));
    expect(JSON.stringify(take(deepest))).toContain(nested(100));
    expectRejection(() => take(parseLossless(nested(101))), 'bad_value');
    expectRejection(() => take(parseLossless(nested(100_000))), 'bad_value');
  });

  test('in the JSON text of a list or object', () => {
    expectRejection(() => coerce('ids', nested(100_000), PLACE), 'bad_value');
    expectRejection(() => coerceObject(nested(100_000), PLACE), 'bad_value');
  });
});

describe('a rejection', () => {
  test.each<[PlainType, string, string]>([
    ['number', '"MARKER"', 'column "c" (for "f"): a number was wanted, but it is a text of another form'],
    ['number', '1e400', 'column "c" (for "f"): the number is too large for any system to hold'],
    [
      'datetime',
      '46053',
      'column "c" (for "f"): a date-time was wanted, but a number below 100,000,000 is no epoch seconds, but more likely a day number',
    ],
    [
      'date',
      '2026013109',
      'column "c" (for "f"): a date was wanted, but the number reads as a date, which as an epoch would be another day',
    ],
    ['number', '["MARKER"]', 'column "c" (for "f"): a number was wanted, but it is a list'],
    ['boolean', '77', 'column "c" (for "f"): true or false was wanted, but it is a number'],
    ['datetime', '{"MARKER":1}', 'column "c" (for "f"): a date-time was wanted, but it is an object'],
    ['datetime', 'true', 'column "c" (for "f"): a date-time was wanted, but it is a boolean'],
    ['id', '["MARKER"]', 'column "c" (for "f"): an id was wanted, but it is a list'],
    ['ids', '{"MARKER":1}', 'column "c" (for "f"): a list of ids was wanted, but it is an object'],
  ])('of %s says what was wanted and given, never the value', (type, json, message) => {
    const error = expectRejection(() => coerced(type, json), 'bad_value', 'MARKER');
    expect(error.message).toBe(message);
    expect(error.field).toBe('c');
  });

  test('names the column alone where it is the destination', () => {
    const error = expectRejection(
      () => coerce('number', true, { column: 'mrr', destination: 'mrr' }),
      'bad_value',
    );
    expect(error.message).toBe('column "mrr": a number was wanted, but it is a boolean');
  });
});

test('any JSON is coerced or rejected, and what was coerced stays when it goes in again', () => {
  const types = fc.constantFrom<PlainType>(
    'text',
    'email',
    'number',
    'boolean',
    'datetime',
    'date',
    'id',
    'ids',
    'texts',
  );
  fc.assert(
    fc.property(types, fc.json(), (type, json) => {
      try {
        const once = coerce(type, parseLossless(json), PLACE);
        expect(coerce(type, once, PLACE)).toEqual(once);
      } catch (error) {
        expect(error).toBeInstanceOf(RecordError);
      }
    }),
  );
});
