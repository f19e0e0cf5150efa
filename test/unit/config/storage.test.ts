import { expect, test } from 'vitest';
import { asksForS3, storageSettings } from '../../../src/config/storage.ts';

test.each([
  { storage: { storage_type: 'S3' }, asks: true },
  { storage: { storage_type: 'Local', directory: 'S3' }, asks: false },
  { storage: 'S3', asks: false },
  { storage: undefined, asks: false },
])('$storage asks for S3: $asks', ({ storage, asks }) => {
  expect(asksForS3(storage)).toBe(asks);
});

test.each([
  { config: { storage_type: 'None' } as const, storage: { type: 'None' } },
  {
    config: { storage_type: 'Local', directory: 'rejected' } as const,
    storage: { type: 'Local', directory: 'rejected' },
  },
])('$config', ({ config, storage }) => {
  expect(storageSettings(config)).toEqual(storage);
});

test('S3 does not come this far', () => {
  expect(() => storageSettings({ storage_type: 'S3' })).toThrow(TypeError);
});
