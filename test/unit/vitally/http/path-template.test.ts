import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pathTemplate } from '../../../../src/vitally/http/path-template.ts';

test.each([
  ['/resources/accounts', '/resources/accounts'],
  ['/resources/accounts/acc-17', '/resources/accounts/:id'],
  ['/resources/accounts/jane%40acme.com', '/resources/accounts/:id'],
  ['/resources/accounts/acc-17/users', '/resources/accounts/:id/users'],
  ['/resources/accounts/acc-17/users?limit=1', '/resources/accounts/:id/users'],
  ['/resources/users/search?email=jane%40acme.com', '/resources/users/search'],
  ['/resources/customObjects/a/instances/b', '/resources/customObjects/:id/instances/:id'],
  ['/resources/users/1/secret%20value', '/resources/users/:id/:id'],
  ['/analytics/v1/batch', '/analytics/v1/batch'],
  ['/analytics/v1/batch?x=1', '/analytics/v1/batch'],
  ['/17', '/:id'],
  ['', '/:id'],
])('%s becomes %s', (path, template) => {
  expect(pathTemplate(path)).toBe(template);
});

test('an id never shows, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (id) => {
      const segment = encodeURIComponent(`marker ${id}`);
      expect(pathTemplate(`/resources/accounts/${segment}?q=${segment}`)).toBe('/resources/accounts/:id');
    }),
  );
});
