import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDatetime } from '../../../../src/mapping/values/datetime.ts';

function datetimeText(text: string): string | undefined {
  const reading = readDatetime(text);
  return reading.kind === 'moment' ? reading.text : undefined;
}

describe('ISO 8601 with a zone stays as it is', () => {
  test.each([
    '2026-01-02T03:04:05Z',
    '2026-01-02T03:04:05.1Z',
    '2026-01-02T03:04:05.123456789Z',
    '2026-01-02T03:04:05+02:00',
    '2026-01-02T03:04:05.000-11:30',
    '2024-02-29T23:59:59Z',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
  ])('%s', (text) => {
    expect(datetimeText(text)).toBe(text);
  });
});

describe('other spellings', () => {
  test.each([
    ['2026-01-02', '2026-01-02T00:00:00.000Z'],
    ['  2026-01-02 ', '2026-01-02T00:00:00.000Z'],
    ['2026-01-02T03:04Z', '2026-01-02T03:04:00Z'],
    ['2026-01-02t03:04:05z', '2026-01-02T03:04:05Z'],
    ['2026-01-02T03:04:05', '2026-01-02T03:04:05Z'],
    ['2026-01-02T03:04:05,25Z', '2026-01-02T03:04:05.25Z'],
    ['2026-01-02T03:04:05+0200', '2026-01-02T03:04:05+02:00'],
    ['2026-01-02 03:04:05', '2026-01-02T03:04:05Z'],
    ['2026-01-02 03:04:05.123456', '2026-01-02T03:04:05.123456Z'],
    ['2026-01-02 03:04:05 UTC', '2026-01-02T03:04:05Z'],
    ['2026-01-02 03:04:05.123456 UTC', '2026-01-02T03:04:05.123456Z'],
    ['2026-01-02 03:04:05Z', '2026-01-02T03:04:05Z'],
    ['2026-01-02 03:04:05+00', '2026-01-02T03:04:05+00:00'],
    ['2026-01-02 03:04:05.5+00:00', '2026-01-02T03:04:05.5+00:00'],
    ['2026-01-02 03:04:05.000 -0800', '2026-01-02T03:04:05.000-08:00'],
    ['2026-01-02 03:04:05+05:30:00', '2026-01-02T03:04:05+05:30'],
  ])('%j is %s', (text, iso) => {
    expect(datetimeText(text)).toBe(iso);
  });
});

describe('an epoch', () => {
  test.each([
    ['100000000', '1973-03-03T09:46:40.000Z'],
    ['-1000000000', '1938-04-24T22:13:20.000Z'],
    ['1700000000', '2023-11-14T22:13:20.000Z'],
    ['1700000000.5', '2023-11-14T22:13:20.500Z'],
    ['1700000000.123456', '2023-11-14T22:13:20.123456Z'],
    ['1.7e9', '2023-11-14T22:13:20.000Z'],
    ['1700000000000', '2023-11-14T22:13:20.000Z'],
    ['1700000000123', '2023-11-14T22:13:20.123Z'],
    ['1700000000123.25', '2023-11-14T22:13:20.12325Z'],
    ['-1000000000.25', '1938-04-24T22:13:19.750Z'],
    ['1700000000.123456789', '2023-11-14T22:13:20.123456789Z'],
    ['1900000000', '2030-03-17T17:46:40.000Z'],
    ['2026990109', '2034-03-26T12:48:29.000Z'],
    ['190000000000', '1976-01-09T01:46:40.000Z'],
    ['99999999999', '5138-11-16T09:46:39.000Z'],
    ['100000000000', '1973-03-03T09:46:40.000Z'],
    ['99999999999999', '5138-11-16T09:46:39.999Z'],
    [' 1700000000 ', '2023-11-14T22:13:20.000Z'],
  ])('%s is %s', (text, iso) => {
    expect(datetimeText(text)).toBe(iso);
  });
});

