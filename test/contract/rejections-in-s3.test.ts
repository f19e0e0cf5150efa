import { expect, onTestFinished, test } from 'vitest';
import { catalogOf, configFor, record, state } from '../support/messages.ts';
import { JOB } from '../support/rejected-rows.ts';
import { runCommand, runInProcess } from '../support/run-command.ts';
import { type S3Refusal, type S3Server, startS3 } from '../support/s3-server.ts';
import { openSandbox } from '../support/sandboxes.ts';

const SECRETS = /AKIASECRETID|hush-hush/;
const ROWS = [
  record('accounts', { id: 'a', name: 'One' }),
  record('accounts', { id: null, name: 'Lost' }),
  state('accounts', 1),
  record('accounts', { id: 'b', name: 'Two' }),
  record('accounts', { id: null, name: 'Lost too' }),
  state('accounts', 2),
];

async function bucketThat(refuse?: S3Refusal): Promise<S3Server> {
  const server = await startS3(refuse);
  onTestFinished(() => server.close());
  return server;
}

async function configWith({ url }: S3Server): Promise<object> {
  return configFor(await openSandbox(), {
    outcome_log: 'all',
    object_storage_config: {
      storage_type: 'S3',
      access_key_id: 'AKIASECRETID',
      secret_access_key: 'hush-hush-hush',
      s3_bucket_name: 'acme',
      s3_bucket_region: 'eu-central-1',
      s3_endpoint: url,
      bucket_path: 'kept',
    },
  });
}

/** The lines of a file's parts, in the order of their numbers. */
function linesOf({ objects }: S3Server, file: string): unknown[] {
  const part = new RegExp(`^acme/kept/41/${file}\\.[\\dTZ-]+\\.(\\d+)\\.jsonl$`);
  return [...objects]
    .flatMap(([name, text]) => {
      const [, number] = part.exec(name) ?? [];
      return number === undefined ? [] : [{ number: Number(number), text }];
    })
    .sort((one, other) => one.number - other.number)
    .flatMap(({ text }) => text.trimEnd().split('\n'))
    .map((line): unknown => JSON.parse(line));
}

test('rejected rows and the outcome log are in the bucket before the STATE that covers them leaves', async () => {
  const bucket = await bucketThat();
  const kept: number[] = [];
  const result = await runCommand(['write', '--config', 'config.json', '--catalog', 'catalog.json'], {
    config: await configWith(bucket),
    catalog: catalogOf('accounts'),
    stdin: ROWS,
    env: JOB,
    onMessage({ type }) {
      if (type === 'STATE') kept.push(linesOf(bucket, 'accounts').length);
    },
  });
  expect(result.code).toBe(1);
  expect(kept).toEqual([expect.any(Number), 2]);
  expect(kept[0]).toBeGreaterThanOrEqual(1);
  expect(linesOf(bucket, 'accounts')).toMatchObject([
    { record: { data: { name: 'Lost' } }, rejection: { code: 'missing_key' } },
    { record: { data: { name: 'Lost too' } }, rejection: { code: 'missing_key' } },
  ]);
  expect(linesOf(bucket, 'accounts.outcomes')).toHaveLength(4);
  expect(result.errors[0]?.message).toContain('s3://acme/kept/41');
  expect(JSON.stringify(result.messages)).not.toMatch(SECRETS);
});

test('a bucket that is lost stops the run, and no STATE leaves for rows that were not kept', async () => {
  let puts = 0;
  const bucket = await bucketThat(({ method }) =>
    method === 'PUT' && ++puts > 1 ? { status: 404, code: 'NoSuchBucket' } : undefined,
  );
  const config = await configWith(bucket);
  const result = await runInProcess('write', { config, catalog: catalogOf('accounts'), env: JOB }, ROWS);
  expect(result.code).toBe(1);
  expect(result.errors).toMatchObject([
    { type: 'config_error', message: expect.stringContaining('there is no such bucket (NoSuchBucket)') },
  ]);
  expect(result.messages.filter(({ type }) => type === 'STATE')).toEqual([]);
  expect(JSON.stringify(result.messages)).not.toMatch(SECRETS);
});

test('check proves the bucket and leaves nothing in it', async () => {
  const bucket = await bucketThat();
  const result = await runInProcess('check', { config: await configWith(bucket) });
  expect(result.messages).toMatchObject([{ connectionStatus: { status: 'SUCCEEDED' } }]);
  expect(bucket.requests.map(({ method }) => method)).toEqual(['PUT', 'DELETE']);
  expect(bucket.objects.size).toBe(0);
});

test.each([
  ['PUT', 'InvalidAccessKeyId', 'the keys are refused'],
  ['DELETE', 'AccessDenied', 's3:DeleteObject'],
])('check tells that a %s is refused (%s)', async (refused, code, words) => {
  const bucket = await bucketThat(({ method }) => (method === refused ? { status: 403, code } : undefined));
  const result = await runInProcess('check', { config: await configWith(bucket) });
  expect(result.messages).toMatchObject([
    { connectionStatus: { status: 'FAILED', message: expect.stringContaining(words) } },
  ]);
  expect(JSON.stringify(result.messages)).not.toMatch(SECRETS);
});
