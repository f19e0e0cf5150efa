import { expect, test } from 'vitest';
import { ConfigError } from '../../../src/errors/config-error.ts';
import { storageError } from '../../../src/rejected/storage-error.ts';

test.each([
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the disk quota is used up'],
  ['EACCES', 'may not write there'],
  ['EPERM', 'may not write there'],
  ['EROFS', 'mounted read-only'],
  ['ENOTDIR', 'a part of the path is a file'],
  ['EEXIST', 'a part of the path is a file'],
  ['ENOENT', 'has gone'],
  ['ESTALE', 'has gone'],
  ['EIO', 'the disk reports an error'],
  ['EMFILE', 'too many files are open'],
  ['EOTHER', 'make sure that it can be written'],
])('%s: %s', (code, remedy) => {
  const cause = Object.assign(new Error('open /elsewhere'), { code });
  const error = storageError('Rejected records', '/data/rejected', cause);
  expect(error).toBeInstanceOf(ConfigError);
  expect(error.message).toMatch(`Rejected records can't be kept in /data/rejected: `);
  expect(error.message).toContain(`(${code}). `);
  expect(error.message).toContain(remedy);
  expect(error.cause).toBe(cause);
});

test.each([new Error('x'), 'x', undefined])(
  'a failure without a code (%s) names the directory too',
  (cause) => {
    expect(storageError('Rejected records', '/data/rejected', cause).message).toContain(
      'in /data/rejected: it cannot be written. To mend it, make sure',
    );
  },
);