describe('rejected', () => {
  test.each([
    '',
    ' ',
    'yesterday',
    '2026-02-30',
    '2025-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '0000-01-01',
    '2026-1-2',
    '01/02/2026',
    '2026-01',
    '2026-01-02T24:00:00Z',
    '2026-01-02T03:60:00Z',
    '2026-01-02T03:04:60Z',
    '2026-01-02T03:04:05+24:00',
    '2026-01-02T03:04:05+02:60',
    '2026-01-02T03:04:05 Europe/Berlin',
    '2026-01-02 03',
    '12:00:00',
    'NaN',
    'Infinity',
    '0x65000000',
  ])('what is no date-time: %j', (text) => {
    expect(datetimeText(text)).toBeUndefined();
  });

  test.each([
    '2026-02-30',
    '2025-02-29',
    '2026-13-01',
    '0000-01-01',
    '2026-01-02T24:00:00Z',
    '2026-01-02 03:60',
    '2026-01-02T03:04:05+24:00',
  ])('what has the form of a date-time says that there is no such day or time: %s', (text) => {
    expect(readDatetime(text)).toMatchObject({
      kind: 'rejected',
      why: expect.stringContaining('no calendar'),
    });
  });

  test.each([
    ...['20260102', '2026', '202601', '20260102030405', '19000101', '21001231'],
    ...['2026013109', '202601310930', '2026013109.0', '2026013109.5', '1.9000101e7', '2000022923'],
  ])('numbers that read as a date, since as an epoch they would be another: %s', (text) => {
    expect(datetimeText(text)).toBeUndefined();
  });

  test.each(['20261302', '20260230', '202613', '20260102030499'])('a date that cannot be: %s', (text) => {
    expect(datetimeText(text)).toBeUndefined();
  });

  test.each([
    '0',
    '-1',
    '-0.25',
    '1',
    '46053',
    '46053.397',
    '18991231',
    '21010101',
    '99999999',
    '-99999999',
    '1e-30',
  ])('day numbers and the like, which are no epoch seconds: %s', (text) => {
    expect(readDatetime(text)).toMatchObject({ kind: expect.stringMatching(/rejected/) });
  });

  test.each([
    ['2026-01-02T03:04:05.1234567890Z', 'more than 9 digits'],
    [`2026-01-02 03:04:05.${'0'.repeat(100_000)}1Z`, 'more than 9 digits'],
    ['1700000000.1234567891', 'more than 9 digits'],
    ['46053', 'day number'],
    ['2026013109', 'reads as a date'],
    ['20260131', 'reads as a date'],
    ['1700000000000000', 'too large for epoch milliseconds'],
  ])('with the reason: %s', (text, why) => {
    expect(readDatetime(text)).toMatchObject({ kind: 'rejected', why: expect.stringContaining(why) });
  });

  test.each([
    '100000000000000',
    '1700000000000000',
    '-1e14',
    '-99999999999',
    '1e999999999',
    '1'.repeat(1_000_000),
  ])('numbers in no known unit or before the year 1', (text) => {
    expect(datetimeText(text)).toBeUndefined();
  });
});

describe('for any moment', () => {
  const ms = fc.integer({ min: 1e11 + 1, max: 1e14 - 1 });

  test('milliseconds come back as the same moment', () => {
    fc.assert(
      fc.property(ms, (epoch) => {
        const text = datetimeText(String(epoch));
        // Numbers that read as a compact date and time are rejected.
        fc.pre(text !== undefined || !/^(?:19|20|21)(?:\d{10}|\d{12})$/.test(String(epoch)));
        expect(text).toBe(new Date(epoch).toISOString());
      }),
    );
  });

  test('ISO text comes back as it is, and the same moment in SQL form', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          const iso = date.toISOString();
          expect(datetimeText(iso)).toBe(iso);
          expect(datetimeText(`${iso.slice(0, 10)} ${iso.slice(11, -1)} UTC`)).toBe(iso);
        },
      ),
    );
  });

  test('whatever comes out is a moment, and stays when it goes in again', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.double().map(String),
      fc.stringMatching(/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d(:?\d\d)?)?$/),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const iso = datetimeText(text);
        if (iso === undefined) return;
        expect(Date.parse(iso)).not.toBeNaN();
        expect(datetimeText(iso)).toBe(iso);
      }),
    );
  });
});
