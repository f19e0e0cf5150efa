import { expect, test } from 'vitest';
import { collidesWithRoute, fitsInPath, isUuid, recordPath } from '../../../../src/vitally/records/paths.ts';

test.each([
  { id: 'a-1', path: '/resources/users/a-1' },
  { id: 'a/b?c#d', path: '/resources/users/a%2Fb%3Fc%23d' },
  { id: 'me+you@x.io', path: '/resources/users/me%2Byou%40x.io' },
  { id: '100%', path: '/resources/users/100%25' },
  { id: 'ü 😀', path: '/resources/users/%C3%BC%20%F0%9F%98%80' },
  { id: '..', path: '/resources/users/..' },
])('$id is one segment: $path', ({ id, path }) => {
  expect(recordPath('/resources/users', id)).toBe(path);
});

test.each([
  { id: 'a', fits: true },
  { id: '...', fits: true },
  { id: '.a', fits: true },
  { id: '', fits: false },
  { id: '.', fits: false },
  { id: '..', fits: false },
])('$id can be addressed by path: $fits', ({ id, fits }) => {
  expect(fitsInPath(id)).toBe(fits);
});

test.each([
  { id: '0b7b41f4-15d2-4c7c-9d3f-2f1c4e6a8b90', uuid: true },
  { id: '0B7B41F4-15D2-4C7C-9D3F-2F1C4E6A8B90', uuid: true },
  { id: '0b7b41f415d24c7c9d3f2f1c4e6a8b90', uuid: false },
  { id: 'x0b7b41f4-15d2-4c7c-9d3f-2f1c4e6a8b90', uuid: false },
  { id: '0b7b41f4-15d2-4c7c-9d3f-2f1c4e6a8b9g', uuid: false },
])('$id is shaped like an id of Vitally’s: $uuid', ({ id, uuid }) => {
  expect(isUuid(id)).toBe(uuid);
});

test.each([
  { id: 'search', collides: true },
  { id: 'Search', collides: true },
  { id: 'research', collides: false },
])('$id is a route: $collides', ({ id, collides }) => {
  expect(collidesWithRoute(id)).toBe(collides);
});
