import { describe, expect, test } from 'vitest';
import type { Config } from '../../../src/config/schema/config.ts';
import { parseStorage, storageSecrets } from '../../../src/config/storage.ts';
import { createFindings } from '../../../src/errors/findings.ts';

const bucket = {
  storage_type: 'S3',
  s3_bucket_name: 'acme-airbyte',
  s3_bucket_region: 'eu-central-1',
} as const;
const keys = { access_key_id: 'AKIA123', secret_access_key: 'hush-hush' };

function parsed(config: Config['object_storage_config'], isShared = false) {
  const findings = createFindings();
  const storage = parseStorage(config, findings, isShared);
  return { storage, faults: findings.faults };
}

test.each([
  { config: { storage_type: 'None' } as const, storage: { type: 'None' } },
  {
    config: { storage_type: 'Local', directory: 'rejected' } as const,
    storage: { type: 'Local', directory: 'rejected' },
  },
  {
    config: bucket,
    storage: {
      type: 'S3',
      bucket: 'acme-airbyte',
      region: 'eu-central-1',
      path: '',
      endpoint: undefined,
      keys: undefined,
      roleArn: undefined,
    },
  },
  {
    config: {
      ...bucket,
      access_key_id: ' AKIA123 ',
      secret_access_key: 'hush-hush',
      role_arn: 'arn:aws:iam::123456789012:role/rejected-records',
      s3_endpoint: 'https://minio.example.com:9000/',
      bucket_path: '/rejected/vitally/',
    },
    storage: {
      type: 'S3',
      bucket: 'acme-airbyte',
      region: 'eu-central-1',
      path: 'rejected/vitally',
      endpoint: 'https://minio.example.com:9000',
      keys: { accessKeyId: 'AKIA123', secretAccessKey: 'hush-hush' },
      roleArn: 'arn:aws:iam::123456789012:role/rejected-records',
    },
  },
  {
    config: {
      ...bucket,
      access_key_id: '',
      secret_access_key: ' ',
      role_arn: '',
      s3_endpoint: '',
      bucket_path: '',
    },
    storage: parsed(bucket).storage,
  },
])('$config', ({ config, storage }) => {
  expect(parsed(config)).toEqual({ storage, faults: [] });
});

describe('a bucket that cannot be meant', () => {
  test.each([
    ['s3_bucket_name', { s3_bucket_name: 's3://acme-airbyte' }],
    ['s3_bucket_name', { s3_bucket_name: 'acme/rejected' }],
    ['s3_bucket_name', { s3_bucket_name: 'Acme' }],
    ['s3_bucket_region', { s3_bucket_region: 'Frankfurt am Main' }],
    ['s3_bucket_region', { s3_bucket_region: 'evil.test/' }],
    ['bucket_path', { bucket_path: 'rejected/../other' }],
    ['bucket_path', { bucket_path: './rejected' }],
    ['bucket_path', { bucket_path: 'rejected//x' }],
    ['bucket_path', { bucket_path: 'a\\..\\b' }],
    ['bucket_path', { bucket_path: 'a\u0000b' }],
    ['bucket_path', { bucket_path: 'x'.repeat(501) }],
    ['role_arn', { role_arn: 'rejected-records' }],
    ['secret_access_key', { access_key_id: 'AKIA123' }],
    ['access_key_id', { secret_access_key: 'hush-hush' }],
    ['s3_endpoint', { s3_endpoint: 'minio.example.com' }],
    ['s3_endpoint', { s3_endpoint: 'http://minio.example.com:9000' }],
    ['s3_endpoint', { s3_endpoint: 'https://169.254.169.254' }],
    ['s3_endpoint', { s3_endpoint: 'https://user:hush@minio.example.com' }],
  ])('%s: %j', (option, given) => {
    expect(parsed({ ...bucket, ...given }).faults).toEqual([
      { path: `/object_storage_config/${option}`, message: expect.not.stringMatching(/hush|Acme|evil/) },
    ]);
  });
});

test('plain http to other machines is taken where it is allowed', () => {
  const config = { ...bucket, s3_endpoint: 'http://minio:9000', allow_insecure_http: true };
  expect(parsed(config)).toMatchObject({ storage: { endpoint: 'http://minio:9000' }, faults: [] });
});

test('on a shared platform keys must be given, and the endpoint must not be in its own networks', () => {
  expect(parsed(bucket, true).faults.map(({ path }) => path)).toEqual([
    '/object_storage_config/access_key_id',
  ]);
  expect(parsed({ ...bucket, ...keys }, true).faults).toEqual([]);
  expect(parsed({ ...bucket, ...keys, s3_endpoint: 'https://10.0.0.1' }, true).faults).toHaveLength(1);
});

test.each([
  [{ ...bucket, ...keys }, ['hush-hush', { whole: 'AKIA123' }]],
  [{ ...bucket, access_key_id: ' ', secret_access_key: 7 }, []],
  [undefined, []],
])('the secrets of %j', (storage, secrets) => {
  expect(storageSecrets(storage)).toEqual(secrets);
});
