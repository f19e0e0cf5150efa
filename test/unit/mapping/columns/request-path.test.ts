import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RecordError } from '../../../../src/errors/record-error.ts';
import {
  mayDeleteCollection,
  pathOf,
  readPathTemplate,
} from '../../../../src/mapping/columns/request-path.ts';
import type { PathTemplate } from '../../../../src/mapping/route.ts';

function templateOf(path: string): PathTemplate {
  const read = readPathTemplate(path);
  if (read.kind === 'fault') throw new Error(read.message);
  return read.template;
}

function filled(path: string, data: Parameters<typeof pathOf>[1]): string {
  try {
    return pathOf(templateOf(path), data, new Set());
  } catch (error) {
    if (error instanceof RecordError) return `${error.code} ${error.field}`;
    throw error;
  }
}

describe('a path of the config', () => {
  test.each([
    ['/resources/x', []],
    ['/resources/surveys/{survey_id}/responses', ['survey_id']],
    [' /resources/a/{ id } ', ['id']],
    ['/resources/a/{b/c}/{Österreich ?#}', ['b/c', 'Österreich ?#']],
    ['/resources/a/{x}-{y}.json', ['x', 'y']],
    ['/resources/a/{x}/{x}', ['x']],
    ['/resources/a%20b/{x}', ['x']],
  ])('%j is taken', (path, columns) => {
    expect(templateOf(path).columns).toEqual(columns);
  });

  test.each([
    ['', 'begin with /resources/'],
    ['resources/x', 'begin with /resources/'],
    ['/Resources/x', 'begin with /resources/'],
    ['/resources', 'begin with /resources/'],
    ['/resources/', 'empty part'],
    ['/analytics/v1/batch', 'begin with /resources/'],
    ['//evil.test/resources/x', 'begin with /resources/'],
    ['https://evil.test/resources/x', 'begin with /resources/'],
    ['/{x}/resources/y', 'begin with /resources/'],
    ['/resources%2f../x', 'begin with /resources/'],
    ['/resources{x}/y', 'begin with /resources/'],
    ['/resources/../analytics', 'an address would change'],
    ['/resources/./x', 'an address would change'],
    ['/resources/%2E%2e/x', 'an address would change'],
    ['/resources/a%2f..%2fb', 'an address would change'],
    ['/resources/a%5cb', 'an address would change'],
    ['/resources/a b', 'an address would change'],
    ['/resources/ä', 'an address would change'],
    ['/resources/%{x}', 'an address would change'],
    ['/resources/%zz', 'an address would change'],
    ['/resources/%ff', 'an address would change'],
    ['/resources/a\n/b', 'an address would change'],
    ['/resources/a//b', 'empty part'],
    ['/resources/a/', 'empty part'],
    ['/resources/a?x=1', 'without ?'],
    ['/resources/a#x', 'without ?'],
    ['/resources/a\\b', 'without ?'],
    ['/resources/{{x}}', 'single braces'],
    ['/resources/{}', 'single braces'],
    ['/resources/{ }', 'single braces'],
    ['/resources/{x', 'single braces'],
    ['/resources/x}', 'single braces'],
    ['/resources/{a{b}}', 'single braces'],
  ])('%j is a fault: %s', (path, says) => {
    expect(readPathTemplate(path)).toEqual({ kind: 'fault', message: expect.stringContaining(says) });
  });

  test.each([
    ['/resources/notes/{id}', false],
    ['/resources/meetings/{m}/participants/{p}', false],
    ['/resources/notes/n-{id}', false],
    ['/resources/notes', true],
    ['/resources/{collection}', true],
    ['/resources/customObjects/{id}/instances', true],
    ['/resources/customObjects/{id}/{what}', true],
    ['/resources/notes/{id}.json', true],
    ['/resources/notes/fixed', true],
  ])('a DELETE of %s could delete a collection: %s', (path, could) => {
    expect(mayDeleteCollection(templateOf(path))).toBe(could);
  });
});

describe('a row’s path', () => {
  test.each([
    ['a/b', '/resources/s/a%2Fb/r'],
    ['a\\b', '/resources/s/a%5Cb/r'],
    ['a?x=1#y', '/resources/s/a%3Fx%3D1%23y/r'],
    ['%2e%2e', '/resources/s/%252e%252e/r'],
    ['..%2f', '/resources/s/..%252f/r'],
    [';v=1', '/resources/s/%3Bv%3D1/r'],
    ['a\r\nb', '/resources/s/a%0D%0Ab/r'],
    ['a\u0000b', '/resources/s/a%00b/r'],
    ['{other}', '/resources/s/%7Bother%7D/r'],
    ['$&', '/resources/s/%24%26/r'],
    [' x ', '/resources/s/x/r'],
    ['@host', '/resources/s/%40host/r'],
    [17, '/resources/s/17/r'],
    [1.0, '/resources/s/1/r'],
  ])('%j stays in its segment', (value, path) => {
    expect(filled('/resources/s/{id}/r', { id: value, other: 'no' })).toBe(path);
  });

  test.each([
    [null, 'missing_field id'],
    ['', 'missing_field id'],
    ['  ', 'missing_field id'],
    ['.', 'bad_key id'],
    ['..', 'bad_key id'],
    ['\ud800', 'bad_key id'],
    [{ a: 1 }, 'bad_key id'],
    [['a'], 'bad_key id'],
    [true, 'bad_key id'],
    ['x'.repeat(1_000_000), 'bad_key id'],
    ['search', 'bad_key id'],
    ['SEARCH', 'bad_key id'],
  ])('%j is rejected', (value, rejection) => {
    expect(filled('/resources/s/{id}', { id: value })).toBe(rejection);
  });

  test('a missing column is rejected with those that are there; one that is unknown too', () => {
    expect(() => pathOf(templateOf('/resources/s/{id}'), { Id2: 1 }, new Set())).toThrow(
      'the column "id", which is part of the path, is missing; the row has the columns "Id2"',
    );
    expect(() => pathOf(templateOf('/resources/s/{id}'), { id: 'x' }, new Set(['id']))).toThrow(RecordError);
  });

  test('dots that fixed text adds to are dots too', () => {
    expect(filled('/resources/s/.{id}', { id: '.' })).toBe('bad_key id');
    expect(filled('/resources/s/%2e{id}/x', { id: '.' })).toBe('bad_key id');
    expect(filled('/resources/s/{a}{b}', { a: 'x', b: '.' })).toBe('bad_key b');
  });

  test('never leaves its place, whatever the row holds', () => {
    const template = templateOf('/resources/a/{x}/b-{y}/{x}');
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (x, y) => {
        let path: string;
        try {
          path = pathOf(template, { x, y } as Parameters<typeof pathOf>[1], new Set());
        } catch (error) {
          expect(error).toBeInstanceOf(RecordError);
          return;
        }
        const url = new URL(path, 'https://host.test');
        expect(url.href).toBe(`https://host.test${path}`);
        expect(path.split('/')).toHaveLength(6);
        expect(path).toMatch(/^\/resources\/a\/[^/?#\\]+\/b-[^/?#\\]+\/[^/?#\\]+$/);
      }),
    );
  });
});
